"""Saying of a run later that it used a version, or made one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.model.documents.manifest import Input
from git_registry.model.documents.run import Made, Run
from git_registry.model.edits import project as edits
from git_registry.model.edits.change import Changes
from git_registry.model.snapshot import Snapshot
from git_registry.sdk.projecting import run_path


def attribute_input(catalog: Catalog, project: str, identifier: str, used: Input) -> Outcome:
    """Record that a run used a version; what is recorded already stays as it is.

    Args:
        catalog: the clone, seen from the project's branch.
        project: whose run it is.
        identifier: the run's id.
        used: the version.

    Raises:
        NotFound: there is no such run.
    """

    def more(run: Run) -> Run:
        return run if used in run.inputs else replace(run, inputs=(*run.inputs, used))

    return _attribute(catalog, project, identifier, more, f"Run {project}/{identifier} used a version")


def attribute_output(catalog: Catalog, project: str, identifier: str, made: Made) -> Outcome:
    """Record that a run made a version of its project. See `attribute_input`."""

    def more(run: Run) -> Run:
        return run if made in run.outputs else replace(run, outputs=(*run.outputs, made))

    return _attribute(catalog, project, identifier, more, f"Run {project}/{identifier} made a version")


def _attribute(
    catalog: Catalog, project: str, identifier: str, more: Callable[[Run], Run], message: str
) -> Outcome:
    step = partial(_with, project=project, identifier=identifier, more=more)
    return commit(catalog, Transaction(edits=[step], message=message))


def _with(now: Snapshot, project: str, identifier: str, more: Callable[[Run], Run]) -> Changes:
    run = now.tree.document(run_path(now, project, identifier), Run)
    return edits.record(now, project, identifier, more(run))
