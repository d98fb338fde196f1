"""Files that are locked while somebody is at work: gone with its process, whatever kills it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from git_registry.errors import Conflict

if TYPE_CHECKING:
    from pathlib import Path

_BETWEEN = 0.05


def taken(path: Path, *, seconds: float | None = None) -> TextIO:
    """Wait for the lock of a file, which is made if it is not there, and return it. Closing it lets go.

    Fair enough, and no polling unless there is a limit. It is never removed: who had opened it would lock
    what no other can find.

    Raises:
        Conflict: somebody else has it, and kept it for more than so many seconds.
    """
    import fcntl

    file = path.open("a", encoding="utf-8")
    try:
        if seconds is None:
            fcntl.flock(file, fcntl.LOCK_EX)
        else:
            _take_within(seconds, file)
    except BaseException:
        file.close()
        raise
    return file


def _take_within(seconds: float, file: TextIO) -> None:
    import fcntl
    import time

    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise Conflict(
                    f"another process has been at work for more than {seconds:g} seconds", where=file.name
                ) from None
            time.sleep(_BETWEEN)
        else:
            return
