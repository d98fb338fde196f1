"""Which files were not read yet. That is asked often, and nearly always there are none."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from git_registry.index.kinds import KINDS, READ, form
from git_registry.model.snapshot import REGULAR

_UNREAD = (
    f"SELECT DISTINCT e.blob, {form('e.kind')} AS form FROM {{entries}} AS e"
    f" WHERE e.chain = ? AND e.since > ? AND e.mode = {REGULAR}"
    f" AND e.kind IN ({', '.join(str(KINDS[kind]) for kind in READ)})"
    f" AND NOT EXISTS (SELECT 1 FROM main.content AS c WHERE c.blob = e.blob AND c.form = {form('e.kind')})"
)

Unread = Sequence[tuple[str, int]]
"""Blobs, and the kind each is read as."""


def unread(connection: sqlite3.Connection, chain: int, entries: str, after: int) -> list[tuple[str, int]]:
    """Return what was not read yet of the files that came after a position."""
    return connection.execute(_UNREAD.format(entries=entries), (chain, after)).fetchall()
