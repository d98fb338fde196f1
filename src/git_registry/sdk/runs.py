"""Runs in a project: recorded when they start and when they end, and what they measured on the way."""

from __future__ import annotations

from functools import partial

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import NotFound
from git_registry.model.documents.run import History, Run
from git_registry.model.edits import project as edits
from git_registry.model.snapshot import Snapshot
from git_registry.sdk.blobs import blobs
from git_registry.sdk.measuring import Rows
from git_registry.store.sources import Source


def record(catalog: Catalog, identifier: str, run: Run) -> Outcome:
    """Record a run as it is by now; its project begins with it if need be.

    Args:
        catalog: the clone, seen from the project's branch.
        identifier: the run's id.
        run: what is to be said of it.

    Raises:
        UsageError: project or run may not be called that.
        Refused: the remote does not take it.
    """
    project = catalog.project
    assert project is not None, "a run is recorded in a project"
    return commit(
        catalog,
        Transaction(
            edits=[
                partial(edits.begin, project=project),
                partial(edits.record, project=project, identifier=identifier, run=run),
            ],
            message=f"Run {project}/{identifier} is {run.state}",
        ),
    )


def recorded(catalog: Catalog, identifier: str) -> Run | None:
    """Return a run's document, or None if there is none."""
    tip = catalog.tip()
    if tip is None or catalog.project is None:
        return None
    now = Snapshot(catalog.tree(tip))
    path = edits.recorded(now, catalog.project, identifier)
    return now.tree.document(path, Run) if path else None


def require(catalog: Catalog, identifier: str) -> Run:
    """Return a run's document.

    Raises:
        NotFound: there is no such run.
    """
    found = recorded(catalog, identifier)
    if found is None:
        raise NotFound(
            f"there is no run {identifier!r}",
            where=f"projects/{catalog.project}",
            hint=f"`git registry list projects/{catalog.project}` shows its runs",
        )
    return found


def keep(catalog: Catalog, rows: Rows) -> History | None:
    """Put what a run measured into the store, and return where it is; None if it measured nothing.

    Raises:
        StoreError: the store can't be reached.
    """
    if not rows.count:
        return None
    stored = blobs(catalog).store.upload([Source(path=rows.file.name, local=rows.file)])[0]
    return History(uri=stored.uri, digest=stored.digest, rows=rows.count)
