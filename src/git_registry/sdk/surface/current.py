"""The run of this process, and its end when the process ends without saying so."""

from __future__ import annotations

import atexit
import concurrent.futures.thread  # its own end must come after ours
import os
import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING

from git_registry.errors import RegistryError, UsageError
from git_registry.sdk.surface.workspace import note

if TYPE_CHECKING:
    from git_registry.sdk.surface.run import Run

_stack: list[tuple[int, Run]] = []
_failed = False


def run() -> Run | None:
    """Return the run that was begun last and has not ended; a process that was forked has none."""
    return next((one for process, one in reversed(_stack) if process == os.getpid()), None)


def require() -> Run:
    """Return it.

    Raises:
        UsageError: there is none.
    """
    found = run()
    if found is None:
        raise UsageError("no run is under way", hint="begin one: git_registry.init(project=...)")
    return found


def begin(one: Run) -> None:
    """Make it the run of this process."""
    _watch()
    _stack.append((os.getpid(), one))


def end(one: Run) -> None:
    """Note that it has ended."""
    _stack[:] = [(process, other) for process, other in _stack if other is not one]


_watched = False


def _watch() -> None:
    """See to it that runs end with the process, and that one that dies by an exception has failed."""
    global _watched  # noqa: PLW0603 - there is one interpreter
    if _watched:
        return
    _watched = True
    before = sys.excepthook

    def failed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        global _failed  # noqa: PLW0603
        _failed = True
        before(kind, error, trace)

    sys.excepthook = failed
    # By the time of atexit no thread may be started any more, and an upload takes some. The hook that
    # concurrent.futures uses itself comes before that; where it is missing, atexit must do.
    register = getattr(threading, "_register_atexit", atexit.register)
    register(_end_all)


def _end_all() -> None:
    while (one := run()) is not None:
        try:
            one.finish(exit_code=int(_failed))
        except RegistryError as error:
            note(f"{one.project}/{one.id}: {error}")
        end(one)


assert concurrent.futures.thread is not None
