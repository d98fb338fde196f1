"""A run as a script holds it: what it measures, uses, logs and links."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from git_registry.catalog.catalog import Catalog, Reach
from git_registry.errors import NetworkError, StoreError, UsageError
from git_registry.model.documents.run import Made
from git_registry.model.documents.run import Run as Document
from git_registry.model.layout import PROJECTS
from git_registry.repository import remote
from git_registry.sdk import aliasing, linking, logged, runs, selecting
from git_registry.sdk.blobs import blobs
from git_registry.sdk.linking import Request
from git_registry.sdk.logged import Log
from git_registry.sdk.manifests import About
from git_registry.sdk.surface import naming
from git_registry.sdk.surface.account import FAILED, FINISHED, Account
from git_registry.sdk.surface.mapping import Values
from git_registry.sdk.surface.plain import numbers
from git_registry.sdk.surface.standing import Standing
from git_registry.sdk.surface.steps import Steps
from git_registry.sdk.surface.workspace import Workspace

if TYPE_CHECKING:
    from git_registry.sdk.surface.artifact import Artifact

T = TypeVar("T")

UNSPECIFIED = "unspecified"
"""The type of a path that is logged without one."""

_TITLE = 64


class Run:
    """One execution, from `init` to `finish`. Use it in a `with`, and it ends with that.

    What it uses, logs and measures is recorded on the project's branch; the work tree is never touched.
    Attributes that can be set until it ends: `name`, `notes`, `tags`.
    """

    def __init__(
        self, workspace: Workspace, account: Account, steps: Steps, *, ended: Callable[[Run], None]
    ) -> None:
        self._workspace, self._account, self._steps = workspace, account, steps
        self._ended = ended
        self._lock = threading.RLock()
        self._recording = threading.Lock()
        self._uploads = ThreadPoolExecutor(1, thread_name_prefix="git-registry")
        self._pending: list[Future[Standing]] = []

    # What it is

    @property
    def id(self) -> str:
        """Return the run's id."""
        return self._account.id

    @property
    def project(self) -> str:
        """Return the project it is in."""
        return self._account.project

    @property
    def entity(self) -> str:
        """Return the organization's name."""
        return self._workspace.organization

    @property
    def path(self) -> str:
        """Return how `Api().run` finds it: `acme/churn/k3j2h1`."""
        return f"{self.entity}/{self.project}/{self.id}"

    @property
    def url(self) -> str:
        """Return where its document is: in which repository, on which branch, in which file."""
        repository = self._workspace.catalog.repository
        upstream = remote.destination(repository, PROJECTS + self.project)
        place = repository.config(f"remote.{upstream.remote}.url") if upstream else None
        where = remote.without_credentials(place) if place else repository.gitdir.absolute().as_uri()
        return f"{where}#{PROJECTS}{self.project}:{self.project}/runs/{self.id}.yaml"

    @property
    def name(self) -> str | None:
        """Return how people call it."""
        return self._account.name

    @name.setter
    def name(self, name: str) -> None:
        self._account.name = name

    @property
    def notes(self) -> str | None:
        """Return what is said about it."""
        return self._account.notes

    @notes.setter
    def notes(self, notes: str) -> None:
        self._account.notes = notes

    @property
    def tags(self) -> tuple[str, ...]:
        """Return its tags."""
        return self._account.tags

    @tags.setter
    def tags(self, tags: Sequence[str]) -> None:
        self._account.tags = tuple(tags)

    @property
    def job_type(self) -> str | None:
        """Return which job of a pipeline it is."""
        return self._account.job_type

    @property
    def group(self) -> str | None:
        """Return which runs it belongs to."""
        return self._account.group

    @property
    def config(self) -> Values:
        """Return what it was told to do; set more until it ends."""
        return self._account.config

    @property
    def summary(self) -> Values:
        """Return the last value of each metric; set more until it ends."""
        return self._account.summary

    @property
    def state(self) -> str:
        """Return `running`, `finished`, `failed` or `crashed`."""
        return self._account.state

    @property
    def step(self) -> int:
        """Return the number of the step that the next `log` adds to."""
        return self._steps.step

    @property
    def offline(self) -> bool:
        """Is nothing published before `git registry sync`?"""
        return self._workspace.reach is not Reach.PUBLISHED

    # What it measures

    def log(self, data: Mapping[str, object], step: int | None = None, commit: bool | None = None) -> None:
        """Note what was measured: in the history, and the last value of each metric in the summary.

        Args:
            data: values by name; what is nested gets names such as `train.loss`.
            step: which step it belongs to; by default the next one.
            commit: does the step end with it? By default it does unless `step` is given.

        Raises:
            UsageError: something is no value, or the run has ended.
        """
        with self._lock:
            self._require_running()
            at = self._workspace.clock()
            if not self._steps.log(data, at, step=step, commit=commit):
                self._workspace.notify(
                    f"step {step} is over, the run is at {self._steps.step}: what was measured is left out"
                )

    def define_metric(self, name: str, step_metric: str | None = None, *, summary: str | None = None) -> None:
        """Say what the summary keeps of a metric besides its last value: `min` or `max`.

        What a metric is drawn over, `step_metric`, is up to whoever draws it.
        """
        del step_metric
        for one in (summary or "last").split(","):
            self._steps.keep(name, one.strip())

    # What it uses and makes

    def use_artifact(
        self,
        artifact_or_name: str | Artifact,
        type: str | None = None,  # noqa: A002 - as W&B calls it
        aliases: str | Sequence[str] | None = None,
        use_as: str | None = None,
    ) -> Artifact:
        """Return a version, and record that the run uses it.

        Args:
            artifact_or_name: `churn-xgb:v3` of the run's project, `wandb-registry-model/churn:production`,
                `projects/churn/features`, or an artifact. One that was not logged yet is logged first.
            type: what it must be of.
            aliases: which version, if the name does not say; of one that is logged first, its aliases.
            use_as: what it is to this run: `train`.

        Raises:
            NotFound: there is no such version.
            UsageError: it is of another type.
        """
        from git_registry.sdk.surface.artifact import Artifact

        self._require_running()
        named = _listed(aliases)
        if isinstance(artifact_or_name, str):
            text = artifact_or_name
            if named and ":" not in text and "@" not in text:
                text = f"{text}:{named[0]}"
            artifact = self._find(text)
        else:
            artifact = artifact_or_name
            if artifact.is_draft():
                self.log_artifact(artifact, aliases=named or None)
            artifact.wait()
        if type is not None and artifact.type != type:
            raise UsageError(f"it is of type {artifact.type!r}, not {type!r}", where=artifact.name)
        assert isinstance(artifact, Artifact)
        standing = artifact.standing
        selector = selecting.place(self._workspace.catalog, standing.selector).selector
        found = standing.resolve().found
        used = linking.input_of(selector, found, used_as=use_as or artifact.use_as)
        with self._lock:
            self._account.used(used)
        return artifact

    def log_artifact(
        self,
        artifact_or_path: Artifact | str | Path,
        name: str | None = None,
        type: str | None = None,  # noqa: A002
        aliases: str | Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
    ) -> Artifact:
        """Log an artifact as made by this run. It is uploaded while the script goes on.

        The same content is the same version, and an output of this run all the same. What goes wrong is
        raised by the artifact's `wait`, or else by `finish`.

        Args:
            artifact_or_path: an artifact; or a file, a directory or a URI to make one of.
            name: of a path, what the artifact is called; `run-<id>-<file name>` by default.
            type: of a path, what it is; `unspecified` by default.
            aliases: names to point at the version; `latest` is computed and always there.
            tags: labels of the version.

        Raises:
            UsageError: a name is not allowed, or the run has ended.
            NotFound: there is nothing at the path.
        """
        self._require_running()
        artifact = self._artifact(artifact_or_path, name, type)
        named = [one for one in _listed(aliases) if one != "latest"]
        if not artifact.is_draft():
            return self._log_again(artifact, named)
        what = self._log(artifact, named, [*artifact.tags, *(tags or ())])
        what.check()
        self._begin(artifact, what)
        return artifact

    def _begin(self, artifact: Artifact, what: Log) -> None:
        from git_registry.sdk.surface.upload import prepared

        upload = prepared(artifact.draft, blobs(self._workspace.catalog).store)

        def work() -> Standing:
            stored = upload()
            done = self._write(lambda catalog: logged.log(catalog, self._as_by_now(what), stored))
            with self._lock:
                self._account.made(done.recorded.outputs if done.recorded else ())
            return Standing(workspace=self._workspace, path=f"{PROJECTS}{done.path}", id=done.id)

        future = self._uploads.submit(work)
        self._pending.append(future)
        artifact._logging(future)

    def _log(self, artifact: Artifact, aliases: Sequence[str], tags: Sequence[str]) -> Log:
        account = self._account
        ttl = artifact.ttl
        with self._lock:
            about = About(
                artifact=artifact.bare_name,
                type=artifact.type,
                metadata=dict(artifact.metadata),
                metrics={**numbers(account.summary.as_dict()), **artifact.metrics},
                run=account.reference,
                code=account.code,
                inputs=account.inputs,
            )
        return Log(
            about=about,
            description=artifact.description,
            tags=tuple(dict.fromkeys(tags)),
            ttl=int(ttl.total_seconds()) if isinstance(ttl, timedelta) else None,
            aliases=aliases,
        )

    def _as_by_now(self, what: Log) -> Log:
        with self._lock:
            return replace(what, recording=(self.id, self._account.document))

    def _log_again(self, artifact: Artifact, aliases: Sequence[str]) -> Artifact:
        """Record a version that was logged before as made by this run too."""
        standing = artifact.wait().standing
        if not standing.path.startswith(f"{PROJECTS}{self.project}/"):
            raise UsageError(
                "it was logged elsewhere, and a run makes versions in its own project",
                where=standing.path,
                hint="use_artifact() records that it was used; link_artifact() links it",
            )
        with self._lock:
            made = Made(artifact=standing.path.rpartition("/")[2], version=standing.id)
            self._account.made([made])
        if aliases:
            aliasing.add(self._workspace.catalog, standing.selector, aliases)
        return artifact

    def link_artifact(
        self, artifact: Artifact, target_path: str, aliases: str | Sequence[str] | None = None
    ) -> Artifact:
        """Link a version into a registry's collection, which is made if it isn't there.

        Args:
            artifact: which; one that was not logged yet is logged first.
            target_path: `wandb-registry-model/churn`, or `model/churn`.
            aliases: names to point at it there.

        Returns:
            What was linked: its version is the number in that collection.

        Raises:
            NotFound: there is no such registry.
            Refused: it does not accept the type.
        """
        from git_registry.sdk.surface.artifact import Artifact

        self._require_running()
        if artifact.is_draft():
            self.log_artifact(artifact)
        source = artifact.wait().source_standing
        target = naming.target(self._workspace, target_path)
        request = Request(aliases=[one for one in _listed(aliases) if one != "latest"])
        done = self._reached(
            lambda: linking.link_version(self._workspace.catalog, source.selector, target, request)
        )
        return Artifact.at_standing(Standing(workspace=self._workspace, path=done.collection, id=done.id))

    def log_model(
        self, path: str | Path, name: str | None = None, aliases: str | Sequence[str] | None = None
    ) -> None:
        """Log a file or directory as an artifact of type `model`."""
        self.log_artifact(path, name=name, type="model", aliases=aliases)

    def use_model(self, name: str) -> str:
        """Download a model and return where it is: the file if it is one, else the directory.

        Raises:
            UsageError: it is no model.
        """
        artifact = self.use_artifact(name)
        if "model" not in artifact.type.lower():
            raise UsageError(f"it is of type {artifact.type!r}, which is no model", where=artifact.name)
        root = artifact.download()
        files = list(artifact.manifest.entries)
        return str(Path(root) / files[0]) if len(files) == 1 else root

    def link_model(
        self,
        path: str | Path,
        registered_model_name: str,
        name: str | None = None,
        aliases: str | Sequence[str] | None = None,
    ) -> Artifact:
        """Log a file or directory as a model, and link it into the registry `model`.

        Raises:
            UsageError: the name has a registry in it; that is for `link_artifact`.
        """
        if "/" in registered_model_name:
            raise UsageError(
                f"{registered_model_name!r} has a '/'", hint="use link_artifact for other registries"
            )
        artifact = self.log_artifact(path, name=name, type="model")
        return self.link_artifact(artifact, f"model/{registered_model_name}", aliases)

    # How it ends

    def wait(self) -> None:
        """Wait until everything that was logged is there.

        Raises:
            RegistryError: the first thing that went wrong.
        """
        pending, self._pending = self._pending, []
        failures = [error for error in (one.exception() for one in pending) if error is not None]
        for error in failures[1:]:
            self._workspace.notify(f"this failed, too: {error}")
        if failures:
            raise failures[0]

    def finish(self, exit_code: int | None = None, quiet: bool | None = None) -> None:
        """End the run: wait for uploads, keep its history in the store, record how it ended.

        Args:
            exit_code: 0 or None if it went well; it failed otherwise.
            quiet: is W&B's.

        Raises:
            RegistryError: the first thing that went wrong in what it logged. The run is recorded all the
                same.
        """
        del quiet
        if self._account.state in (FINISHED, FAILED):
            return
        self._uploads.submit(self._workspace.leave)
        self._uploads.shutdown(wait=True)
        try:
            with self._lock:
                self._end(self._workspace.clock(), FAILED if exit_code else FINISHED)
        finally:
            self._ended(self)
        self.wait()

    def _end(self, now: datetime, state: str) -> None:
        self._steps.flush(now)
        self._account.ended, self._account.state = now, state
        rows, failure = self._steps.rows, None
        try:
            self._account.history = self._reached(
                lambda: runs.keep(self._workspace.project(self.project), rows)
            )
        except StoreError as error:
            failure = error
        self._record()
        if failure:
            rows.close()  # the next run that begins here tries again
            raise failure
        rows.drop()

    def alert(
        self, title: str, text: str = "", level: str | None = None, wait_duration: object = None
    ) -> None:
        """Tell whoever watches the script something.

        Raises:
            UsageError: the title has 64 characters or more.
        """
        del wait_duration
        if len(title) >= _TITLE:
            raise UsageError(f"a title has less than {_TITLE} characters", where=title[:_TITLE])
        self._workspace.notify(f"{level or 'INFO'}: {title}{f': {text}' if text else ''}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        code = error.code if isinstance(error, SystemExit) else 1 if kind else 0
        self.finish(exit_code=code if isinstance(code, int) else int(code is not None))

    # How it is written down

    def record(self) -> None:
        """Write down what is known of the run by now. It is done by itself whenever something is logged."""
        with self._lock:
            self._record()

    def _record(self) -> None:
        document = self._account.document
        self._write(lambda catalog: runs.record(catalog, self.id, document))

    def _write(self, verb: Callable[[Catalog], T]) -> T:
        """Write to the project's branch, one commit at a time."""
        with self._recording:
            return self._reached(lambda: verb(self._workspace.project(self.project)))

    def _reached(self, verb: Callable[[], T]) -> T:
        """Do it; if the remote can't be reached, here: a long run must not lose its work to a bad network."""
        try:
            return verb()
        except NetworkError as error:
            if self._workspace.reach is not Reach.PUBLISHED:
                raise
            self._workspace.notify(
                f"{error}; what this run does is committed here from now on: `git registry sync` publishes it"
            )
            self._workspace.stay_here()
            return verb()

    def _find(self, text: str) -> Artifact:
        from git_registry.sdk.surface.artifact import Artifact

        selector = naming.selector(self._workspace, text, self.project)
        place = selecting.place(self._workspace.catalog, selector)
        found = selecting.version(place.catalog, place.selector)
        prefix = PROJECTS if place.selector.project else ""
        standing = Standing(workspace=self._workspace, path=f"{prefix}{found.collection}", id=found.id)
        return Artifact.at_standing(standing)

    def _artifact(self, given: Artifact | str | Path, name: str | None, kind: str | None) -> Artifact:
        from git_registry.sdk.surface.artifact import Artifact

        if isinstance(given, Artifact):
            return given
        text = str(given)
        base = text.rstrip("/").rpartition("/")[2]
        artifact = Artifact(name or f"run-{self.id}-{base}", kind or UNSPECIFIED)
        if "://" in text:
            artifact.add_reference(text)
        elif Path(text).is_dir():
            artifact.add_dir(text)
        else:
            artifact.add_file(text)
        return artifact

    def _require_running(self) -> None:
        if self._account.state in (FINISHED, FAILED):
            raise UsageError("the run has ended", where=self.id, hint="begin another one with init()")

    @property
    def document(self) -> Document:
        """Return what is recorded of it, as of now."""
        with self._lock:
            return self._account.document


def _listed(aliases: str | Sequence[str] | None) -> list[str]:
    return [aliases] if isinstance(aliases, str) else list(aliases or ())
