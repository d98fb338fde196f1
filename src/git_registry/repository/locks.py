"""Files that are locked while somebody is at work: gone with its process, whatever kills it."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, TextIO

from git_registry.errors import Conflict, RegistryError

if TYPE_CHECKING:
    from pathlib import Path

_BETWEEN = 0.05


def taken(path: Path, *, seconds: float | None = None) -> TextIO:
    """Wait for the lock of a file, which is made if it is not there, and return it. Closing it lets go.

    Fair enough, and no polling unless there is a limit. It is never removed: who had opened it would lock
    what no other can find.

    Raises:
        Conflict: somebody else has it, and kept it for more than so many seconds.
        RegistryError: something else than a file is there.
    """
    import fcntl

    file = appending(path)
    try:
        if seconds is None:
            fcntl.flock(file, fcntl.LOCK_EX)
        else:
            _take_within(seconds, file)
    except BaseException:
        file.close()
        raise
    return file


def appending(path: Path, mode: int = 0o666) -> TextIO:
    """Open a file of our own to write at its end; one that is not there is made, with this mode.

    Raises:
        RegistryError: something else is there. A pipe would have us wait for whoever reads it, and a link
            may lead to a file of somebody's.
    """

    def opened(name: str, flags: int) -> int:
        return os.open(name, flags | os.O_NONBLOCK | os.O_NOFOLLOW, mode)

    try:
        # By an opener, so that the file knows its name: who waits for it is told that.
        file = open(path, "a", encoding="utf-8", opener=opened)  # noqa: SIM115
    except OSError as error:
        if error.errno in (errno.ENXIO, errno.ELOOP):
            raise _no_file(path) from None
        raise
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise _no_file(path)
    return file


def _no_file(path: Path) -> RegistryError:
    return RegistryError("this is no file", where=str(path), hint="remove it: it is made anew")


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
