"""One thing that a search looks at, and may find."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from git_registry.index.batches import asked
from git_registry.index.moment import Moment
from git_registry.model.dates import timestamp
from git_registry.model.selector import of_version

Thing: TypeAlias = Literal["registry", "collection", "version"]
THINGS: tuple[Thing, ...] = ("registry", "collection", "version")


@dataclass(slots=True, kw_only=True)
class Row:
    """A registry, a collection or a version, with as many of its facts as were asked for so far.

    It is filled part by part: most candidates are refused by the first.

    Attributes:
        kind: what it is.
        path: the registry's or collection's.
        id: a version's.
        facts: by the names that filters have for them.
        words: the texts that are searched for words, without their case, by where they stand.
        number: a version's; None until it was asked for.
        provisional: may the number still change?
        aliases: those stored, sorted.
        problem: why its document, or its notes, can't be read.
        place: the number of the path in the tables.
        since: the step since which its file stands where it does.
        blob: its file.
        mode: the file's mode.
        notes: the blob of the notes beside it; empty if there are none to be read.
        spread: does the file lie in `versions/<first two>/`?
    """

    kind: Thing
    path: str
    id: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    number: int | None = None
    provisional: bool = False
    aliases: tuple[str, ...] = ()
    problem: str = ""
    place: int
    since: int
    blob: str
    mode: int
    notes: str = ""
    spread: bool = False

    @property
    def version(self) -> str:
        """Return how a version is shown: `v3`, `v3?`, or `@3fa94c1b` where it has no number."""
        return (
            f"@{self.id[:8]}" if self.number is None else f"v{self.number}{'?' if self.provisional else ''}"
        )

    @property
    def selector(self) -> str:
        """Return what names it: its path, and a version by how it is shown there."""
        return of_version(self.path, self.version) if self.kind == "version" else self.path


def filled(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts without those that say nothing: an empty one is as good as none."""
    return {name: value for name, value in facts.items() if value not in (None, (), [], {}, "")}


def instants(moment: Moment, positions: Collection[int]) -> dict[int, str]:
    """Return the committer dates of steps as documents write them."""
    line = moment.line
    steps = "SELECT position, committed FROM {}.step WHERE chain = ? AND position IN ({{names}})"
    held = [position for position in positions if position <= line.position]
    found = [*asked(moment, steps.format("main"), held, line.on.id)]
    if len(held) < len(positions):
        found += asked(moment, steps.format("temp"), set(positions).difference(held), line.on.id)
    return {position: timestamp(datetime.fromtimestamp(seconds, UTC)) for position, seconds in found}
