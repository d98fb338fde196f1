"""The file that deliveries wait in: its tables, who may read it, and what can be wrong with it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from git_registry.errors import RegistryError

FORMAT = 1
"""Of the tables. Unlike an index they can't be made anew: whoever changes them brings old ones along."""

PATIENCE = 20.0
"""Seconds to wait for another process that is writing."""

TABLES = """
CREATE TABLE delivery(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  automation TEXT NOT NULL,
  place TEXT NOT NULL,
  "commit" TEXT NOT NULL,
  event TEXT NOT NULL, path TEXT NOT NULL, subject TEXT NOT NULL,
  at TEXT NOT NULL,
  outgoing TEXT NOT NULL,        -- as JSON, with the names of its secrets
  state TEXT NOT NULL,
  count INTEGER NOT NULL,         -- of its tries, and of those since it was queued last
  lately INTEGER NOT NULL,
  due REAL NOT NULL,
  changed REAL NOT NULL,         -- when it came, or was tried last
  size INTEGER NOT NULL          -- about how many bytes it takes here, with its tries
);
CREATE INDEX delivery_size ON delivery(automation, size);
CREATE INDEX delivery_due ON delivery(automation, due, number) WHERE state = 'queued';
CREATE INDEX delivery_automation ON delivery(automation, number);
CREATE INDEX delivery_changed ON delivery(state, changed);
CREATE TABLE attempt(
  delivery INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  at REAL NOT NULL,
  status INTEGER,
  problem TEXT NOT NULL,
  seconds REAL NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY(delivery, ordinal)
) WITHOUT ROWID;
CREATE TABLE automation(
  path TEXT PRIMARY KEY,
  registry TEXT NOT NULL,
  tried REAL NOT NULL DEFAULT 0, -- when one of its deliveries was tried last
  failures INTEGER NOT NULL DEFAULT 0,
  since REAL NOT NULL DEFAULT 0, latest REAL NOT NULL DEFAULT 0, held REAL NOT NULL DEFAULT 0,
  paused REAL,                   -- since when; NULL if it isn't
  why TEXT NOT NULL DEFAULT '',
  left_out TEXT NOT NULL DEFAULT ''  -- the commit from which on what it starts was too much
) WITHOUT ROWID;
CREATE TABLE past(id TEXT PRIMARY KEY) WITHOUT ROWID;
  -- deliveries that are not kept any more, and not made again; automations that went or moved, by their steps
"""


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection to the file, which is made if it isn't there.

    Raises:
        RegistryError: it can't be made, is somebody else's, or of a newer version.
        sqlite3.Error: it is no database.
    """
    try:
        _make(path)
    except PermissionError as error:
        raise RegistryError(
            "the queue of deliveries belongs to somebody else",
            where=str(path),
            hint="run automations as that user, by a timer",
        ) from error
    except OSError as error:
        raise RegistryError(f"the queue can't be used: {error.strerror}", where=str(path)) from error
    connection = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)
    try:
        connection.execute("PRAGMA journal_mode=TRUNCATE")
        # The cursor goes on once deliveries are here: not even a power cut may take them back.
        connection.execute("PRAGMA synchronous=FULL")
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _make(path: Path) -> None:
    """Make an empty file that only its owner may read: what is sent and answered is nobody else's to know."""
    path.parent.mkdir(exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    path.chmod(0o600)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    with transaction(connection):
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        if found > FORMAT:
            raise RegistryError(
                "a newer version made this queue", where=str(path), hint="upgrade git-registry here"
            )
        if found == 0:
            for statement in TABLES.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={FORMAT}")


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Do all of it or nothing; within another one, it is part of that."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.execute("COMMIT")


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Say what is wrong with the file in words.

    Raises:
        RegistryError: it can't be read or written.
    """
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # ours: not the file is wrong, the question
    except sqlite3.DatabaseError as error:
        raise _said(error, path) from error


def _said(error: sqlite3.DatabaseError, path: Path) -> RegistryError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return RegistryError(
            f"another process has been writing the queue for {PATIENCE:.0f} seconds",
            where=str(path),
            hint="try again when it is done",
        )
    hint = "free some space" if code == sqlite3.SQLITE_FULL else ""
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        hint = "move it away, then `git registry automation run --from REV` queues again what happened since"
    return RegistryError(f"the queue can't be used: {error}", where=str(path), hint=hint)
