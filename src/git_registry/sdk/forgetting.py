"""Forgetting that a run ever was."""

from __future__ import annotations

from functools import partial

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import NotFound
from git_registry.model.edits import project as edits
from git_registry.model.edits.change import Changes
from git_registry.model.layout import PROJECTS
from git_registry.model.snapshot import Snapshot


def forget(catalog: Catalog, project: str, identifier: str) -> Outcome:
    """Remove the document of a run. What it made stays, and says still that the run made it.

    Args:
        catalog: the clone, seen from the project's branch.
        project: whose run it is.
        identifier: the run's id.

    Raises:
        NotFound: there is no such run.
    """
    step = partial(_without, project=project, identifier=identifier)
    return commit(catalog, Transaction(edits=[step], message=f"Forget run {project}/{identifier}"))


def _without(now: Snapshot, project: str, identifier: str) -> Changes:
    path = edits.recorded(now, project, identifier)
    if path is None:
        raise NotFound(f"there is no run {identifier!r}", where=f"{PROJECTS}{project}")
    return {path: None}
