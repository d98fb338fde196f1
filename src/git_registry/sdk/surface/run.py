"""A run as a script holds it: what it measures, uses, logs and links."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Self

from git_registry import codec
from git_registry.errors import RegistryError, StoreError, UsageError
from git_registry.model.dates import timestamp
from git_registry.sdk import runs
from git_registry.sdk.surface.account import FAILED, FINISHED, Account
from git_registry.sdk.surface.steps import Steps
from git_registry.sdk.surface.using import Using
from git_registry.sdk.surface.workspace import Workspace

_TITLE = 64


class Run(Using):
    """One execution, from `init` to `finish`. Use it in a `with`, and it ends with that.

    What it uses, logs and measures is recorded on the project's branch; the work tree is never touched.
    Attributes that can be set until it ends: `name`, `notes`, `tags`.
    """

    def __init__(
        self, workspace: Workspace, account: Account, steps: Steps, *, ended: Callable[[Run], None]
    ) -> None:
        super().__init__(workspace, account, steps)
        self._ended = ended
        self._finishing = threading.RLock()
        self._has_told_fork = False

    def log(self, data: Mapping[str, object], step: int | None = None, commit: bool | None = None) -> None:
        """Note what was measured: in the history, and the last value of each metric in the summary.

        Long texts and lists are in the history alone. What a forked process measures is left out, and told.

        Args:
            data: values by name; what is nested gets names such as `train.loss`.
            step: which step it belongs to; by default the next one.
            commit: does the step end with it? By default it does unless `step` is given.

        Raises:
            UsageError: something is no value, or the run has ended.
        """
        if not self._is_ours:
            self._tell_fork()
            return
        with self._lock:
            self._require_running()
            at = self._workspace.clock()
            if not self._steps.log(data, at, step=step, commit=commit):
                self._workspace.notify(
                    f"step {step} is over, the run is at {self._steps.step}: what was measured is left out"
                )

    def _tell_fork(self) -> None:
        if not self._has_told_fork:
            self._has_told_fork = True
            self._workspace.notify("what is measured in a process forked from the run's is left out")

    def define_metric(
        self,
        name: str,
        step_metric: str | None = None,
        step_sync: bool | None = None,
        hidden: bool | None = None,
        summary: str | None = None,
        overwrite: bool | None = None,
        goal: str | None = None,
    ) -> None:
        """Say what the summary keeps of a metric besides its last value: `min`, `max` or `mean`.

        What a metric is drawn over, and whether, is up to whoever draws it: the rest changes nothing.
        """
        del step_metric, step_sync, hidden, overwrite
        for one in (summary or "last").split(","):
            way = {"best": "min" if goal == "minimize" else "max"}.get(one.strip(), one.strip())
            self._steps.keep(name, way)

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
        if not self._is_ours:
            return
        with self._finishing:
            if self._account.state in (FINISHED, FAILED):
                return
            try:
                self._stop()
                self._end(FAILED if exit_code else FINISHED)
            finally:
                self._ended(self)
        self.wait()

    def _stop(self) -> None:
        """Take nothing more, and wait for what was begun. It may be interrupted, and done again."""
        with self._lock:
            if not self._is_ending:
                self._worker.submit(self._workspace.leave)
            self._is_ending = True
        self._worker.shutdown(wait=True)

    def _end(self, state: str) -> None:
        rows, failure = self._steps.rows, None
        with self._lock:
            now = max(self._workspace.clock(), self._account.started)
            self._steps.flush(now)
        try:
            history = self._reached(lambda: runs.keep(self._workspace.project(self.project), rows))
            self._account.history = history
        except StoreError as error:
            failure = error
        document = replace(self.document, state=state, ended=timestamp(now))
        rows.leave_word(codec.encode(runs.fitting(document)[0]))
        self._write(lambda catalog: runs.record(catalog, self.id, document))
        self._account.close(state, now)
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

    def __repr__(self) -> str:
        return f"<Run {self.path} ({self.state})>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        code = error.code if isinstance(error, SystemExit) else 1 if kind else 0
        try:
            self.finish(exit_code=code if isinstance(code, int) else int(code is not None))
        except RegistryError as failure:
            if error is None:
                raise
            if failure is not error:  # what went wrong first is what the script should see
                self._workspace.notify(str(failure))
