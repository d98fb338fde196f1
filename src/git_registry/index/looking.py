"""What a connection sees of a chain: the views in which the organization is as it was at one position."""

from __future__ import annotations

import sqlite3

from git_registry.index.chain import Chain
from git_registry.index.database import OPEN

SEEN = {"step": "position", "entry": "since", "number": "since", "counter": "since", "event": "position"}
"""The tables that grow with a line, each with the column that dates a row.

As seen from a moment they are called `now_step`, `now_entry` …; what stands beyond the chain is in temporary
tables of the same names.
"""

_IN_ORDER = ("step", "event")
"""Tables that are read along the line."""

KEY = ("chain", "place", "kind", "name", "spread", "since")
"""What tells one row of `entry` from another."""


def look(connection: sqlite3.Connection, on: Chain, position: int, *, beyond: bool = False) -> None:
    """Make the connection see a chain as it was at a position, and what stands beyond it if anything does."""
    for name in SEEN:
        connection.execute(f"DROP VIEW IF EXISTS temp.now_{name}")
        connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
    connection.execute("DROP TABLE IF EXISTS temp.ended")
    for name, column in SEEN.items():
        # With a plus before it SQLite seeks by no such column: nearly all rows are old enough.
        dated = column if name in _IN_ORDER else f"+{column}"
        there = f"SELECT * FROM main.{name} WHERE chain = {on.id} AND {dated} <= {position}"
        if name == "entry":
            there += f" AND until > {position}"
        connection.execute(f"CREATE TEMP VIEW now_{name} AS {there}{_and_beyond(name) if beyond else ''}")


def _and_beyond(name: str) -> str:
    if name != "entry":
        return f" UNION ALL SELECT * FROM temp.{name}"
    same = " AND ".join(f"e.{column} = entry.{column}" for column in KEY)
    return (
        f" AND NOT EXISTS (SELECT 1 FROM temp.ended AS e WHERE {same})"
        f" UNION ALL SELECT * FROM temp.entry WHERE until = {OPEN}"
    )
