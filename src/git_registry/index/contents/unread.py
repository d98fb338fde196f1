"""Which files were not read yet. That is asked often, and nearly always there are none."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from git_registry.index.kinds import KINDS, READ, form
from git_registry.model.snapshot import REGULAR

_FROM = (
    f"FROM {{entries}} AS e WHERE e.chain = {{chain}} AND e.since > {{after}} AND e.mode = {REGULAR}"
    f" AND e.kind IN ({', '.join(str(KINDS[kind]) for kind in READ)})"
    f" AND NOT EXISTS (SELECT 1 FROM main.content AS c WHERE c.blob = e.blob AND c.form = {form('e.kind')})"
)
_UNREAD = f"SELECT DISTINCT e.blob, {form('e.kind')} AS form {_FROM}"
_FIRST = f"SELECT min(e.since) {_FROM}".format(entries="main.entry", chain="chain.id", after="chain.read")
_ADVANCE = f"UPDATE main.chain SET read = coalesce(({_FIRST}) - 1, position) WHERE id = ?"

Unread = Sequence[tuple[str, int]]
"""Blobs, and the kind each is read as."""


def unread(connection: sqlite3.Connection, chain: int, entries: str, after: int) -> list[tuple[str, int]]:
    """Return what was not read yet of the files that came after a position."""
    return connection.execute(_UNREAD.format(entries=entries, chain=chain, after=after)).fetchall()


def advance(connection: sqlite3.Connection, chain: int) -> None:
    """Write down up to which position all files of a chain were read.

    Not what was asked for decides that, but what is there: others write, too, and some blobs may be absent.
    """
    connection.execute(_ADVANCE, (chain,))
