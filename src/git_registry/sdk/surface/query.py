"""A question for registries, collections or versions that hangs on the answer to another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Generic, TypeVar

from git_registry.catalog.catalog import Catalog
from git_registry.errors import InvalidDocument, UsageError
from git_registry.index.search.row import Row, Thing
from git_registry.model import filters
from git_registry.model.filters import Filter
from git_registry.sdk import searching
from git_registry.sdk.searching import FIELDS, Search, read_filter
from git_registry.sdk.surface.workspace import Workspace

T = TypeVar("T")

_MOST_PATTERNS = 200
"""Registries that a search is told by name; where there are more, each is a part of the filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of one kind of thing.

    Attributes:
        kind: registries, collections or versions.
        filter: what they shall pass; None for all.
        order: a field, `-` in front for descending.
        within: the path of a registry or collection that they are in; empty for everywhere.
        under: what they are in has to answer this, too.
    """

    kind: Thing
    filter: Filter | None = None
    order: str = ""
    within: str = ""
    under: Asked | None = None

    @property
    def is_open(self) -> bool:
        """Does it leave nothing out?"""
        return not (self.filter or self.within) and (self.under is None or self.under.is_open)

    @property
    def is_ordered(self) -> bool:
        """Does it, or what it is under, ask for an order?"""
        return bool(self.order) or (self.under is not None and self.under.is_ordered)

    def rows(self, catalog: Catalog, offset: int = 0, limit: int | None = None) -> Sequence[Row]:
        """Return what answers it."""
        if self.under is not None and self.under.is_ordered:
            end = None if limit is None else offset + limit
            return list(self._one_by_one(catalog, self.under))[offset:end]
        within: tuple[str, ...] = (self.within,) if self.within else ()
        asked = self.filter
        if self.under is not None and not self.under.is_open:
            above = [row.path for row in self.under.rows(catalog)]
            if not above:
                return ()
            within, asked = _below(self, above)
        found = searching.search(
            catalog,
            Search(kind=self.kind, filter=asked, order=self.order, within=within, offset=offset, limit=limit),
        )
        return found.rows

    def _one_by_one(self, catalog: Catalog, under: Asked) -> Iterator[Row]:
        alone = replace(self, under=None)
        for above in under.rows(catalog):
            yield from replace(alone, within=above.path).rows(catalog)


def _below(asked: Asked, above: Sequence[str]) -> tuple[tuple[str, ...], Filter | None]:
    """Return patterns and a filter that let pass what is in one of the places above and no other."""
    if asked.kind == "collection" or (len(above) <= _MOST_PATTERNS and "/" not in above[0]):
        return tuple(above), asked.filter
    inside = {
        registry: [path.partition("/")[2] for path in paths]
        for registry, paths in groupby(sorted(above), key=lambda path: path.partition("/")[0])
    }
    either: list[Mapping[str, object]] = [
        {"registry": registry, "collection": {"$in": names}} if names[0] else {"registry": registry}
        for registry, names in inside.items()
    ]
    parts = [read_filter(asked.kind, document={"$or": either})]
    return (), filters.every([*parts, *([asked.filter] if asked.filter else [])])


def asking(
    kind: Thing,
    filter: Mapping[str, object] | None = None,
    order: str | None = None,
    *,
    within: str = "",
    under: Asked | None = None,
) -> Asked:
    """Return a question, read as W&B writes it.

    Raises:
        UsageError: the filter can't be read, names an unknown field, or one by two names; or there is no
            sorting by that.
    """
    if filter is not None:
        _check_named_once(filter, kind)
    if order:
        searching.read_order(order, kind)
    read = read_filter(kind, document=filter) if filter else None
    return Asked(kind=kind, filter=read, order=order or "", within=within, under=under)


def _check_named_once(document: Mapping[str, object], kind: Thing) -> None:
    seen: dict[str, str] = {}
    for name in document:
        if name.startswith("$"):
            continue
        known = FIELDS[kind].find(name).name
        if known in seen:
            raise UsageError(f"{seen[known]!r} and {name!r} are one field", hint="use one of the names")
        seen[known] = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Generic[T]):
    """A question, where to ask it, and what is made of each answer.

    Attributes:
        make: from what the index knows of a thing to what a script is given.
    """

    workspace: Workspace
    asked: Asked
    make: Callable[[Workspace, Row], T] = field(repr=False)

    @property
    def is_ordered_chain(self) -> bool:
        """Do they follow the order of others that they belong to?"""
        return self.asked.under is not None and self.asked.is_ordered

    def tip(self) -> str:
        """Return the commit that is read now; raise as `Workspace.tip` does."""
        return self.workspace.tip()

    def read(self, commit: str, offset: int, limit: int | None) -> Sequence[T | None]:
        """Return some of what answers it at a commit; None for what can't be read, which is told."""
        catalog = self.workspace.catalog
        there = catalog.seen_from(catalog.branch, commit)
        return [self._made(row) for row in self.asked.rows(there, offset, limit)]

    def _made(self, row: Row) -> T | None:
        try:
            return self.make(self.workspace, row)
        except InvalidDocument as unreadable:
            self.workspace.catalog.notify(str(unreadable))
            return None

    def __str__(self) -> str:
        return f"{self.asked.kind}s"
