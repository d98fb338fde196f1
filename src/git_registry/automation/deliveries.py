"""Deliveries as they are kept: the file, what people see in it, and what they do to it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from git_registry.automation.database import connect, told, transaction
from git_registry.automation.queued import QUEUED, Attempt, Health, Paused, Queued
from git_registry.automation.rows import COLUMNS, queued
from git_registry.errors import NotFound


class Deliveries:
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

    def tries(self, id: str) -> list[Attempt]:  # noqa: A002 - its name
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
            self._know(automation)
            self._connection.execute(
                "UPDATE delivery SET state = ?, lately = 0, due = ?, changed = ? WHERE id = ?",
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

    def leave_out(self, automation: str, commit: str, why: str, now: float) -> None:
        """Pause an automation, as what it starts is not queued from a step on, until it is resumed."""
        with self.writing():
            self._know(automation)
            self._connection.execute(
                "UPDATE automation SET paused = coalesce(paused, ?), left_out = ?,"
                " why = CASE WHEN why = '' THEN ? ELSE why || '; ' || ? END"
                " WHERE path = ? AND left_out = ''",
                (now, commit, why, why, automation),
            )

    def left_out(self) -> set[str]:
        """Return the automations that start nothing before they are resumed."""
        return {path for (path,) in self._rows("SELECT path FROM automation WHERE left_out <> ''")}

    def resume(self, automation: str) -> None:
        """Go on with an automation: all that waits has its tries again, from now on."""
        with self.writing():
            self._connection.execute(
                "UPDATE automation SET paused = NULL, why = '', left_out = '' WHERE path = ?", (automation,)
            )
            self.note(automation, Health())
            self._connection.execute(
                "UPDATE delivery SET lately = 0, due = 0 WHERE automation = ? AND state = ?",
                (automation, QUEUED),
            )

    def paused(self) -> list[Paused]:
        """Return the automations that are paused, in order of their paths."""
        rows = self._rows(
            "SELECT path, why, left_out, paused FROM automation WHERE paused IS NOT NULL ORDER BY path"
        )
        return [Paused(automation=path, why=_why(why, left), at=at) for path, why, left, at in rows]

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

    def _know(self, automation: str) -> None:
        self._connection.execute(
            "INSERT INTO automation(path, registry) VALUES(?, ?) ON CONFLICT(path) DO NOTHING",
            (automation, automation.partition("/")[0]),
        )

    def _rows(self, question: str, *values: object) -> Sequence[tuple[Any, ...]]:
        with told(self.path):
            return self._connection.execute(question, values).fetchall()


def _why(why: str, left_out: str) -> str:
    """Return why an automation is paused, and what of it is not in the queue, if anything."""
    if not left_out:
        return why
    return (
        f"{why}; what happened from {left_out[:12]} on is not queued for it: after it is resumed, "
        f"`git registry automation run --from {left_out[:12]}^`"
    )
