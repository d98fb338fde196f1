"""One chain in the tables: growing with its branch, and going back when history was rewritten."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping

from git_registry.index.chains import happenings
from git_registry.index.chains.chain import NOWHERE, Chain, chain
from git_registry.index.chains.deriving import Derived, Placed
from git_registry.index.kinds import KINDS
from git_registry.index.storage.database import OPEN
from git_registry.model.layout import Kind
from git_registry.model.numbers import count
from git_registry.model.proposal import proposal
from git_registry.repository.history import Step
from git_registry.repository.identity import Signature

_STANDS = "chain = ? AND place = ? AND kind = ? AND name = ?"
_AT = f"{_STANDS} AND spread = ?"
ENDING = (
    f"UPDATE {{schema}}.entry SET until = ? WHERE {_AT} AND until = {OPEN}"
    f" AND since = (SELECT max(since) FROM {{schema}}.entry WHERE {_AT})"
)
"""Ends what stands at a key. Only the last that came there can; those before it are not read."""


def begin(connection: sqlite3.Connection, ref: str, *, own: str) -> Chain:
    """Return the chain of a branch, an empty one if it is new.

    The one that its local branch, `own`, had before there was a remote is taken over.
    """
    if own != ref and chain(connection, ref) is None:
        connection.execute("UPDATE chain SET ref = ?, published = NULL WHERE ref = ?", (ref, own))
    connection.execute(
        "INSERT OR IGNORE INTO chain(ref, position, read) VALUES (?, ?, ?)", (ref, NOWHERE, NOWHERE)
    )
    found = chain(connection, ref)
    assert found is not None
    return found


_DATED = (
    *(("entry", "since"), ("tally", "since"), ("number", "since"), ("counter", "since")),
    *(("event", "position"), ("step", "position")),
)


def rewind(connection: sqlite3.Connection, chain_id: int, position: int) -> None:
    """Forget every step after a position: the chain is as it was then."""
    after = (chain_id, position)
    for table, column in _DATED:
        connection.execute(f"DELETE FROM main.{table} WHERE chain = ? AND {column} > ?", after)
    connection.execute(
        f"UPDATE main.entry SET until = {OPEN} WHERE chain = ? AND until > ? AND until < {OPEN}", after
    )
    tip = connection.execute(
        "SELECT commit_id FROM main.step WHERE chain = ? AND position = ?", after
    ).fetchone()
    ends_at(connection, chain_id, tip and tip[0], position)
    connection.execute("UPDATE chain SET read = min(read, position) WHERE id = ?", (chain_id,))


def ends_at(connection: sqlite3.Connection, chain_id: int, tip: str | None, position: int) -> None:
    """Write where a chain ends."""
    connection.execute("UPDATE chain SET tip = ?, position = ? WHERE id = ?", (tip, position, chain_id))


class Growing:
    """Writes what steps did at the end of a chain.

    What it writes to and reads from are names: those of the tables themselves, or those of what stands beyond
    a chain (see `beyond`).
    """

    tables = {name: f"main.{name}" for name in ("step", "entry", "tally", "number", "counter", "event")}  # noqa: RUF012
    seen = tables
    standing = f"SELECT 1 FROM main.entry WHERE {_STANDS} AND until = {OPEN} LIMIT 1"
    """Does anything stand at a name, wherever it lies?"""

    def __init__(self, connection: sqlite3.Connection, on: Chain, position: int) -> None:
        self.do = connection.execute
        self.chain = on.id
        self.position = position
        self._many = connection.executemany
        self._places: dict[str, int] = {}
        self._people: dict[tuple[str, str], int] = {}
        self._following: dict[int, int] = {}
        row = self.do(
            f"SELECT latest FROM {self.seen['step']} WHERE chain = ? AND position = ?", (on.id, position)
        ).fetchone()
        self._latest: int | None = row[0] if row else None

    def grow(self, steps: Iterable[Derived]) -> str | None:
        """Write the steps, oldest first, and return the commit of the last; None if there were none."""
        tip = None
        for derived in steps:
            self.position += 1
            tip = derived.step.commit
            self._step(derived.step)
            concerned = {
                (one.identity.subject, one.identity.name) for one in derived.placed if one.is_version
            }
            before = self._linked(concerned)
            for placed in derived.placed:
                self._entry(placed)
            self._tally(before, self._linked(concerned))
            count(self, derived.arrival)
            self._events(derived)
        return tip

    def _step(self, step: Step) -> None:
        committed = int(step.committer.at.timestamp())
        self._latest = committed if self._latest is None else max(self._latest, committed)
        self.do(
            f"INSERT INTO {self.tables['step']} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(self.chain, self.position, step.commit, self._latest),
                *(self._person(step.author), int(step.author.at.timestamp())),
                *(self._person(step.committer), committed),
                *(text(step.subject), proposal(step.message)),
            ),
        )

    def _entry(self, placed: Placed) -> None:
        identity = placed.identity
        place = self._place(identity.subject)
        key = (self.chain, place, KINDS[identity.kind], identity.name, placed.spread)
        self.end(key)
        if placed.now is not None:
            self.do(
                f"INSERT INTO {self.tables['entry']} VALUES (?, ?, ?, ?, ?, ?, {OPEN}, ?, ?)",
                (*key, self.position, placed.now.mode, placed.now.id),
            )

    def _linked(self, versions: Iterable[tuple[str, str]]) -> Counter[str]:
        """Return how many of some versions are linked in each collection, and in each registry."""
        found = Counter[str]()
        for path, version in versions:
            key = (self.chain, self._place(path), KINDS[Kind.VERSION], version)
            if self.do(self.standing, key).fetchone():
                found.update((path, path.partition("/")[0]))
        return found

    def _tally(self, before: Counter[str], after: Counter[str]) -> None:
        for path in before | after:
            more = after[path] - before[path]
            if more:
                place = self._place(path)
                self.do(
                    f"INSERT INTO {self.tables['tally']} VALUES (?, ?, ?, ?)",
                    (self.chain, place, self.position, self._tallied(place) + more),
                )

    def _tallied(self, place: int) -> int:
        found = self.do(
            f"SELECT versions, since FROM {self.seen['tally']} WHERE chain = ? AND place = ?"
            " ORDER BY since DESC LIMIT 1",
            (self.chain, place),
        ).fetchone()
        return found[0] if found else 0

    def end(self, key: tuple[int, int, int, str, bool]) -> None:
        """Write that what stood there does so no longer."""
        self.do(ENDING.format(schema="main"), (self.position, *key, *key))

    def _events(self, derived: Derived) -> None:
        rows = (happenings.row(event) for event in derived.events)
        self._many(
            f"INSERT INTO {self.tables['event']} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(self.chain, self.position, ordinal, row.kind),
                    *(self._place(row.path), self._place(row.path.partition("/")[0])),
                    *(text(row.name), row.version, row.detail),
                )
                for ordinal, row in enumerate(rows)
            ],
        )

    # As a `model.numbers.Register`.

    def has(self, collection: str, version: str) -> bool:
        """Has the version a number here?"""
        key = (self.chain, self._place(collection), version)
        asked = f"SELECT 1 FROM {self.seen['number']} WHERE chain = ? AND place = ? AND version = ?"
        return self.do(asked, key).fetchone() is not None

    def take(self, collection: str, version: str, commit: str) -> None:  # noqa: ARG002
        """Give the version the next number; the commit is the step that is being written."""
        place = self._place(collection)
        following = self._next(place)
        self._following[place] = following + 1
        self.do(
            f"INSERT INTO {self.tables['number']} VALUES (?, ?, ?, ?, ?, ?)",
            (self.chain, place, version, self.position, following, self.position),
        )

    def carry(self, old: str, new: str) -> None:
        """Write the numbers of `old` at `new`, too, from this step on."""
        was, now = self._place(old), self._place(new)
        self._following[now] = max(self._next(now), self._next(was))
        numbers = self.seen["number"]
        self.do(
            f"INSERT INTO {self.tables['number']} SELECT chain, ?, version, ?, number, came"
            f" FROM {numbers} AS n WHERE chain = ? AND place = ?"
            f" AND since = (SELECT max(since) FROM {numbers} AS o"
            " WHERE o.chain = n.chain AND o.place = n.place AND o.version = n.version)",
            (now, self.position, self.chain, was),
        )
        counter = (self.chain, now, self.position, self._following[now])
        self.do(f"INSERT INTO {self.tables['counter']} VALUES (?, ?, ?, ?)", counter)

    def _next(self, place: int) -> int:
        if place not in self._following:
            numbers, counters = self.seen["number"], self.seen["counter"]
            (following,) = self.do(
                "SELECT max("
                f"ifnull((SELECT max(number) + 1 FROM {numbers} WHERE chain = ?1 AND place = ?2), 0), "
                f"ifnull((SELECT max(following) FROM {counters} WHERE chain = ?1 AND place = ?2), 0))",
                (self.chain, place),
            ).fetchone()
            self._following[place] = following
        return self._following[place]

    def _place(self, path: str) -> int:
        known = self._places.get(path)
        if known is None:
            known = self._places[path] = self._id("place", {"path": text(path)})
        return known

    def _person(self, who: Signature) -> int:
        named = (text(who.name), text(who.email))
        known = self._people.get(named)
        if known is None:
            known = self._people[named] = self._id("person", dict(zip(("name", "email"), named, strict=True)))
        return known

    def _id(self, table: str, values: Mapping[str, str]) -> int:
        """Return the id of a row, which is made if it isn't there."""
        wanted = tuple(values.values())
        asked = f"SELECT id FROM {table} WHERE {' AND '.join(f'{name} = ?' for name in values)}"
        found = self.do(asked, wanted).fetchone()
        if found is None:
            marks = ", ".join("?" * len(wanted))
            self.do(f"INSERT INTO {table}({', '.join(values)}) VALUES ({marks})", wanted)
            found = self.do(asked, wanted).fetchone()
        return int(found[0])


def text(value: str) -> str:
    """Return a text as a table can keep it: bytes that were no UTF-8 are spelled out."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
