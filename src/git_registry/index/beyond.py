"""Steps that no chain holds: a branch under review, a commit nobody published. Kept while asked about."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from git_registry.index.chain import Chain
from git_registry.index.database import OPEN, TABLES
from git_registry.index.deriving import Derived
from git_registry.index.growing import Growing
from git_registry.index.looking import KEY, SEEN, look


def look_beyond(connection: sqlite3.Connection, on: Chain, position: int, steps: Iterable[Derived]) -> int:
    """Make the connection see a chain as it was at a position, followed by some steps beyond it.

    Returns the position of the last step.
    """
    look(connection, on, position, beyond=True)
    _make_tables(connection)
    end = _Beyond(connection, on, position)
    end.grow(steps)
    return end.position


def _make_tables(connection: sqlite3.Connection) -> None:
    for statement in TABLES.split(";"):
        name = statement.strip().removeprefix("CREATE TABLE ").partition("(")[0]
        if name in SEEN:
            connection.execute(statement.replace("CREATE TABLE ", "CREATE TEMP TABLE "))
    columns = ", ".join(KEY)
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
