"""Steps that no chain holds: a branch under review, a commit nobody published. Kept while asked about."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from git_registry.index.chain import Chain, Growing
from git_registry.index.database import OPEN, TABLES
from git_registry.index.deriving import Derived

SEEN = ("step", "entry", "number", "counter", "event")
"""The tables that grow with a line. As seen from a moment they are called `now_step`, `now_entry` …"""

_KEY = ("chain", "place", "kind", "name", "spread", "since")


def look(connection: sqlite3.Connection, on: Chain, position: int, steps: Iterable[Derived] = ()) -> int:
    """Make the connection see a chain as it was at a position, followed by some steps beyond it.

    Returns the position of the last step.
    """
    for name in SEEN:
        connection.execute(f"DROP VIEW IF EXISTS temp.now_{name}")
        connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
    connection.execute("DROP TABLE IF EXISTS temp.ended")
    beyond = iter(steps)
    first = next(beyond, None)
    for name, column in zip(SEEN, ("position", "since", "since", "since", "position"), strict=True):
        there = f"SELECT * FROM main.{name} WHERE chain = {on.id} AND {column} <= {position}"
        if name == "entry":
            there += f" AND until > {position}"
        connection.execute(f"CREATE TEMP VIEW now_{name} AS {there}{_and_beyond(name) if first else ''}")
    if first is None:
        return position
    _make_tables(connection)
    growing = _Beyond(connection, on, position)
    growing.grow(_again(first, beyond))
    return growing.position


def _again(first: Derived, rest: Iterable[Derived]) -> Iterable[Derived]:
    yield first
    yield from rest


def _and_beyond(name: str) -> str:
    if name != "entry":
        return f" UNION ALL SELECT * FROM temp.{name}"
    same = " AND ".join(f"e.{column} = entry.{column}" for column in _KEY)
    return (
        f" AND NOT EXISTS (SELECT 1 FROM temp.ended AS e WHERE {same})"
        f" UNION ALL SELECT * FROM temp.entry WHERE until = {OPEN}"
    )


def _make_tables(connection: sqlite3.Connection) -> None:
    for statement in TABLES.split(";"):
        name = statement.strip().removeprefix("CREATE TABLE ").partition("(")[0]
        if name in SEEN:
            connection.execute(statement.replace("CREATE TABLE ", "CREATE TEMP TABLE "))
    columns = ", ".join(_KEY)
    connection.execute(f"CREATE TEMP TABLE ended({columns}, PRIMARY KEY({columns})) WITHOUT ROWID")


class _Beyond(Growing):
    """Writes to the temporary tables, and sees what is below them."""

    tables = {name: f"temp.{name}" for name in SEEN}  # noqa: RUF012
    seen = {name: f"temp.now_{name}" for name in SEEN}  # noqa: RUF012

    def end(self, key: tuple[int, int, int, str, bool]) -> None:
        """See `Growing.end`. A row of the chain stays as it is, and is hidden."""
        where = "chain = ? AND place = ? AND kind = ? AND name = ? AND spread = ?"
        self.do(
            "INSERT OR IGNORE INTO temp.ended SELECT chain, place, kind, name, spread, since"
            f" FROM main.entry WHERE {where} AND since <= ? AND until > ?",
            (*key, self._fork, self._fork),
        )
        self.do(f"UPDATE temp.entry SET until = ? WHERE {where} AND until = {OPEN}", (self.position, *key))

    def __init__(self, connection: sqlite3.Connection, on: Chain, position: int) -> None:
        super().__init__(connection, on, position)
        self._fork = position
