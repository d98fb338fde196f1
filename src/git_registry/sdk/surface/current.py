"""The run of this process, and its end when the process ends without saying so."""

from __future__ import annotations

import atexit
import concurrent.futures.thread  # its own end must come after ours
import os
import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

from git_registry.errors import UsageError
from git_registry.sdk.surface.workspace import note

if TYPE_CHECKING:
    from git_registry.sdk.surface.run import Run

_stack: list[tuple[int, Run]] = []
_code = 0


class NoRun(UsageError, AttributeError):
    """No run is under way. An AttributeError too: the module has what a run has only while there is one."""


def run() -> Run | None:
    """Return the run that was begun last and has not ended; a process that was forked has none."""
    return next((one for process, one in reversed(_stack) if process == os.getpid()), None)


def require() -> Run:
    """Return it.

    Raises:
        NoRun: there is none.
    """
    found = run()
    if found is None:
        raise NoRun("no run is under way", hint="begin one: git_registry.init(project=...)")
    return found


def begin(one: Run) -> None:
    """Make it the run of this process."""
    _watch()
    _stack.append((os.getpid(), one))


def end(one: Run) -> None:
    """Note that it has ended."""
    _stack[:] = [(process, other) for process, other in _stack if other is not one]


def finish(exit_code: int | None = None, quiet: bool | None = None) -> None:
    """End the run of this process, if there is one."""
    one = run()
    if one is not None:
        one.finish(exit_code, quiet)


_watched = False


def _watch() -> None:
    """See to it that runs end with the process; one that ends badly has failed.

    `sys.excepthook` sees an exception that nobody catches, and not `sys.exit(3)`: that is watched, too.
    """
    global _watched  # noqa: PLW0603 - there is one interpreter
    if _watched:
        return
    _watched = True
    unhandled, leave = sys.excepthook, sys.exit

    def failed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not hasattr(sys, "ps1"):  # at a prompt a typo is no failure
            _remember(1)
        unhandled(kind, error, trace)

    def left(status: object = None, /) -> NoReturn:
        if threading.current_thread() is threading.main_thread():
            _remember(status if isinstance(status, int) else int(status is not None))
        leave(status)  # type: ignore[arg-type]

    sys.excepthook, sys.exit = failed, left
    # By the time of atexit no thread may be started any more, and an upload takes some. The hook that
    # concurrent.futures uses itself comes before that; where it is missing, atexit must do.
    register = getattr(threading, "_register_atexit", atexit.register)
    register(_end_all)


def _remember(code: int) -> None:
    global _code  # noqa: PLW0603
    _code = code


def _end_all() -> None:
    while (one := run()) is not None:
        try:
            one.finish(exit_code=_code)
        except Exception as error:  # noqa: BLE001 - the other runs have to end, too
            note(f"{one.project}/{one.id}: {error}")
        end(one)


assert concurrent.futures.thread is not None
