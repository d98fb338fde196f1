"""Beginning a project, recording its runs, and what they log."""

from __future__ import annotations

from git_registry.model import layout
from git_registry.model.documents.project import Project
from git_registry.model.documents.run import Run
from git_registry.model.edits.change import Changes
from git_registry.model.equality import same
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


def record(now: Snapshot, project: str, identifier: str, run: Run) -> Changes:
    """Record a run as it is by now, whatever was recorded of it before.

    Raises:
        UsageError: a run may not be called that.
    """
    NAME.check(identifier)
    path = recorded(now, project, identifier)
    if path is not None:
        return {} if same(now.tree.document(path, Run), run) else {path: run}
    crowded = len(now.tree.entries(f"{project}/runs")) >= layout.SPREAD_FROM
    return {layout.run_path(project, identifier, spread=crowded): run}


def recorded(now: Snapshot, project: str, identifier: str) -> str | None:
    """Return where a run's document is, or None if there is none."""
    return next((path for path in layout.run_places(project, identifier) if now.entry(path)), None)
