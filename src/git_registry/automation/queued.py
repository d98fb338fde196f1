"""A delivery that is kept, what became of each try, and how well a receiver does: plain values.

Times are seconds since 1970, as the caller's clock has them.
"""

from __future__ import annotations

from dataclasses import dataclass

from git_registry.automation.outgoing import Outgoing

QUEUED, DELIVERED, DEAD = "queued", "delivered", "dead"
"""It will be tried, now or later; it was taken; it will not be tried again unless somebody says so."""

STATES = (QUEUED, DELIVERED, DEAD)
OVER = (DELIVERED, DEAD)

REMOVED = "the automation was removed"
"""Why what was not delivered by then is given up. Another of that name sends none of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A delivery, and where it stands.

    Attributes:
        id: what the receiver knows it by, the same at each try.
        automation: the path of its file; `place` is what that is about.
        commit: the step that the event happened in.
        event, path, subject: the event's kind, where it happened, and what tells it from its like.
        at: when it happened, as documents write times.
        outgoing: what is sent; no secret is in it.
        count: how often it was tried.
        lately: how often since it was queued, last time by hand.
        due: when it may be tried next.
    """

    id: str
    automation: str
    place: str
    commit: str
    event: str
    path: str
    subject: str
    at: str
    outgoing: Outgoing
    state: str = QUEUED
    count: int = 0
    lately: int = 0
    due: float = 0.0

    @property
    def registry(self) -> str:
        """Return the registry it belongs to, which is what a secret is bound to."""
        return self.place.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try.

    Attributes:
        at: when it began.
        status: what the receiver answered; None if it didn't.
        problem: why that is no yes; empty if it is.
        seconds: how long it took.
        body: the beginning of the answer.
    """

    at: float
    status: int | None
    problem: str
    seconds: float
    body: str = ""

    @property
    def ended(self) -> float:
        """Return when it was over."""
        return self.at + self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How well an automation's receiver does, over all its deliveries.

    Attributes:
        failures: tries in a row that failed, of those that began one after another.
        since, latest: when the first and the last of them was over.
        held: until when nothing of this automation is tried.
    """

    failures: int = 0
    since: float = 0.0
    latest: float = 0.0
    held: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """An automation whose deliveries wait until somebody resumes it."""

    automation: str
    why: str
    at: float
