"""Runs whose process was killed: what they measured is kept, and that they crashed is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

from git_registry import codec
from git_registry.catalog.catalog import Catalog, Reach
from git_registry.errors import Conflict, InvalidDocument
from git_registry.model.dates import timestamp
from git_registry.model.documents.record import Value
from git_registry.model.documents.run import RUNNING, History, Run
from git_registry.repository import remote
from git_registry.sdk import measuring, runs
from git_registry.sdk.measuring import Rows
from git_registry.sdk.surface.account import CRASHED
from git_registry.sdk.surface.workspace import Workspace


def settle(workspace: Workspace) -> None:
    """Finish what killed runs left on this machine; what can't be finished now is left for later."""
    repository = workspace.catalog.repository
    for project, run in list(measuring.abandoned(repository)):
        try:
            _settle(workspace, project, run)
        except Conflict:
            continue  # another process was faster, or it is for one that is online
        except Exception as error:  # noqa: BLE001 - what one run left must not keep others from beginning
            workspace.notify(
                f"the run {project}/{run} was killed, and can't be recorded as that yet: {error}"
            )


def _settle(workspace: Workspace, project: str, identifier: str) -> None:
    catalog = workspace.project(project)
    rows = Rows(measuring.file_of(catalog.repository, project, identifier))
    try:
        run = runs.recorded(catalog, identifier) or _recorded_elsewhere(catalog, identifier)
        if run is not None and (run.state == RUNNING or run.history is None):
            ended = _last_word(rows, run) or run
            runs.record(catalog, identifier, _ended(ended, rows, runs.keep(catalog, rows)))
        rows.drop()
    finally:
        rows.close()


def _recorded_elsewhere(catalog: Catalog, identifier: str) -> Run | None:
    """Return what only the remote knows: the push that recorded it arrived after whoever pushed was killed.

    Raises:
        Conflict: the remote is not to be asked now.
        NetworkError: it can't be reached.
    """
    there = remote.destination(catalog.repository, catalog.written_branch())
    if there is None:
        return None
    if catalog.reach is not Reach.PUBLISHED:
        raise Conflict("whether it was recorded is not known here", where=identifier)
    remote.fetch(catalog.repository, there.remote)
    return runs.recorded(catalog, identifier)


def _last_word(rows: Rows, run: Run) -> Run | None:
    """Return what was to be recorded when the run ended, if it came that far."""
    try:
        said = codec.decode(Run, rows.word.read_bytes())
    except (FileNotFoundError, InvalidDocument):
        return None
    return said if said.started == run.started else None


def _ended(run: Run, rows: Rows, history: History | None) -> Run:
    kept = replace(run, history=history)
    if run.state != RUNNING:
        return kept
    summary = dict(run.summary)
    for row in measuring.rows_in(rows.file):
        summary |= {key: value for key, value in row.items() if not key.startswith("_")}
    return replace(kept, state=CRASHED, ended=_last_sign(rows.last), summary=summary)


def _last_sign(row: Mapping[str, Value]) -> str | None:
    """Return when the run was last heard of, or None if nobody knows."""
    at = row.get("_timestamp")
    return timestamp(datetime.fromtimestamp(cast("float", at), UTC)) if isinstance(at, int | float) else None
