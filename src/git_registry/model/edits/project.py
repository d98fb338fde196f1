"""Beginning a project, recording its runs, and what they log."""

from __future__ import annotations

from git_registry.errors import Conflict
from git_registry.model import layout
from git_registry.model.documents.project import Project
from git_registry.model.documents.run import Run
from git_registry.model.edits.change import Changes
from git_registry.model.equality import same
from git_registry.model.layout import PROJECTS
from git_registry.model.names import NAME, PLACE
from git_registry.model.snapshot import Snapshot


def begin(now: Snapshot, project: str) -> Changes:
    """Begin a project, unless it is there.

    Raises:
        UsageError: it may not be called that.
    """
    PLACE.check(project)
    path = layout.project_path(project)
    return {} if now.entry(path) else {path: Project()}


def describe(now: Snapshot, project: str, description: str | None) -> Changes:
    """Say what a project is for; None or an empty text says nothing."""
    path, changed = layout.project_path(project), Project(description=description or None)
    return {} if same(now.tree.document(path, Project), changed) else {path: changed}


def start(now: Snapshot, project: str, identifier: str, run: Run, seen: Run | None) -> Changes:
    """Record that a run begins; or that it goes on, after the document that was `seen` of it.

    Raises:
        Conflict: there is another document of that run, or none to go on from.
        UsageError: a run may not be called that.
    """
    path = recorded(now, project, identifier)
    there = now.tree.document(path, Run) if path else None
    if not (there is None and seen is None) and not (there and seen and same(there, seen)):
        raise Conflict(
            "there is such a run already" if there else "there is no such run any more",
            where=f"{PROJECTS}{project}/runs/{identifier}",
            hint="look at it, then choose another id, or continue it",
        )
    return record(now, project, identifier, run)


def record(now: Snapshot, project: str, identifier: str, run: Run) -> Changes:
    """Record a run as it is by now, whatever was recorded of it before.

    Raises:
        Conflict: it is another run's id.
        UsageError: a run may not be called that.
    """
    NAME.check(identifier)
    path = recorded(now, project, identifier)
    if path is not None:
        there = now.tree.document(path, Run)
        if there.started != run.started:
            raise Conflict(
                "another run has this id",
                where=f"{PROJECTS}{project}/runs/{identifier}",
                hint="choose another",
            )
        return {} if same(there, run) else {path: run}
    crowded = len(now.tree.entries(f"{project}/runs")) >= layout.SPREAD_FROM
    return {layout.run_path(project, identifier, spread=crowded): run}


def recorded(now: Snapshot, project: str, identifier: str) -> str | None:
    """Return where a run's document is, or None if there is none."""
    return next((path for path in layout.run_places(project, identifier) if now.entry(path)), None)
