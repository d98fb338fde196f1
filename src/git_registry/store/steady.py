"""A local file that must stay as it is while it is read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from git_registry.errors import Conflict, NotFound, StoreError, UsageError


@dataclass(frozen=True, slots=True)
class Steady:
    """An open regular file and what it looked like when it was opened."""

    name: str
    descriptor: int
    size: int
    seen: tuple[int, ...]

    def check(self, read: int) -> None:
        """Raise `Conflict` if the file is no longer what was opened, or it gave other than `read` bytes."""
        if read != self.size or look(os.fstat(self.descriptor)) != self.seen:
            raise changed(self.name)


def changed(name: str) -> Conflict:
    """Return the error for a file that was written to while it was read."""
    return Conflict(
        "the file changed while it was read", where=name, hint="wait until it is written, then try again"
    )


def look(status: os.stat_result) -> tuple[int, ...]:
    """Return what of a file's status is another once somebody wrote to it."""
    # The change time can't be set back by hand, the modification time can.
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@contextmanager
def opened(local: Path) -> Iterator[Steady]:
    """Open a regular file, never through a symbolic link.

    Raises:
        NotFound: it is not there.
        UsageError: it is not a regular file.
        StoreError: it can't be read.
    """
    name = str(local)
    try:
        # Without O_NONBLOCK, opening a pipe would wait for its other end.
        descriptor = os.open(local, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise NotFound("there is no such file", where=name) from error
    except OSError as error:
        if local.is_symlink():
            raise UsageError("is a symbolic link", where=name, hint="name the file it points at") from error
        raise StoreError(f"it can't be read: {error.strerror}", where=name) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UsageError("is not a regular file", where=name)
        yield Steady(name, descriptor, status.st_size, look(status))
    finally:
        os.close(descriptor)
