"""Deliveries that wait, and those that were made: kept beside the repository, outside its history.

What is added stays until it was delivered or is given up, whatever kills whom. Several processes may have
a queue open; each change is one transaction. What people see of it and do to it is in `deliveries`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from git_registry.automation.database import told
from git_registry.automation.deliveries import Deliveries
from git_registry.automation.queued import DEAD, DELIVERED, QUEUED, REMOVED, Attempt, Queued
from git_registry.automation.room import Room
from git_registry.automation.rows import COLUMNS, FIELDS, kept, queued, whole
from git_registry.automation.schedule import LONGEST
from git_registry.automation.turns import DUE, NEXT, WAITING

FILE = "automations.db"
"""In the directory that a clone, or a server's repository, keeps for itself."""

DAY = 24 * 3600.0
KEPT = {DELIVERED: 30 * DAY, DEAD: 180 * DAY}
"""How long deliveries can be looked at once they are over."""

MOST_WAITING = 100_000
"""Deliveries of one registry. Whoever may write automations can't fill the disk with what they start."""

LARGEST_BODY = 64 << 10
"""Bytes of a body: GitHub takes no more, and who wants all of something asks the registry for it."""

_TOO_LARGE = f"its body is larger than {LARGEST_BODY >> 10} KiB: let its template say less"

_ROW = 500
"""Bytes of a delivery besides what it sends, and of a try besides what was answered."""

FULL = "its registry has too many deliveries waiting"
"""Why an automation is left out; it may be resumed once they are sent."""


