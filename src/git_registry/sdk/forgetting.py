"""Forgetting that a run ever was, or that it made anything."""

from __future__ import annotations

from functools import partial

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.model.documents.run import Run
from git_registry.model.edits import version as versions
from git_registry.model.edits.change import Change, Changes
from git_registry.model.snapshot import Snapshot
from git_registry.sdk import projecting


def forget(catalog: Catalog, project: str, identifier: str) -> Outcome:
    """Remove the document of a run. What it made stays, and says still that the run made it.

    Args:
        catalog: the clone, seen from the project's branch.
        project: whose run it is.
        identifier: the run's id.

    Raises:
        NotFound: there is no such run; the nearest is suggested.
    """
    step = partial(_without, project=project, identifier=identifier)
    return commit(catalog, Transaction(edits=[step], message=f"Forget run {project}/{identifier}"))


def forget_with_versions(catalog: Catalog, project: str, identifier: str) -> Outcome:
    """Remove the document of a run and what it made, in one commit; what another run made, too, stays.

    Args:
        catalog: the clone, seen from the project's branch.
        project: whose run it is.
        identifier: the run's id.

    Raises:
        NotFound: there is no such run; the nearest is suggested.
        InvalidDocument: it can't be told what a run made.
    """
    steps = [
        partial(_without_versions, project=project, identifier=identifier),
        partial(_without, project=project, identifier=identifier),
    ]
    message = f"Forget run {project}/{identifier} and what it made"
    return commit(catalog, Transaction(edits=steps, message=message))


def _without_versions(now: Snapshot, project: str, identifier: str) -> Changes:
    made: set[tuple[str, str]] = set()
    kept: set[tuple[str, str]] = set()
    for run, path, _ in projecting.documents(now, project):
        outputs = now.tree.document(path, Run).outputs
        (made if run == identifier else kept).update((one.artifact, one.version) for one in outputs)
    changes: dict[str, Change] = {}
    for artifact, version in sorted(made - kept):
        collection = f"{project}/{artifact}"
        if now.find(collection, version) is not None:
            changes |= versions.unlink(now, collection, version)
    return changes


def _without(now: Snapshot, project: str, identifier: str) -> Changes:
    return {projecting.run_path(now, project, identifier): None}
