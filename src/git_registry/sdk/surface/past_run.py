"""A run as it was recorded, read from anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from git_registry.catalog.catalog import Catalog
from git_registry.errors import InvalidDocument, UsageError
from git_registry.model.documents.manifest import Input
from git_registry.model.documents.run import Made, Run
from git_registry.model.edits.version import Addition
from git_registry.model.layout import PROJECTS
from git_registry.sdk import aliasing, attributing, curves, forgetting, inputs, noting, projecting, selecting
from git_registry.sdk.surface.artifact import Artifact
from git_registry.sdk.surface.frames import framed
from git_registry.sdk.surface.listed import listed
from git_registry.sdk.surface.standing import Standing
from git_registry.sdk.surface.workspace import Workspace

_STREAMS = ("default", "system")
"""What W&B keeps apart: what a run logs, and what its machine is seen to do."""


class PastRun:
    """A run that somebody recorded; it may still be under way. What of it can change, the run itself says.

    Args:
        workspace: the organization.
        project: where it was logged.
        id: its id.
        document: what was recorded, if that was read already.

    Raises:
        NotFound: there is no such project or run; the nearest is suggested.
        InvalidDocument: what was recorded can't be read.
    """

    def __init__(self, workspace: Workspace, project: str, id: str, document: Run | None = None) -> None:
        self._workspace = workspace
        self._project = project
        self._id = id
        self._document = document or self._read()

    def _read(self) -> Run:
        view = projecting.run(self._workspace.catalog, self._project, self._id)
        if view.document is None:
            raise InvalidDocument(view.problem, where=view.path)
        return view.document

    def load(self) -> None:
        """Read it again."""
        self._document = self._read()

    @property
    def id(self) -> str:
        """Return its id."""
        return self._id

    @property
    def project(self) -> str:
        """Return the project it is in."""
        return self._project

    @property
    def entity(self) -> str:
        """Return the organization's name."""
        return self._workspace.organization

    @property
    def path(self) -> list[str]:
        """Return entity, project and id, as W&B does."""
        return [self.entity, self._project, self._id]

    @property
    def url(self) -> str:
        """Return where its document is: in which repository, on which branch, in which file."""
        return self._workspace.url_of_run(self._project, self._id)

    @property
    def name(self) -> str:
        """Return what people call it; its id if it has no name."""
        return self._document.name or self._id

    @property
    def display_name(self) -> str:
        """Return the same, W&B's other word for it."""
        return self.name

    @property
    def state(self) -> str:
        """Return running, finished, failed or crashed."""
        return self._document.state

    @property
    def job_type(self) -> str | None:
        """Return what kind of work it did."""
        return self._document.job_type

    @property
    def group(self) -> str | None:
        """Return what it belonged to."""
        return self._document.group

    @property
    def tags(self) -> list[str]:
        """Return its tags."""
        return list(self._document.tags)

    @property
    def notes(self) -> str | None:
        """Return what somebody noted about it."""
        return self._document.notes

    @property
    def config(self) -> Mapping[str, Any]:
        """Return what it was told to do."""
        return dict(self._document.config)

    @property
    def summary(self) -> Mapping[str, Any]:
        """Return what it measured last."""
        return dict(self._document.summary)

    @property
    def summary_metrics(self) -> Mapping[str, Any]:
        """Return the same, W&B's other word for it."""
        return self.summary

    @property
    def created_at(self) -> str:
        """Return when it started: UTC, ISO 8601."""
        return self._document.started

    @property
    def ended_at(self) -> str | None:
        """Return when it ended; None while it runs, or if nobody knows."""
        return self._document.ended

    @property
    def commit(self) -> str | None:
        """Return the commit of its code, if that is known."""
        return self._document.code.commit if self._document.code else None

    @property
    def last_history_step(self) -> int:
        """Return the step of the last row of its history, -1 if there is none."""
        rows = list(self.scan_history())
        return int(rows[-1].get("_step", len(rows) - 1)) if rows else -1

    def logged_artifacts(self, per_page: int = 100) -> list[Artifact]:  # noqa: ARG002 - as W&B has it
        """Return the versions it made."""
        return [
            self._artifact(f"{PROJECTS}{self._project}/{made.artifact}", made.version)
            for made in self._document.outputs
        ]

    def used_artifacts(self, per_page: int = 100) -> list[Artifact]:  # noqa: ARG002 - as W&B has it
        """Return the versions it used; data that no version holds, and other organizations', is left out."""
        return [
            self._artifact(_place(one), one.version)
            for one in self._document.inputs
            if one.version is not None and one.repository in (None, self.entity)
        ]

    def use_artifact(self, artifact: Artifact, use_as: str | None = None) -> Artifact:
        """Record that it used a version; return that.

        Args:
            artifact: the version; one that was logged.
            use_as: what it was to this run: `train`.

        Raises:
            ArtifactNotLoggedError: it is a draft.
            NotFound: the run is gone.
        """
        standing = artifact.standing
        place = selecting.place(self._workspace.catalog, standing.selector)
        used = inputs.input_of(place, standing.resolve().found, used_as=use_as or artifact.use_as)
        attributing.attribute_input(self._branch(), self._project, self._id, used)
        self.load()
        return artifact

    def log_artifact(
        self,
        artifact: Artifact,
        aliases: str | Sequence[str] | None = None,
        tags: str | Sequence[str] | None = None,
    ) -> Artifact:
        """Record that it made a version of its project; return that.

        Args:
            artifact: the version; one that was logged.
            aliases: names to point at it besides.
            tags: labels to add to it.

        Raises:
            ArtifactNotLoggedError: it is a draft.
            NotFound: the run is gone.
            UsageError: it is of another project.
        """
        place, _, name = artifact.standing.path.rpartition("/")
        if place != f"{PROJECTS}{self._project}":
            raise UsageError("A run can't log an artifact to a different project.", where=artifact.name)
        made = Made(artifact=name, version=artifact.standing.id)
        attributing.attribute_output(self._branch(), self._project, self._id, made)
        if aliases:
            aliasing.add(self._workspace.catalog, artifact.standing.selector, listed(aliases))
        if tags:
            noting.annotate(
                self._workspace.catalog, [artifact.standing.selector], Addition(tags=tuple(listed(tags)))
            )
        self.load()
        return self._artifact(artifact.standing.path, artifact.standing.id)

    def _branch(self) -> Catalog:
        return self._workspace.project(self._project)

    def _artifact(self, path: str, version: str) -> Artifact:
        return Artifact.at_standing(Standing(workspace=self._workspace, path=path, id=version))

    def history(
        self,
        samples: int = 500,
        keys: str | Sequence[str] | None = None,
        x_axis: str = "_step",
        pandas: bool = True,
        stream: str = "default",
    ) -> Any:  # noqa: ANN401 - pandas need not be there to be named
        """Return rows of what it measured over time, at most `samples` of them, evenly spread.

        Args:
            samples: how many at most.
            keys: only rows that have all of these and `x_axis`, and only these of them.
            x_axis: what `keys` are drawn over.
            pandas: return a `DataFrame`, where pandas is installed? It is a list of dicts otherwise.
            stream: `default`; of W&B's `system` there are no rows, since machines are not watched.

        Raises:
            UsageError: there is no such stream.
            StoreError: the rows can't be read.
        """
        if stream not in _STREAMS:
            raise UsageError(f"there is no stream {stream!r}", hint=f"one of {', '.join(_STREAMS)}")
        wanted = None if keys is None else list(dict.fromkeys([x_axis, *listed(keys)]))
        rows = list(self.scan_history(wanted)) if stream == _STREAMS[0] else []
        shown = _spread(rows, samples)
        return framed(shown) if pandas else shown

    def scan_history(
        self,
        keys: str | Sequence[str] | None = None,
        page_size: int = 1000,
        min_step: int = 0,
        max_step: int | None = None,
        use_cache: bool = True,
    ) -> Iterator[dict[str, Any]]:
        """Yield all rows; with `keys`, what those that have all of them say of these.

        Args:
            keys: names of metrics.
            page_size: accepted as W&B does.
            min_step: from which step on.
            max_step: up to which step, without it; by default to the end.
            use_cache: accepted as W&B does.

        Raises:
            StoreError: the rows can't be read.
        """
        del page_size, use_cache
        wanted = listed(keys)
        for row in self._rows():
            if row.get("_step", 0) < min_step or (max_step is not None and row.get("_step", 0) >= max_step):
                continue
            if keys is None:
                yield row
            elif all(key in row for key in wanted):
                yield {key: row[key] for key in wanted}

    def _rows(self) -> Iterator[dict[str, Any]]:
        kept = self._document.history
        return curves.rows(self._workspace.catalog, kept) if kept else iter(())

    def delete(self, delete_artifacts: bool = False) -> None:
        """Forget that it ran. What it made stays, unless that is to be deleted with it, aliases or not.

        All of that is one commit. A version that another run made as well stays.

        Raises:
            NotFound: it is gone already.
        """
        forget = forgetting.forget_with_versions if delete_artifacts else forgetting.forget
        forget(self._branch(), self._project, self._id)

    def __repr__(self) -> str:
        return f"<Run {self.entity}/{self._project}/{self._id} ({self.state})>"


def _spread(rows: list[dict[str, Any]], samples: int) -> list[dict[str, Any]]:
    """Return some of many rows, the first and the last among them: else nobody sees how a run ended."""
    if len(rows) <= samples:
        return rows
    last = len(rows) - 1
    return [rows[round(at * last / max(1, samples - 1))] for at in range(samples)]


def _place(one: Input) -> str:
    return one.registry or f"{PROJECTS}{one.project}/{one.artifact}"
