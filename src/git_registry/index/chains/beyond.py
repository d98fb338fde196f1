"""Steps that no chain holds: a branch under review, a commit nobody published. Kept while asked about."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from git_registry.index.chains.chain import Chain
from git_registry.index.chains.deriving import Derived
from git_registry.index.chains.growing import ENDING, Growing
from git_registry.index.chains.looking import SEEN, look


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
    """Make tables and indexes as the chain has them, and `ended`: what ended here of the chain's own."""
    made = connection.execute("SELECT tbl_name, sql FROM main.sqlite_master WHERE sql IS NOT NULL").fetchall()
    for table, statement in made:
        if table in SEEN:
            connection.execute(_temporary(statement))
        if statement.startswith("CREATE TABLE entry("):
            connection.execute(_temporary(statement.replace("entry(", "ended(", 1)))


def _temporary(statement: str) -> str:
    return statement.replace("CREATE TABLE ", "CREATE TABLE temp.", 1).replace(
        "CREATE INDEX ", "CREATE INDEX temp.", 1
    )


class _Beyond(Growing):
    """Writes to the temporary tables, and sees what is below them."""

    tables = {name: f"temp.{name}" for name in SEEN}  # noqa: RUF012
    seen = {name: f"temp.now_{name}" for name in SEEN}  # noqa: RUF012
    standing = "SELECT 1 FROM temp.now_entry WHERE chain = ? AND place = ? AND kind = ? AND name = ? LIMIT 1"

    def end(self, key: tuple[int, int, int, str, bool]) -> None:
        """See `Growing.end`. A row of the chain stays as it is; a copy tells when it ended."""
        where = "chain = ? AND place = ? AND kind = ? AND name = ? AND spread = ?"
        self.do(
            "INSERT OR IGNORE INTO temp.ended SELECT chain, place, kind, name, spread, since, ?, mode, blob"
            f" FROM main.entry WHERE {where} AND since <= ? AND until > ?",
            (self.position, *key, self._fork, self._fork),
        )
        self.do(ENDING.format(schema="temp"), (self.position, *key, *key))

    def __init__(self, connection: sqlite3.Connection, on: Chain, position: int) -> None:
        super().__init__(connection, on, position)
        self._fork = position
