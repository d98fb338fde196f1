"""What can be wrong with the index, and whether there is a way round it."""

from __future__ import annotations

import sqlite3
from enum import Enum, auto


class Trouble(Enum):
    """What an error of SQLite means here."""

    BUSY = auto()
    """Others have been writing for too long."""
    MOVED = auto()
    """The file was deleted or replaced while we had it open."""
    CLOSED = auto()
    """It can't be written, or not even read."""
    BROKEN = auto()
    """It is no index any more."""
    OURS = auto()
    """The question was wrong."""


_MEANINGS = {
    Trouble.BUSY: (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED),
    Trouble.CLOSED: (
        *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_FULL),
        *(sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS),
    ),
    Trouble.BROKEN: (
        *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FORMAT),
        *(sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH),
    ),
}
_KNOWN = {code: trouble for trouble, codes in _MEANINGS.items() for code in codes}
_PRIMARY = 0xFF
"""An error's code says in its other bits what exactly happened."""
_SAYS_BROKEN = ("no such table", "could not decode")
"""What no code tells. A column that is not there is no damage: tables of another format are never opened."""


class Damaged(sqlite3.DatabaseError):
    """A row says what no program of ours wrote, though SQLite takes it for whole."""


def trouble(error: sqlite3.Error) -> Trouble:
    """Return what an error means."""
    if isinstance(error, Damaged):
        return Trouble.BROKEN
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return Trouble.MOVED
    if code is not None and code & _PRIMARY in _KNOWN:
        return _KNOWN[code & _PRIMARY]
    said = str(error).lower()
    return Trouble.BROKEN if any(words in said for words in _SAYS_BROKEN) else Trouble.OURS
