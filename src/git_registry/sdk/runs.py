"""Runs in a project: recorded when they start and when they end, and what they measured on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from git_registry import codec
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import InvalidDocument
from git_registry.model.documents.record import Value
from git_registry.model.documents.run import History, Run
from git_registry.model.edits import project as edits
from git_registry.model.edits.change import Changes, Edit
from git_registry.model.snapshot import Snapshot
from git_registry.sdk.blobs import blobs
from git_registry.sdk.measuring import Rows
from git_registry.sdk.projecting import run_path
from git_registry.store.sources import Source


def begin(catalog: Catalog, identifier: str, run: Run, seen: Run | None) -> Outcome:
    """Record that a run begins, or goes on; its project begins with it if need be.

    Args:
        catalog: the clone, seen from the project's branch.
        identifier: the run's id.
        run: what is to be said of it.
        seen: the document that it continues; None if there is to be none of that id.

    Raises:
        Conflict: there is another run of that id.
        UsageError: project or run may not be called that.
        Refused: the remote does not take it.
    """
    fits, _ = fitting(run)
    step = partial(edits.start, identifier=identifier, run=fits, seen=seen)
    return _recording(catalog, step, identifier, fits)


def record(catalog: Catalog, identifier: str, run: Run) -> Outcome:
    """Record a run as it is by now. What does not fit into a document is left out, and told.

    Raises:
        Conflict: another run took the id meanwhile.
        Refused: the remote does not take it.
    """
    fits, left_out = fitting(run)
    if left_out:
        missing = ", ".join(left_out)
        catalog.notify(f"the run {catalog.project}/{identifier}: its document has no room for {missing}")
    return _recording(catalog, partial(edits.record, identifier=identifier, run=fits), identifier, fits)


def _recording(catalog: Catalog, edit: Callable[..., Changes], identifier: str, run: Run) -> Outcome:
    project = catalog.project
    assert project is not None, "a run is recorded in a project"
    steps: list[Edit] = [partial(edits.begin, project=project), partial(edit, project=project)]
    return commit(catalog, Transaction(edits=steps, message=f"Run {project}/{identifier} is {run.state}"))


def fitting(run: Run) -> tuple[Run, tuple[str, ...]]:
    """Return a run as one document can say it, and what had to be left out for that.

    A run of a month may have measured more than fits. It is better recorded in part than not at all.
    """
    left_out = []
    for what, reduced in _REDUCTIONS:
        if _fits(run):
            break
        fewer = reduced(run)
        if fewer != run:
            left_out.append(what)
        run = fewer
    return run, tuple(left_out)


def _fits(run: Run) -> bool:
    try:
        codec.decode(Run, codec.encode(run), strict=True)
    except InvalidDocument:
        return False
    return True


_LONGEST = 1_000
_MOST = 1_000


def _short(values: Mapping[str, Value]) -> dict[str, Value]:
    return {key: one for key, one in values.items() if len(str(one)) <= _LONGEST}


def _first(values: Mapping[str, Value]) -> dict[str, Value]:
    plain = {key: one for key, one in values.items() if isinstance(one, int | float)}
    return dict(list(plain.items())[:_MOST])


_REDUCTIONS: tuple[tuple[str, Callable[[Run], Run]], ...] = (
    ("long values of its summary", lambda run: replace(run, summary=_short(run.summary))),
    ("long values of its config", lambda run: replace(run, config=_short(run.config))),
    (f"metrics after the first {_MOST:,}", lambda run: replace(run, summary=_first(run.summary))),
    (f"outputs but the last {_MOST:,}", lambda run: replace(run, outputs=run.outputs[-_MOST:])),
    (f"inputs but the last {_MOST:,}", lambda run: replace(run, inputs=run.inputs[-_MOST:])),
    ("its config", lambda run: replace(run, config={})),
    ("its summary", lambda run: replace(run, summary={})),
    ("its notes, name and arguments", lambda run: replace(run, notes=None, name=None, code=None)),
)
"""What is done without, the least important first."""


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
        NotFound: there is no such run; the nearest is suggested.
    """
    project = catalog.project
    assert project is not None, "a run is recorded in a project"
    now = Snapshot(catalog.tree(catalog.tip()))
    return now.tree.document(run_path(now, project, identifier), Run)


def keep(catalog: Catalog, rows: Rows) -> History | None:
    """Put what a run measured into the store, and return where it is; None if it measured nothing.

    Raises:
        StoreError: the store can't be reached.
    """
    if not rows.count:
        return None
    stored = blobs(catalog).store.upload([Source(path=rows.file.name, local=rows.file)])[0]
    return History(uri=stored.uri, digest=stored.digest, rows=rows.count)
