"""Projects: what is in one, and what its runs did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from git_registry.cli import shapes
from git_registry.cli.answers.list import described, print_collections, print_versions
from git_registry.cli.answers.show import Fields, print_with_card, record, some, values
from git_registry.errors import UsageError
from git_registry.index.numbers import at_hand
from git_registry.model.dates import typed
from git_registry.model.layout import PROJECTS
from git_registry.sdk import listing, projecting, selecting
from git_registry.sdk.projecting import ProjectView, RunView
from git_registry.wording.amounts import amount, named_values
from git_registry.wording.durations import duration
from git_registry.wording.metrics import metric_columns, summarized
from git_registry.wording.naming import input_named, made

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog
    from git_registry.cli.output import Output
    from git_registry.cli.session import Session
    from git_registry.index.numbers import Numbers
    from git_registry.model.documents.run import Run

_ALL = PROJECTS.rstrip("/")


def list_(session: Session, catalog: Catalog, selector: str) -> None:
    """Print a row for each project, for each artifact and run of one, or for each version of an artifact."""
    if selector == _ALL:
        _print_projects(session.output, projecting.projects(catalog))
        return
    name, _, below = selector.removeprefix(PROJECTS).partition("/")
    if below == "runs":
        _print_runs(session.output, catalog, projecting.runs(catalog, name))
        return
    if below.startswith("runs/"):
        raise UsageError(f"{selector} is one run", hint=f"`git registry show {selector}`")
    there, chosen = selecting.place(catalog, selector)
    if chosen.names_version:
        raise UsageError(f"{selector} is one version", hint=f"`git registry show {selector}`")
    if chosen.collection is None:
        _print_contents(session.output, catalog, name)
    else:
        print_versions(session.output, listing.listed(there, chosen))


def _print_projects(output: Output, found: Sequence[ProjectView]) -> None:
    if output.json:
        output.document([shapes.project(view) for view in found])
        return
    output.table(
        ["PROJECT", "ARTIFACTS", "RUNS", "CHANGED", "DESCRIPTION"],
        (
            [
                view.path,
                str(view.artifacts),
                str(view.runs),
                typed(view.changed) if view.changed else "",
                described(view.problem, view.document.description if view.document else None),
            ]
            for view in found
        ),
    )


def _print_contents(output: Output, catalog: Catalog, name: str) -> None:
    """Print the artifacts, then the runs; as JSON they are one array, and each has its path."""
    artifacts, runs = listing.collections(catalog, PROJECTS + name), projecting.runs(catalog, name)
    if output.json:
        known = _known(catalog, runs)
        found = [shapes.collection(view) for view in artifacts]
        output.document([*found, *(shapes.run(view, known) for view in runs)])
        return
    if artifacts or not (runs and output.is_terminal):
        print_collections(output, artifacts)
    if runs:
        if artifacts and output.is_terminal:
            output.line()
        _print_runs(output, catalog, runs)


def _print_runs(output: Output, catalog: Catalog, found: Sequence[RunView]) -> None:
    if output.json:
        known = _known(catalog, found)
        output.document([shapes.run(view, known) for view in found])
        return
    metrics = metric_columns(map(summarized, found)) if output.is_terminal else []
    output.table(
        ["RUN", "NAME", "STATE", "JOB TYPE", "STARTED", "DURATION", *(metrics or ["SUMMARY"]), "NOTES"],
        (_run_row(view, metrics, for_people=output.is_terminal) for view in found),
    )


def _run_row(view: RunView, metrics: Sequence[str], *, for_people: bool) -> list[str]:
    """Return a row; in a pipe the run is named by its path, and all it measured is one field."""
    run, measured = view.document, summarized(view)
    shown = [amount(measured[name]) if name in measured else "" for name in metrics]
    took = "" if view.seconds is None else duration(view.seconds) if for_people else f"{view.seconds:.10g}"
    return [
        view.id if for_people else view.path,
        (run and run.name) or "",
        run.state if run else "",
        (run and run.job_type) or "",
        view.started,
        took,
        *(shown or [named_values(measured)]),
        described(view.problem, run.notes if run else None),
    ]


def _known(catalog: Catalog, runs: Sequence[RunView]) -> Numbers:
    """Return the numbers of what runs of one project made, looked up in one question."""
    if not runs:
        return at_hand(catalog)
    known = at_hand(selecting.on_project(catalog, runs[0].project))
    known.learn(
        (f"{view.project}/{one.artifact}", one.version)
        for view in runs
        if view.document
        for one in view.document.outputs
    )
    return known


def show(session: Session, catalog: Catalog, view: ProjectView | RunView) -> None:
    """Print everything about a project or a run."""
    if isinstance(view, ProjectView):
        card = listing.card(catalog, view.path)
        print_with_card(session, shapes.project(view), _project_fields(view), card)
    elif session.output.json:
        session.output.document(shapes.run(view, _known(catalog, [view])))
    else:
        session.output.fields(_run_fields(catalog, view))


def _project_fields(view: ProjectView) -> Fields:
    yield "project", view.path
    if view.document:
        yield from some(description=view.document.description)
        yield from values("", view.document.extra)
    yield "artifacts", str(view.artifacts)
    yield "runs", str(view.runs)
    yield from some(changed=typed(view.changed) if view.changed else "", unreadable=view.problem)


def _run_fields(catalog: Catalog, view: RunView) -> Fields:
    yield "run", view.path
    yield from some(unreadable=view.problem)
    run = view.document
    if run is None:
        return
    yield from some(name=run.name, job_type=run.job_type, group=run.group)
    yield "state", run.state
    yield "started", run.started
    yield from some(ended=run.ended)
    if view.seconds is not None:
        yield "duration", duration(view.seconds)
    yield from some(tags=", ".join(run.tags), notes=run.notes)
    yield from values("config.", run.config)
    yield from values("summary.", run.summary)
    yield from record("code", run.code)
    yield from _used_and_made(catalog, view, run)
    if run.history:
        yield "history", f"{run.history.rows} rows {run.history.digest} {run.history.uri}"
    yield from values("", run.extra)


def _used_and_made(catalog: Catalog, view: RunView, run: Run) -> Fields:
    if run.inputs:
        used = at_hand(catalog.registries())
        yield from (("input", input_named(one, used)) for one in run.inputs)
    if run.outputs:
        known = _known(catalog, [view])
        yield from (("output", made(one, view.project, known)) for one in run.outputs)