class Queue(Deliveries):
    """The deliveries of one repository, with what whoever sends them asks and notes."""

    @cached_property
    def _room(self) -> Room:
        return Room(self._rows, lambda number: self._forget("number = ?", number))

    def add(self, deliveries: Iterable[Queued], now: float) -> int:
        """Queue deliveries, to be tried at once, and return how many were not known; all or none.

        Those whose id is known are left as they are, so that an event may be told any number of times. Those
        of a registry that has too many waiting are left out, and so is all that follows for their
        automations. Where they take too much, those that were delivered are forgotten first.
        """
        new, waiting, left_out = 0, _Waiting(self._rows), self.left_out()
        with self.writing():
            for one in deliveries:
                if self._is_known(one.id):
                    continue
                self._know(one.automation)
                if one.automation in left_out:
                    continue
                text = kept(one.outgoing)
                size = _ROW + len(text.encode())
                if self._room.take(one.registry, size, now) and waiting.has_room(one.registry):
                    self._insert(one, text, size, now)
                    new += 1
                else:
                    self.leave_out(one.automation, one.commit, FULL, now)
                    left_out.add(one.automation)
        return new

    def _is_known(self, id: str) -> bool:  # noqa: A002 - its name
        known = "SELECT 1 FROM delivery WHERE id = ?1 UNION ALL SELECT 1 FROM past WHERE id = ?1"
        return bool(self._rows(known, id))

    def _insert(self, one: Queued, text: str, size: int, now: float) -> None:
        """Write a delivery down. What it sends is `text`, which is not kept if it is too large to be sent."""
        fits = len(one.outgoing.body.encode("utf-8", "surrogatepass")) <= LARGEST_BODY
        values = {name: getattr(one, name) for name in FIELDS}
        values["outgoing"] = text if fits else kept(replace(one.outgoing, body=""))
        values |= {"state": QUEUED, "count": 0, "lately": 0, "due": now}
        marks = ", ".join("?" * len(FIELDS))
        self._connection.execute(
            f"INSERT INTO delivery({COLUMNS}, changed, size) VALUES({marks}, ?, ?)",
            (*(values[name] for name in FIELDS), now, size),
        )
        if not fits:
            self.record(one.id, Attempt(at=now, status=None, problem=_TOO_LARGE, seconds=0.0), DEAD, now)

    def due(self, now: float, most: int, *, each: int = 0, besides: Iterable[str] = ()) -> list[Queued]:
        """Return what may be tried now, no registry and no automation before its turn.

        Nothing of an automation that is paused or held; of one whose receiver failed last time, one.

        Args:
            now: what is due later waits.
            most: so many at most.
            each: and so many of one automation; 0 for no such limit.
            besides: the ids of those that are being tried; they count as if they were returned.
        """
        asked = {"now": now, "most": most, "each": each or most, "known": json.dumps(list(besides))}
        with told(self.path):
            return [queued(row) for row in self._connection.execute(DUE, asked)]

    def next_due(self, now: float) -> float | None:
        """Return when something is to be tried, not before now; None if nothing waits but for a person."""
        ((found,),) = self._rows(NEXT)
        return None if found is None else max(now, found)

    def record(self, id: str, attempt: Attempt, state: str, due: float) -> str:  # noqa: A002 - its name
        """Note what became of a try, the state that the delivery is in by that, and when it is due again.

        Of what was answered, a registry that takes too much keeps nothing.

        Returns:
            The path that its automation has by now; empty if that was removed while it was tried.
        """
        with self.writing():
            found = self._rows("SELECT number, count, automation, state FROM delivery WHERE id = ?", id)
            ((number, ordinal, automation, before),) = found
            size = _ROW + len(whole(attempt.problem + attempt.body).encode())
            if not self._room.take(automation.partition("/")[0], size, attempt.ended):
                attempt, size = replace(attempt, body=""), _ROW
            said = (whole(attempt.problem), attempt.seconds, whole(attempt.body))
            self._connection.execute(
                "INSERT INTO attempt VALUES(?, ?, ?, ?, ?, ?, ?)",
                (number, ordinal, attempt.at, attempt.status, *said),
            )
            state = DEAD if before == DEAD and state != DELIVERED else state
            self._connection.execute(
                "UPDATE delivery SET state = ?, due = ?, changed = ?, count = count + 1,"
                " lately = lately + 1, size = size + ? WHERE number = ?",
                (state, due, attempt.ended, size, number),
            )
            self._connection.execute(
                "UPDATE automation SET tried = ? WHERE path = ?", (attempt.ended, automation)
            )
            return "" if before == DEAD else str(automation)

    def remove(self, automation: str, commit: str, now: float) -> None:
        """Give up what waits for an automation that a step removed, and forget how it fared.

        Whoever is told of that step again does nothing: by then another may have the name.
        """
        undelivered = "automation = ? AND state <> ?"
        with self.writing():
            if not self._is_news(f"{commit} removes {automation}"):
                return
            self._connection.execute(
                "INSERT INTO attempt SELECT number, count, ?, NULL, ?, 0, '' FROM delivery"
                f" WHERE {undelivered}",
                (now, REMOVED, automation, DELIVERED),
            )
            self._connection.execute(
                f"UPDATE delivery SET state = ?, count = count + 1, changed = ? WHERE {undelivered}",
                (DEAD, now, automation, DELIVERED),
            )
            self._connection.execute("DELETE FROM automation WHERE path = ?", (automation,))

    def move(self, before: str, after: str, commit: str) -> None:
        """Keep what belongs to the automations of a collection that a step renamed, under their new paths.

        Ids stay. As in `remove`, a step counts once.
        """
        inside = f"{before}/automations/", f"{before}/automations0"  # 0 comes after the slash
        with self.writing():
            if not self._is_news(f"{commit} renames {before}"):
                return
            cut = len(before) + 1
            self._connection.execute(
                "UPDATE delivery SET automation = ? || substr(automation, ?), place = ?"
                " WHERE automation >= ? AND automation < ?",
                (after, cut, after, *inside),
            )
            self._connection.execute(
                "UPDATE OR REPLACE automation SET path = ? || substr(path, ?), registry = ?"
                " WHERE path >= ? AND path < ?",
                (after, cut, after.partition("/")[0], *inside),
            )

    def _is_news(self, what: str) -> bool:
        return bool(self._connection.execute("INSERT OR IGNORE INTO past VALUES(?)", (what,)).rowcount)

    def prune(self, now: float) -> int:
        """Forget deliveries that were over long ago, but not that they were made; return how many."""
        with self.writing():
            return sum(
                self._forget("state = ? AND changed < ?", state, now - kept) for state, kept in KEPT.items()
            )

    def _forget(self, which: str, *values: object) -> int:
        old = f"SELECT number FROM delivery WHERE {which}"
        self._connection.execute(
            f"INSERT OR IGNORE INTO past SELECT id FROM delivery WHERE number IN ({old})", values
        )
        self._connection.execute(f"DELETE FROM attempt WHERE delivery IN ({old})", values)
        return self._connection.execute(f"DELETE FROM delivery WHERE number IN ({old})", values).rowcount

    def set_right(self, now: float) -> None:
        """Take what was to wait longer than anything does for due: a clock was ahead, and was set right."""
        far = now + LONGEST
        with self.writing():
            self._connection.execute(
                "UPDATE delivery SET due = ? WHERE state = ? AND due > ?", (now, QUEUED, far)
            )
            self._connection.execute(
                "UPDATE automation SET held = 0, tried = min(tried, ?1), since = min(since, ?1),"
                " latest = min(latest, ?1) WHERE max(held, tried, latest) > ?2",
                (now, far),
            )


class _Waiting:
    """How many deliveries of each registry wait, counted once."""

    def __init__(self, rows: Callable[..., Sequence[tuple[Any, ...]]]) -> None:
        self._rows = rows
        self._counts: dict[str, int] = {}

    def has_room(self, registry: str) -> bool:
        """Take room for one more; False if there is none."""
        if registry not in self._counts:
            ((self._counts[registry],),) = self._rows(WAITING, registry)
        if self._counts[registry] >= MOST_WAITING:
            return False
        self._counts[registry] += 1
        return True
