"""What one process of a repository does at a time: files that are locked by who does it, beside the queue."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path
from typing import TextIO

from git_registry.catalog.cursor import STARTING
from git_registry.errors import UsageError
from git_registry.repository.locks import appending, taken

COLLECTING, SENDING, WAITING = "automations.collecting", "automations.sending", "automations.waiting"

_STANDARD_INPUT = 0


def taken_up(file: Path, *, seconds: float = 0.0) -> TextIO:
    """Take a duty up, and return what to close to give it up.

    Raises:
        Conflict: somebody else has had it for so many seconds.
        UsageError: the file is another account's.
    """
    try:
        return taken(file, seconds=seconds)
    except PermissionError:
        raise UsageError(
            "another account answers what happens here", where=str(file), hint="run it as that account"
        ) from None


def let_another_start(directory: Path) -> None:
    """Let the next push start somebody again, if a push started us: we may miss what it brings."""
    with contextlib.suppress(OSError):
        if os.path.samestat(os.fstat(_STANDARD_INPUT), (directory / STARTING).stat()):
            fcntl.flock(_STANDARD_INPUT, fcntl.LOCK_UN)


def asked(file: Path) -> float:
    """Return until when somebody asked for waiting, in seconds: the file's date says so."""
    return file.stat().st_mtime


def ask(file: Path, until: float) -> None:
    """Ask whoever waits, or is about to, to do so until then, if not for longer."""
    with appending(file):
        if asked(file) < until:
            os.utime(file, (until, until))
