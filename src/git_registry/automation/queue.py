"""Deliveries that wait, and those that were made: kept beside the repository, outside its history.

What is added stays until it was delivered or is given up, whatever kills whom. Several processes may have
a queue open; each change is one transaction.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from git_registry.automation.database import connect, told, transaction
from git_registry.automation.queued import DEAD, DELIVERED, QUEUED, Attempt, Health, Paused, Queued
from git_registry.automation.rows import COLUMNS, FIELDS, kept, queued, whole
from git_registry.automation.turns import DUE, NEXT, WAITING
from git_registry.errors import NotFound

FILE = "automations.db"
"""In the directory that a clone, or a server's repository, keeps for itself."""

DAY = 24 * 3600.0
KEPT = {DELIVERED: 30 * DAY, DEAD: 180 * DAY}
"""How long deliveries can be looked at once they are over."""

MOST_WAITING = 100_000
"""Deliveries of one registry. Whoever may write automations can't fill the disk with what they start."""


class Queue:
    """The deliveries of one repository. Used from the thread that opened it."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a queue, which is made if it isn't there; `close` it, or use it in a `with`.

        Raises:
            RegistryError: it can't be made or read.
        """
        with told(path):
            return cls(connect(path), path)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Make all changes inside it at once, or none.

        Raises:
            RegistryError: the file can't be written, or another process has been writing it for too long.
        """
        with told(self.path), transaction(self._connection):
            yield

    # What is sent

    def add(self, deliveries: Iterable[Queued], now: float) -> int:
        """Queue deliveries, to be tried at once, and return how many were not known; all or none.

        Those whose id is known are left as they are, so that an event may be told any number of times. Those
        of a registry that has too many waiting are left out, and their automations are paused, with why.
        """
        new, waiting = 0, _Waiting(self._rows)
        with self.writing():
            for one in deliveries:
                if self._is_known(one.id):
                    continue
                self._know(one.automation)
                if waiting.has_room(one.registry):
                    self._insert(one, now)
                    new += 1
                else:
                    self._leave_out(one, now)
        return new

    def _is_known(self, id: str) -> bool:  # noqa: A002 - its name
        known = "SELECT 1 FROM delivery WHERE id = ?1 UNION ALL SELECT 1 FROM past WHERE id = ?1"
        return bool(self._rows(known, id))

    def _insert(self, one: Queued, now: float) -> None:
        values = {name: getattr(one, name) for name in FIELDS}
        values |= {"outgoing": kept(one.outgoing), "state": QUEUED, "attempts": 0, "tries": 0, "due": now}
        marks = ", ".join("?" * len(FIELDS))
        self._connection.execute(
            f"INSERT INTO delivery({COLUMNS}, changed) VALUES({marks}, ?)",
            (*(values[name] for name in FIELDS), now),
        )

    def _leave_out(self, one: Queued, now: float) -> None:
        self.pause(one.automation, "", now)
        self._connection.execute(
            "UPDATE automation SET left_out = ? WHERE path = ? AND left_out = ''",
            (one.commit, one.automation),
        )

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

    def record(self, id: str, attempt: Attempt, state: str, due: float) -> None:  # noqa: A002 - its name
        """Note what became of a try, the state that the delivery is in by that, and when it is due again."""
        with self.writing():
            found = self._rows("SELECT number, attempts, automation FROM delivery WHERE id = ?", id)
            ((number, ordinal, automation),) = found
            said = (whole(attempt.problem), attempt.seconds, whole(attempt.body))
            self._connection.execute(
                "INSERT INTO attempt VALUES(?, ?, ?, ?, ?, ?, ?)",
                (number, ordinal, attempt.at, attempt.status, *said),
            )
            self._connection.execute(
                "UPDATE delivery SET state = ?, due = ?, changed = ?, attempts = attempts + 1,"
                " tries = tries + 1 WHERE number = ?",
                (state, due, attempt.ended, number),
            )
            self._connection.execute(
                "UPDATE automation SET tried = ? WHERE path = ?", (attempt.ended, automation)
            )

    def health(self, automation: str) -> Health:
        """Return how well an automation's receiver does."""
        found = self._rows("SELECT failures, since, latest, held FROM automation WHERE path = ?", automation)
        for failures, since, latest, held in found:
            return Health(failures=failures, since=since, latest=latest, held=held)
        return Health()

    def note(self, automation: str, health: Health) -> None:
        """Note how well it does now."""
        with self.writing():
            self._know(automation)
            self._connection.execute(
                "UPDATE automation SET failures = ?, since = ?, latest = ?, held = ? WHERE path = ?",
                (health.failures, health.since, health.latest, health.held, automation),
            )

    def prune(self, now: float) -> int:
        """Forget deliveries that were over long ago, but not that they were made; return how many."""
        pruned = 0
        with self.writing():
            for state, kept in KEPT.items():
                old = "SELECT number FROM delivery WHERE state = ? AND changed < ?"
                bounds = (state, now - kept)
                self._connection.execute(
                    f"INSERT OR IGNORE INTO past SELECT id FROM delivery WHERE number IN ({old})", bounds
                )
                self._connection.execute(f"DELETE FROM attempt WHERE delivery IN ({old})", bounds)
                pruned += self._connection.execute(
                    f"DELETE FROM delivery WHERE number IN ({old})", bounds
                ).rowcount
        return pruned

    # What people see and do

    def deliveries(self, automation: str = "", state: str = "", *, most: int = 100) -> list[Queued]:
        """Return the newest deliveries first: all, those of one automation, or in one state."""
        asked = {name: one for name, one in {"automation": automation, "state": state}.items() if one}
        where = " AND ".join(["TRUE", *(f"{name} = ?" for name in asked)])
        question = f"SELECT {COLUMNS} FROM delivery WHERE {where} ORDER BY number DESC LIMIT ?"
        return [queued(row) for row in self._rows(question, *asked.values(), most)]

    def delivery(self, id: str) -> Queued:  # noqa: A002 - its name
        """Return one delivery.

        Raises:
            NotFound: there is none of that id.
        """
        for row in self._rows(f"SELECT {COLUMNS} FROM delivery WHERE id = ?", id):
            return queued(row)
        raise NotFound(
            f"there is no delivery {id}",
            where=str(self.path),
            hint="`git registry automation deliveries` lists those that are kept",
        )

    def attempts(self, id: str) -> list[Attempt]:  # noqa: A002 - its name
        """Return each try of a delivery, the first one first.

        Raises:
            NotFound: there is none of that id.
        """
        self.delivery(id)
        rows = self._rows(
            "SELECT a.at, status, problem, seconds, body FROM attempt AS a"
            " JOIN delivery AS d ON d.number = a.delivery WHERE d.id = ? ORDER BY ordinal",
            id,
        )
        return [
            Attempt(at=at, status=status, problem=problem, seconds=seconds, body=body)
            for at, status, problem, seconds, body in rows
        ]

    def redeliver(self, id: str, now: float) -> Queued:  # noqa: A002 - its name
        """Queue a delivery once more, with all its tries and the same id, and return it.

        It is tried at once, even if its receiver failed lately; unless the automation is paused.

        Raises:
            NotFound: there is none of that id.
        """
        with self.writing():
            automation = self.delivery(id).automation
            self._connection.execute(
                "UPDATE delivery SET state = ?, tries = 0, due = ?, changed = ? WHERE id = ?",
                (QUEUED, now, now, id),
            )
            self._connection.execute("UPDATE automation SET held = 0 WHERE path = ?", (automation,))
            return self.delivery(id)

    def pause(self, automation: str, why: str, now: float) -> None:
        """Send nothing of an automation until it is resumed; what it starts is queued."""
        with self.writing():
            self._know(automation)
            self._connection.execute(
                "UPDATE automation SET paused = ?, why = ? WHERE path = ? AND paused IS NULL",
                (now, why, automation),
            )

    def resume(self, automation: str) -> None:
        """Go on with an automation: all that waits has its tries again, from now on."""
        with self.writing():
            self._connection.execute(
                "UPDATE automation SET paused = NULL, why = '', left_out = '' WHERE path = ?", (automation,)
            )
            self.note(automation, Health())
            self._connection.execute(
                "UPDATE delivery SET tries = 0, due = 0 WHERE automation = ? AND state = ?",
                (automation, QUEUED),
            )

    def paused(self) -> list[Paused]:
        """Return the automations that are paused, in order of their paths."""
        rows = self._rows(
            "SELECT path, why, left_out, paused FROM automation WHERE paused IS NOT NULL ORDER BY path"
        )
        return [Paused(automation=path, why=_why(why, left), at=at) for path, why, left, at in rows]

    def _know(self, automation: str) -> None:
        self._connection.execute(
            "INSERT INTO automation(path, registry) VALUES(?, ?) ON CONFLICT(path) DO NOTHING",
            (automation, automation.partition("/")[0]),
        )

    def _rows(self, question: str, *values: object) -> Sequence[tuple[Any, ...]]:
        with told(self.path):
            return self._connection.execute(question, values).fetchall()


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


def _why(why: str, left_out: str) -> str:
    """Return why an automation is paused, and what of it is not in the queue, if anything."""
    if not left_out:
        return why
    full = (
        f"its registry has {MOST_WAITING:,} deliveries waiting, and what happened from {left_out[:12]} on is "
        f"not among them; when they are sent, `git registry automation run --from {left_out[:12]}^`"
    )
    return f"{why}; {full}" if why else full
