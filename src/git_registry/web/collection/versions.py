"""Versions of one collection as rows: which of them, in which order, with which metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.model.selector import of_version
from git_registry.sdk.arrivals import arrivals
from git_registry.sdk.searching import Search, search
from git_registry.web.addresses import Address, of
from git_registry.web.aliases import Alias, Protected
from git_registry.web.tables import Cell, Column, cell, column
from git_registry.wording.authors import by

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog
    from git_registry.index.events.steps import Step
    from git_registry.index.search.row import Row
    from git_registry.sdk.searching import Found

_COLUMNS = (
    ("Version", "number", False),
    ("Aliases", "", False),
    ("Tags", "", False),
    ("Size", "size", True),
    ("Created", "created_at", False),
    ("Linked", "linked_at", False),
)
"""Their names, what they are sorted by, and whether they hold numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A collection, or an artifact of a project.

    Attributes:
        asked: the clone, as selectors are asked of it.
        catalog: the same seen from the branch that it is on.
        path: where it is on that branch, `churn/xgb`.
        name: what a person calls it, `projects/churn/xgb`.
        project: whose artifact it is; empty for a collection.
        protected: its protected aliases.
    """

    asked: Catalog
    catalog: Catalog
    path: str
    name: str
    project: str
    protected: Protected

    def search(self, offset: int, limit: int, order: str = "") -> Found:
        """Return some of its versions, what was linked last first unless they are sorted."""
        wanted = Search(within=(self.path,), project=self.project, order=order, offset=offset, limit=limit)
        return search(self.asked, wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One row.

    Attributes:
        name: `v3`, `v3?` while its number may change, `@3fa94c1b` where it has none.
        selector: what names it: `model/churn:v3`.
        linked: the step that brought it; None where that is not known.
    """

    name: str
    number: int | None
    there: Address
    selector: str
    aliases: Sequence[Alias]
    tags: Sequence[str]
    size: int | None
    created: str
    description: str
    linked: Step | None
    by: str
    metrics: Sequence[Cell]
    problem: str


def columns(metrics: Sequence[str], order: str) -> Sequence[Column]:
    """Return the columns of a table of versions."""
    every = (*_COLUMNS, *((name, f"metrics.{name}", True) for name in metrics))
    return [column(name, field, order, is_number=is_number) for name, field, is_number in every]


def rows(found: Sequence[Row], place: Place, metrics: Sequence[str]) -> Sequence[Version]:
    """Return versions as rows, in their order; with these metrics."""
    came = arrivals(place.catalog, found)
    return [_row(row, place, came.get(row.since), metrics) for row in found]


def _row(row: Row, place: Place, linked: Step | None, metrics: Sequence[str]) -> Version:
    facts = row.facts
    return Version(
        name=row.version,
        number=row.number,
        there=address_of(row, place),
        selector=of_version(place.name, row.version.removesuffix("?")),
        aliases=place.protected.of(row.aliases),
        tags=facts.get("tag", ()),
        size=facts.get("size"),
        created=facts.get("created_at", ""),
        description=facts.get("description", ""),
        linked=linked,
        by=by(linked) if linked else "",
        metrics=[cell(facts.get("metrics", {}).get(metric)) for metric in metrics],
        problem=row.problem,
    )


def address_of(row: Row, place: Place) -> Address:
    """Return its page."""
    return of(of_version(place.name, row.version))
