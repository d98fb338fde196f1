"""The file the index is in: made, opened, copied, removed."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from git_registry.catalog import local
from git_registry.index.storage.database import connect, create, is_ours

FILE = Path(local.NAME, "index.sqlite")
"""In the repository's common git directory: all its worktrees share it."""

_JOURNAL = "-journal"
_OTHERS_MAY_WRITE = 0o022
_DRAFT_BYTES = 8
_DAY = 24 * 3600


def open_or_make(path: Path, patience: float) -> sqlite3.Connection:
    """Return a connection to the file, which is made if it isn't there, or is of another format.

    Raises:
        OSError: it can't be made.
        sqlite3.Error: it can't be opened.
    """
    if not path.exists():
        _make(path)
    connection = connect(path, patience=patience)
    try:
        if is_ours(connection):
            return connection
    except BaseException:
        connection.close()
        raise
    connection.close()
    remove(path)
    _make(path)
    return connect(path, patience=patience)


def copied(path: Path) -> sqlite3.Connection | None:
    """Return a copy of the file in memory; None if there is nothing to be copied."""
    memory = connect(None, empty=True)
    with contextlib.suppress(sqlite3.Error), contextlib.closing(connect(path)) as there:
        if is_ours(there):
            there.backup(memory)
            return memory
    memory.close()
    return None


def remove(path: Path) -> None:
    """Remove the file, so that it is made anew."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + _JOURNAL).unlink(missing_ok=True)


def inode(path: Path) -> int | None:
    """Return what tells the file from another one that was put in its place; None if it isn't there."""
    try:
        return path.stat().st_ino
    except OSError:
        return None


def _make(path: Path) -> None:
    """Put an empty index in place, whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    new = path.with_name(f"{path.name}.{os.urandom(_DRAFT_BYTES).hex()}")
    with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as connection:
        create(connection)
    _remove_drafts(path, new.stat().st_mtime - _DAY)
    for made in (path.parent, new):
        _share(made, path.parent.parent)
    # A journal without its database belongs to one that was deleted, and must not be played into this.
    if not path.exists():
        path.with_name(path.name + _JOURNAL).unlink(missing_ok=True)
    try:
        os.link(new, path)
    except FileExistsError:
        pass  # somebody else was faster, and it may hold something already
    except OSError:
        new.rename(path)  # a file system without hard links
        return
    new.unlink()


def _remove_drafts(path: Path, before: float) -> None:
    """Remove what processes left that were killed while they made an index."""
    for draft in path.parent.glob(f"{path.name}.{'[0-9a-f][0-9a-f]' * _DRAFT_BYTES}*"):
        with contextlib.suppress(OSError):
            if draft.stat().st_mtime < before:
                draft.unlink()


def _share(made: Path, like: Path) -> None:
    """Let those write who may write to the repository (`core.sharedRepository`)."""
    with contextlib.suppress(OSError):
        made.chmod(made.stat().st_mode | (like.stat().st_mode & _OTHERS_MAY_WRITE))
