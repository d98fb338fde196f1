"""What is in a project besides its artifacts: what it is for, and its runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from git_registry.catalog import projects as branches
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.past import contents_of
from git_registry.codec.reading import decode
from git_registry.errors import InvalidDocument, NotFound
from git_registry.model import layout
from git_registry.model.dates import parse_date
from git_registry.model.documents.project import Project
from git_registry.model.documents.run import Run
from git_registry.model.edits import project as edits
from git_registry.model.layout import PROJECTS, Kind
from git_registry.model.snapshot import REGULAR, Snapshot
from git_registry.repository import history
from git_registry.sdk import selecting


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectView:
    """A project.

    Attributes:
        name: without `projects/`.
        document: None if it can't be read; `problem` says why.
        artifacts, runs: how many there are.
        changed: when something was last committed to it.
    """

    name: str
    document: Project | None
    artifacts: int
    runs: int
    changed: datetime | None
    problem: str = ""

    @property
    def path(self) -> str:
        """Return the selector of the project, `projects/churn`."""
        return PROJECTS + self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run of a project.

    Attributes:
        id: its file's name.
        document: None if it can't be read; `problem` says why.
    """

    project: str
    id: str
    document: Run | None
    problem: str = ""

    @property
    def path(self) -> str:
        """Return the selector of the run, `projects/churn/runs/k3j2h1`."""
        return f"{PROJECTS}{self.project}/runs/{self.id}"

    @property
    def started(self) -> str:
        """Return when it started; an empty text if its document can't be read."""
        return self.document.started if self.document else ""

    @property
    def seconds(self) -> float | None:
        """Return how long it took; None while it is running, or if nobody knows when it ended."""
        if self.document is None or self.document.ended is None:
            return None
        began, ended = parse_date(self.document.started), parse_date(self.document.ended)
        return (ended - began).total_seconds() if began and ended else None


def projects(catalog: Catalog) -> Sequence[ProjectView]:
    """Return all projects that are here or were fetched, by name; those that were there, in the past."""
    found = []
    for name in branches.projects(catalog.repository):
        try:
            found.append(project(catalog, name))
        except NotFound:
            continue  # it began later, or its branch went this very moment
    return found


def called(catalog: Catalog, text: str) -> Iterator[ProjectView]:
    """Yield the projects in whose names a text occurs, by name; only those that are asked for are read."""
    for name in branches.projects(catalog.repository):
        if text.casefold() in name.casefold():
            try:
                yield project(catalog, name)
            except NotFound:
                continue


def runs_called(catalog: Catalog, text: str) -> Iterator[str]:
    """Yield the selectors of the runs whose ids begin with a text, project by project; none is read."""
    folded = text.casefold()
    for name in branches.projects(catalog.repository):
        try:
            now = selecting.on_project(catalog, name).now()
        except NotFound:
            continue
        for run in sorted(run for run, _, _ in documents(now, name) if run.casefold().startswith(folded)):
            yield f"{PROJECTS}{name}/runs/{run}"


def project(catalog: Catalog, name: str) -> ProjectView:
    """Return one project.

    Raises:
        NotFound: it isn't here; the nearest is suggested.
    """
    there = selecting.on_project(catalog, name)
    now, document, problem = there.now(), None, ""
    try:
        document = now.tree.document(layout.project_path(name), Project)
    except (InvalidDocument, NotFound) as unreadable:
        problem = str(unreadable)
    return ProjectView(
        name=name,
        document=document,
        artifacts=sum(1 for _ in now.collections(name)),
        runs=sum(1 for _ in documents(now, name)),
        changed=_changed(there),
        problem=problem,
    )


def _changed(there: Catalog) -> datetime | None:
    tip = there.tip()
    return history.committed(there.reader, tip) if tip else None


def runs(catalog: Catalog, name: str) -> Sequence[RunView]:
    """Return a project's runs, the last started first. All are read at one go.

    Raises:
        NotFound: there is no such project; the nearest is suggested.
    """
    there = selecting.on_project(catalog, name)
    views = catalog.remembered(_Known).read(there, name)
    return sorted(views, key=lambda view: (view.started, view.id), reverse=True)


_MANY = 10_000
"""If more are remembered, they are those of the project that was asked about last."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Runs that were read, by path and blob: the same are asked for again and again, few of them change."""

    views: dict[tuple[str, str], RunView] = field(default_factory=dict)

    def read(self, there: Catalog, name: str) -> Sequence[RunView]:
        """Return a project's runs; only what is new is read."""
        found = list(documents(there.now(), name))
        lacking = dict.fromkeys(blob for _, path, blob in found if (path, blob) not in self.views)
        read = dict(contents_of(there)(list(lacking))) if lacking else {}
        views = {
            (path, blob): self.views.get((path, blob)) or _view(name, run, path, read.get(blob))
            for run, path, blob in found
        }
        if len(self.views) + len(lacking) > _MANY:
            self.views.clear()
        # What can't be read today may be here tomorrow.
        self.views.update((which, view) for which, view in views.items() if view.document)
        return list(views.values())


def run(catalog: Catalog, name: str, identifier: str) -> RunView:
    """Return one run of a project.

    Raises:
        NotFound: there is no such project or run; the nearest is suggested.
    """
    there = selecting.on_project(catalog, name)
    now = there.now()
    path = run_path(now, name, identifier)
    try:
        return RunView(project=name, id=identifier, document=now.tree.document(path, Run))
    except InvalidDocument as unreadable:
        return RunView(project=name, id=identifier, document=None, problem=str(unreadable))


def run_path(now: Snapshot, name: str, identifier: str) -> str:
    """Return where the document of a run of a project is.

    Raises:
        NotFound: there is no such run; the nearest is suggested.
    """
    path = edits.recorded(now, name, identifier)
    if path is None:
        raise NotFound(
            f"there is no run {identifier!r}",
            where=PROJECTS + name,
            hint=selecting.nearest(identifier, [run for run, _, _ in documents(now, name)])
            or f"`git registry list {PROJECTS}{name}/runs` shows what is there",
        )
    return path


def documents(now: Snapshot, name: str) -> Iterator[tuple[str, str, str]]:
    """Yield the id of each run of a project, and path and blob of its document."""
    top = f"{name}/runs"
    spread = [f"{top}/{below}" for below, entry in now.tree.entries(top).items() if entry.is_directory]
    for directory in (top, *spread):
        for file, entry in now.tree.entries(directory).items():
            path = f"{directory}/{file}"
            what = layout.identify(path)
            if what.kind is Kind.RUN and entry.mode == REGULAR:
                yield what.name, path, entry.id


def _view(name: str, identifier: str, path: str, data: bytes | None) -> RunView:
    if data is None:
        return RunView(project=name, id=identifier, document=None, problem=f"{path}: it can't be read")
    try:
        return RunView(project=name, id=identifier, document=decode(Run, data, where=path))
    except InvalidDocument as unreadable:
        return RunView(project=name, id=identifier, document=None, problem=str(unreadable))
