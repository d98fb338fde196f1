"""What every part of a run goes by: what it is, and how it is written down."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from git_registry.catalog.catalog import Catalog, Reach
from git_registry.errors import NetworkError, RegistryError, UsageError
from git_registry.model.documents.run import Run as Document
from git_registry.sdk import runs
from git_registry.sdk.surface.account import Account
from git_registry.sdk.surface.listed import listed
from git_registry.sdk.surface.mapping import Values
from git_registry.sdk.surface.standing import Standing
from git_registry.sdk.surface.steps import Steps
from git_registry.sdk.surface.upload import Upload
from git_registry.sdk.surface.workspace import Workspace

T = TypeVar("T")


class Execution:
    """A run that is under way, in a project of an organization."""

    def __init__(self, workspace: Workspace, account: Account, steps: Steps) -> None:
        self._workspace, self._account, self._steps = workspace, account, steps
        self._lock = threading.RLock()
        self._recording = threading.Lock()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="git-registry")
        self._uploads: list[Upload] = []
        self._process = os.getpid()
        self._is_ending = False

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
        return self._workspace.url_of_run(self.project, self.id)

    @property
    def name(self) -> str | None:
        """Return how people call it."""
        return self._account.name

    @name.setter
    def name(self, name: str) -> None:
        self._require_running()
        self._account.name = name

    @property
    def notes(self) -> str | None:
        """Return what is said about it."""
        return self._account.notes

    @notes.setter
    def notes(self, notes: str) -> None:
        self._require_running()
        self._account.notes = notes

    @property
    def tags(self) -> tuple[str, ...]:
        """Return its tags."""
        return self._account.tags

    @tags.setter
    def tags(self, tags: str | Sequence[str]) -> None:
        self._require_running()
        self._account.tags = tuple(listed(tags))

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

    @property
    def document(self) -> Document:
        """Return what is recorded of it, as of now."""
        with self._lock:
            return self._account.document

    def wait(self) -> None:
        """Wait until everything that was logged is there.

        Raises:
            RegistryError: the first thing that went wrong and that nobody was told yet.
        """
        uploads, self._uploads = self._uploads, []
        failures = [error for one in uploads if (error := one.exception()) is not None and not one.told]
        for upload in uploads:
            upload.told = True
        for error in failures[1:]:
            self._workspace.notify(f"this failed, too: {error}")
        if failures:
            raise failures[0]

    def record(self) -> None:
        """Write down what is known of the run by now. It is done by itself whenever something is logged."""
        self._write(lambda catalog: runs.record(catalog, self.id, self.document))

    def _record_soon(self) -> None:
        """Write it down in the background. If that fails, `finish` does it again, and tells."""

        def record() -> None:
            with suppress(RegistryError):
                self.record()

        with self._lock:
            self._require_running()
            self._worker.submit(record)

    def _begin(self, upload: Upload, work: Callable[[], Standing]) -> None:
        """Do some work in the background, after what was begun before."""
        with self._lock:
            self._require_running()
            self._worker.submit(upload.carry_out, work)
            self._uploads.append(upload)

    def _write(self, verb: Callable[[Catalog], T]) -> T:
        """Write to the project's branch, one commit at a time.

        Whoever holds `_lock` must not come here: what is written is looked at under it.
        """
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

    @property
    def _is_ours(self) -> bool:
        """Is this the process that the run was begun in? One that was forked from it has no part in it."""
        return os.getpid() == self._process

    def _require_running(self) -> None:
        if not self._is_ours:
            raise UsageError(
                "this process was forked from the run's, and has no part in it",
                where=self.id,
                hint="begin a run of its own: init(group=...)",
            )
        if self._is_ending:
            raise UsageError("the run has ended", where=self.id, hint="begin another one with init()")
