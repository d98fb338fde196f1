"""How versions and runs came to where they are: by whose step, and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from git_registry.catalog.catalog import Catalog
from git_registry.index.events.runs import recorded_first
from git_registry.index.events.steps import Step, steps
from git_registry.index.opening import ask
from git_registry.sdk import selecting

if TYPE_CHECKING:
    from git_registry.index.search.row import Row


def arrivals(catalog: Catalog, rows: Iterable[Row]) -> Mapping[int, Step]:
    """Return the steps that linked versions, by the rows' `since`; without those that are not there yet.

    Args:
        catalog: the clone seen from the branch that the versions are on, at the commit they were found at.
        rows: versions that a search found.
    """
    positions = {row.since for row in rows}
    return ask(catalog, lambda moment: steps(moment, positions)) if positions else {}


def recordings(catalog: Catalog, project: str, runs: Collection[str]) -> Mapping[str, Step]:
    """Return the steps that recorded some runs of a project first, by their ids.

    Raises:
        NotFound: there is no such project; the nearest is suggested.
    """
    there = selecting.on_project(catalog, project)
    return ask(there, lambda moment: recorded_first(moment, project, runs)) if runs else {}
