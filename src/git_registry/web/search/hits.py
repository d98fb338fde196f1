"""What a search found, as pages tell it: a name, a link, and the text that mentions what was looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from git_registry.web.addresses import Address, of
from git_registry.web.shortening import shortened
from git_registry.web.tables import brief

if TYPE_CHECKING:
    from git_registry.index.search.row import Row
    from git_registry.model.documents.record import Number
    from git_registry.sdk.projecting import ProjectView

_AROUND, _READ, _TITLED = 40, 640, 120
"""Letters before what was looked for, letters of a card that are looked at, and those of a title."""

_MARKS = re.compile(r"[`*#|>_\s]+|-{3,}")
"""What a card says with marks, and a line of text without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A registry, a collection, a version, a project or a run that was found.

    Attributes:
        name: what a person calls it, `model/churn:v3`.
        there: its page; None if that is in another repository.
        title: what its document calls it; empty if that is nothing else.
        text: where it mentions what was looked for, or its description.
        aliases: those of a version.
        created: when a version was made, as its manifest has it.
        metrics: what was measured of a version.
        problem: why it can't be read.
    """

    kind: str
    name: str
    there: Address | None
    title: str = ""
    type: str = ""
    text: str = ""
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    created: str = ""
    size: int | None = None
    metrics: Mapping[str, Number] = field(default_factory=dict)
    problem: str = ""

    def measured(self, names: Sequence[str]) -> list[str]:
        """Return what was measured of a version, by these names; an empty text for what was not."""
        return [brief(self.metrics[name]) if name in self.metrics else "" for name in names]


def hits(rows: Sequence[Row], words: Sequence[str] = ()) -> Iterator[Hit]:
    """Yield what was found, in its order.

    Args:
        rows: what was found.
        words: what each of them mentions, without its case.
    """
    return (_hit(row, words) for row in rows)


def _hit(row: Row, words: Sequence[str]) -> Hit:
    facts = row.facts
    return Hit(
        kind=row.kind,
        name=row.selector,
        there=of(row.selector),
        title=shortened(facts.get("title", ""), _TITLED),
        type=_joined(facts.get("type")),
        text=excerpt(row, words),
        tags=tuple(facts.get("tag", ())),
        aliases=row.aliases,
        created=facts.get("created_at", "") if row.kind == "version" else "",
        size=facts.get("size"),
        metrics=facts.get("metrics", {}),
        problem=row.problem,
    )


def project_hit(view: ProjectView) -> Hit:
    """Return a project as one that was found."""
    text = shortened((view.document and view.document.description) or "")
    return Hit(kind="project", name=view.path, there=of(view.path), text=text, problem=view.problem)


def excerpt(row: Row, words: Sequence[str]) -> str:
    """Return the description; of a card that alone mentions the words, where it does."""
    description = _joined(row.facts.get("description"))
    told = (row.path, description, *(_joined(row.facts.get(name)) for name in ("title", "tag", "artifact")))
    card = row.words.get("card", "")
    places = [place for place in map(card.find, words) if place >= 0]
    if not places or any(word in text.casefold() for word in words for text in told):
        return shortened(description)
    start = max(0, min(places) - _AROUND)
    return f"Card: {'…' if start else ''}{shortened(_MARKS.sub(' ', card[start:][:_READ]))}"


def _joined(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value or "")
