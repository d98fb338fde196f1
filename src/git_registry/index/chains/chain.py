"""Chains as the tables have them; see `database.TABLES`."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

NOWHERE = -1
"""The position before the root."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain as its row has it; see `database.TABLES`."""

    id: int
    ref: str
    tip: str | None
    position: int
    published: str | None
    read: int


_COLUMNS = "id, ref, tip, position, published, read"


def chain(connection: sqlite3.Connection, ref: str) -> Chain | None:
    """Return the chain that follows a branch, or None if nobody asked about it yet."""
    found = connection.execute(f"SELECT {_COLUMNS} FROM chain WHERE ref = ?", (ref,)).fetchone()
    return Chain(*found) if found else None


def chains(connection: sqlite3.Connection) -> list[Chain]:
    """Return all chains."""
    return [Chain(*row) for row in connection.execute(f"SELECT {_COLUMNS} FROM chain ORDER BY id")]


def position_of(connection: sqlite3.Connection, on: Chain, commit: str) -> int | None:
    """Return where a commit is on a chain, or None."""
    found = connection.execute(
        "SELECT position FROM main.step WHERE commit_id = ? AND chain = ?", (commit, on.id)
    ).fetchone()
    return found[0] if found else None
