"""What the index knows of the organization at one commit. Every answer is read whole before it is given."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any

from git_registry.index.chains.following import Line
from git_registry.index.kinds import KINDS
from git_registry.model.layout import Kind
from git_registry.model.numbers import Numbered

_NUMBERS = (
    "SELECT n.version, n.number,"
    " (SELECT s.commit_id FROM temp.now_step AS s WHERE s.chain = n.chain AND s.position = n.came)"
    " FROM temp.now_number AS n WHERE n.chain = ? AND n.place = ?"
)
_LATER = " ORDER BY +n.since"
"""Before a collection was renamed to this path, a version may have had another number: the later counts.

The plus keeps SQLite from seeking by what it shall only sort by.
"""

_COUNTS = (
    "NOT EXISTS (SELECT 1 FROM temp.now_number AS l WHERE l.chain = n.chain AND l.place = n.place"
    " AND l.version = n.version AND l.since > n.since)"
)
"""Is a number the later one?"""


@dataclass(frozen=True, slots=True)
class Moment:
    """A commit, seen through the index.

    What a view is sorted by is selected, too: only then does SQLite merge what is on the chain and beyond it,
    rather than sort it all.

    Attributes:
        connection: its `now_` views show what held at the commit.
        line: where the commit is.
        remembered: what was read of this commit already, as long as nothing changes; what read it names it.
    """

    connection: sqlite3.Connection
    line: Line
    remembered: dict[str, Any] = field(default_factory=dict)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return what a query gives."""
        return self.connection.execute(sql, values).fetchall()

    def place(self, path: str) -> int | None:
        """Return the number of a registry or collection in the tables, or None if it never was there."""
        found = self.rows("SELECT id FROM place WHERE path = ?", path)
        return found[0][0] if found else None

    def numbers(self, collection: str) -> dict[str, Numbered]:
        """Return id → number of every version that ever was in a collection."""
        found = self.rows(_NUMBERS + _LATER, self.line.on.id, self.place(collection))
        return {version: Numbered(number, commit) for version, number, commit in found}

    def numbered(self, collection: str, version: str) -> Numbered | None:
        """Return a version's number, or None if it never was linked there."""
        asked = _NUMBERS + " AND n.version = ?" + _LATER
        found = self.rows(asked, self.line.on.id, self.place(collection), version)
        return Numbered(*found[-1][1:]) if found else None

    def with_number(self, collection: str, number: int) -> str | None:
        """Return the id that has a number, linked or retired."""
        asked = (
            "SELECT n.version FROM temp.now_number AS n WHERE n.chain = ? AND n.place = ? AND n.number = ?"
            f" AND {_COUNTS}{_LATER}"
        )
        found = self.rows(asked, self.line.on.id, self.place(collection), number)
        return found[-1][0] if found else None

    def highest(self, collection: str) -> int | None:
        """Return the highest number ever given in a collection, or None if nothing was linked."""
        asked = "SELECT max(number) FROM temp.now_number WHERE chain = ? AND place = ?"
        (highest,) = self.rows(asked, self.line.on.id, self.place(collection))[0]
        return None if highest is None else int(highest)

    def tally(self, path: str) -> int:
        """Return how many versions are linked in a collection, or in all of a registry."""
        asked = (
            "SELECT versions, since FROM temp.now_tally WHERE chain = ? AND place = ?"
            " ORDER BY since DESC LIMIT 1"
        )
        found = self.rows(asked, self.line.on.id, self.place(path))
        return int(found[0][0]) if found else 0

    def latest(self, collection: str) -> str | None:
        """Return the linked version with the highest number, or None if none is linked."""
        asked = (
            "SELECT n.version, n.number, n.since FROM temp.now_number AS n"
            " WHERE n.chain = ?1 AND n.place = ?2 AND EXISTS ("
            "SELECT 1 FROM temp.now_entry AS e WHERE e.chain = ?1 AND e.place = ?2 AND e.kind = ?3"
            f" AND e.name = n.version) AND {_COUNTS} ORDER BY n.number DESC, n.since DESC LIMIT 1"
        )
        found = self.rows(asked, self.line.on.id, self.place(collection), KINDS[Kind.VERSION])
        return found[0][0] if found else None

    def commit_at(self, seconds: int) -> str | None:
        """Return the last step whose largest committer date so far is not later; None if there is none."""
        asked = (
            "SELECT commit_id, latest, position FROM temp.now_step WHERE chain = ? AND latest <= ?"
            " ORDER BY latest DESC, position DESC LIMIT 1"
        )
        found = self.rows(asked, self.line.on.id, seconds)
        return found[0][0] if found else None

    def date(self) -> int:
        """Return the largest committer date so far, in seconds."""
        asked = "SELECT latest FROM temp.now_step WHERE chain = ? AND position = ?"
        return int(self.rows(asked, self.line.on.id, self.line.end)[0][0])

    def began(self) -> int:
        """Return the committer date of the first step, in seconds."""
        asked = "SELECT latest, position FROM temp.now_step WHERE chain = ? ORDER BY position LIMIT 1"
        return int(self.rows(asked, self.line.on.id)[0][0])

    def is_published(self, commit: str) -> bool:
        """Is a step on the line that others have, so that the numbers it gave are permanent?"""
        found = self.rows(
            "SELECT position FROM temp.now_step WHERE commit_id = ? AND chain = ?", commit, self.line.on.id
        )
        return bool(found) and self.line.is_published(found[0][0])
