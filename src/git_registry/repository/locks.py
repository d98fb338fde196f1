"""Files that are locked while somebody is at work: gone with its process, whatever kills it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pathlib import Path


def taken(path: Path) -> TextIO:
    """Wait for the lock of a file, which is made if it is not there, and return it. Closing it lets go.

    Fair enough, and no polling. It is never removed: who had opened it would lock what no other can find.
    """
    import fcntl

    file = path.open("a", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
    except BaseException:
        file.close()
        raise
    return file
