"""What a search found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from git_registry.cli.answers.list import print_collections, print_registries
from git_registry.cli.columns import shortened
from git_registry.model.filters.values import MISSING, found
from git_registry.model.layout import PROJECTS
from git_registry.sdk import searching, selecting
from git_registry.sdk.searching import Search
from git_registry.wording.amounts import amount, named_values
from git_registry.wording.sizes import counted, size

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog
    from git_registry.cli.output import Output
    from git_registry.cli.session import Session
    from git_registry.index.search.row import Row, Thing
    from git_registry.model.filters import Filter
    from git_registry.sdk.searching import Found

_AROUND = 30
_WIDEST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person typed.

    Attributes:
        words: to be mentioned.
        kind: registry, collection or version; None to be found out.
        document: a filter, JSON.
        clauses: filters as people write them.
        tags: to be had, all of them.
        aliases: to be had, all of them.
        order: what to sort by.
        limit: how many to print; None for all.
        offset: how many to leave out.
        project: where to look, instead of the registries.
    """

    words: Sequence[str] = ()
    kind: Thing | None = None
    document: str | None = None
    clauses: Sequence[str] = ()
    tags: Sequence[str] = ()
    aliases: Sequence[str] = ()
    order: str | None = None
    limit: int | None = None
    offset: int = 0
    project: str | None = None

    @property
    def narrows(self) -> bool:
        """Is more asked than words?"""
        return self.document is not None or bool(self.clauses or self.tags or self.aliases or self.order)

    def search(self) -> Search:
        """Return what is looked for.

        Raises:
            UsageError: the filter, a clause or the order can't be read.
        """
        kind = self.kind or ("version" if self.narrows else None)
        return Search(
            kind=kind,
            filter=self._filter(kind) if kind else None,
            words=" ".join(self.words),
            order=self.order or "",
            project=(self.project or "").removeprefix(PROJECTS),
            offset=self.offset,
            limit=self.limit,
        )

    def _filter(self, kind: Thing) -> Filter:
        return searching.read_filter(
            kind,
            document=self.document,
            clauses=self.clauses,
            equal={"tag": self.tags, "alias": self.aliases},
        )


def answer(
    session: Session,
    *words: str,
    filter: str | None = None,  # noqa: A002 - as the option is called
    where: str | None = None,
    tag: str | None = None,
    alias: str | None = None,
    order: str | None = None,
) -> None:
    """Answer a search that was typed plainly: no option twice, nothing that would have to be checked."""
    given = {"clauses": where, "tags": tag, "aliases": alias}
    several = {name: (value,) for name, value in given.items() if value is not None}
    search(session, Asked(words=words, document=filter, order=order, **several))  # type: ignore[arg-type]


def search(session: Session, asked: Asked) -> None:
    """Print a row for each thing that was found."""
    wanted = asked.search()
    with session.open() as catalog:
        selecting.registries(catalog).now().organization()
        found, more = _page(catalog, wanted)
        _print(session.output, catalog, wanted, found)
        if not session.output.json:
            _comment(session.output, catalog, wanted, found, more=more)


def _page(catalog: Catalog, wanted: Search) -> tuple[Found, bool]:
    """Return what was found, and whether there is more: one beyond the limit is looked for."""
    if wanted.limit is None:
        return searching.search(catalog, wanted), False
    found = searching.search(catalog, replace(wanted, limit=wanted.limit + 1))
    return replace(found, rows=found.rows[: wanted.limit]), len(found.rows) > wanted.limit


def _print(output: Output, catalog: Catalog, wanted: Search, answered: Found) -> None:
    if output.json:
        output.document(list(_shapes(catalog, answered.rows)))
    elif output.is_terminal and not answered.rows:
        return  # a header over nothing says less than a word
    elif wanted.kind is None:
        output.table(["KIND", "PATH", "MATCH"], (_row(row, answered.words) for row in answered.rows))
    elif wanted.kind == "version":
        _print_versions(output, answered.rows, searching.measures(wanted))
    else:
        table = print_registries if wanted.kind == "registry" else print_collections
        table(output, searching.views(catalog, answered.rows))  # type: ignore[arg-type]  # all of that kind


def _comment(output: Output, catalog: Catalog, wanted: Search, found: Found, *, more: bool) -> None:
    """Say what the rows don't: that there are more, or none, and what may be the reason."""
    if output.is_terminal and more:
        output.note(f"{counted(len(found.rows), 'row')}; there are more")
    elif output.is_terminal and not found.rows:
        output.note("nothing found")
    for doubt in searching.doubts(catalog, wanted, found):
        output.note(doubt)
    if not found.rows and not more and len(wanted.words.split()) == 1:
        selector = searching.named(catalog, wanted.words)
        if selector:
            output.note(f"`git registry show {selector}` shows it")


def _shapes(catalog: Catalog, rows: Sequence[Row]) -> Iterator[Mapping[str, object]]:
    from git_registry.cli import shapes

    shaped: Mapping[Thing, Callable[..., shapes.Shape]] = {
        "registry": shapes.registry,
        "collection": shapes.collection,
        "version": shapes.version,
    }
    for row, view in zip(rows, searching.views(catalog, rows), strict=True):
        yield {"kind": row.kind, **shaped[row.kind](view)}


def _row(row: Row, words: Sequence[str]) -> list[str]:
    return [row.kind, row.selector, f"unreadable: {row.problem}" if row.problem else _match(row, words)]


def _match(row: Row, words: Sequence[str]) -> str:
    """Return the first text that mentions one of the words, and what it is: `title: Who will churn`."""
    texts = {name: _text(row.facts.get(name)) for name in ("title", "description", "tag", "artifact")}
    for name, text in (texts | {"card": row.words.get("card", "")}).items():
        places = [place for place in map(text.casefold().find, words) if place >= 0]
        if places:
            start = max(0, min(places) - _AROUND)
            return f"{name}: {'…' if start else ''}{shortened(' '.join(text[start:].split()), _WIDEST)}"
    return ""


def _text(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value or "")


def _print_versions(output: Output, rows: Sequence[Row], metrics: Sequence[str]) -> None:
    named = metrics if output.is_terminal else ()
    columns = [name.partition(".")[2] for name in named]
    output.table(
        ["VERSION", "ID", "ALIASES", "TAGS", *(columns or ["METRICS"]), "SIZE", "CREATED", "DESCRIPTION"],
        (_version_row(row, named, for_people=output.is_terminal) for row in rows),
    )


def _version_row(row: Row, named: Sequence[str], *, for_people: bool) -> list[str]:
    """Return a row; in a pipe the metrics are one field, whatever was asked."""
    facts = row.facts
    measured = facts.get("metrics", {})
    every = named_values(measured)
    shown = [_measure(facts, name) for name in named]
    bytes_ = facts.get("size")
    return [
        row.selector,
        row.id[:8],
        ", ".join(row.aliases),
        ", ".join(facts.get("tag", ())),
        *(shown or [shortened(every, _AROUND) if for_people else every]),
        "" if bytes_ is None else size(bytes_) if for_people else str(bytes_),
        facts.get("created_at", ""),
        f"unreadable: {row.problem}" if row.problem else facts.get("description", ""),
    ]


def _measure(facts: Mapping[str, Any], name: str) -> str:
    values = [value for value in found(facts, name) if value is not MISSING]
    return ", ".join(map(amount, values))  # type: ignore[arg-type]  # facts hold plain values
