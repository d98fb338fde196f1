"""What follows from an answer: it is over, or another try, and when. Pure: time and chance are given.

The waits are those of Standard Webhooks. A receiver that is down, or that lets nobody in, is asked less and
less often, and by one delivery at a time, until it is paused; one that does not like a body loses only that.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum, auto

from git_registry.automation.answered import Answered
from git_registry.automation.queued import DEAD, DELIVERED, QUEUED, Attempt, Health, Queued

_MINUTE, _HOUR = 60.0, 3600.0
_DAY = 24 * _HOUR

WAITS = (5.0, 5 * _MINUTE, 30 * _MINUTE, *(hours * _HOUR for hours in (2, 5, 10, 14, 20, 24)))
"""Seconds between a try and the next."""

_LONGEST = _DAY  # that a receiver may ask us to wait
_SPREAD = 0.2  # of a wait is by chance, so that what failed together does not come back together
LONGEST = _LONGEST * (1 + _SPREAD)
"""Seconds that a delivery waits for its next try, at most."""

_UNWANTED_TRIES = 4
_MANY, _LONG = 10, _DAY  # tries in a row that fail, and for how long, until an automation is paused

_GONE = 410
_NOT_THIS_BODY = frozenset(range(400, 500)) - {401, 403, 404, 405, 407, 408, _GONE, 425, 429}
"""The others of these say something of the address, of the key or of the moment."""


class Meaning(Enum):
    """What an answer says of a delivery and of its receiver."""

    TAKEN = auto()
    UNWANTED = auto()
    """It does not like this one."""
    DOWN = auto()
    """It takes none at the moment, or not from us."""
    GONE = auto()
    """It wants no more, ever."""
    REFUSED = auto()
    """The server lets nothing go: its admin, or who wrote the automation, has something to mend."""
    HOPELESS = auto()
    """It is not where it was said to be, or this can't be sent."""


def meaning(answered: Answered) -> Meaning:
    """Return what an answer says. A redirect is never followed: it could lead anywhere."""
    status = answered.status
    if answered.refused:
        return Meaning.REFUSED
    if answered.hopeless or (status is not None and 300 <= status < 400):
        return Meaning.HOPELESS
    if not answered.problem if status is None else 200 <= status < 300:
        return Meaning.TAKEN
    if status == _GONE:
        return Meaning.GONE
    return Meaning.UNWANTED if status in _NOT_THIS_BODY else Meaning.DOWN


@dataclass(frozen=True, slots=True)
class Pace:
    """How long is waited between tries.

    Attributes:
        waits: after the first try, after the second … there is one try more than waits.
        chance: gives something from 0 to 1.
    """

    waits: tuple[float, ...] = WAITS
    chance: Callable[[], float] = random.random

    def wait(self, tries: int, answered: Answered) -> float:
        """Return how long to wait after so many tries: longer, if the receiver asked for that."""
        wait = self.waits[min(tries, len(self.waits)) - 1]
        asked = min(max(answered.retry_after or 0.0, 0.0), _LONGEST)
        return max(wait, asked) * (1 + _SPREAD * self.chance())


USUAL = Pace()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a delivery after a try, its state and when it is due, and of its automation.

    Attributes:
        why: the automation is paused from now on; empty if it is not.
    """

    state: str
    due: float
    health: Health
    why: str = ""


def outcome(delivery: Queued, attempt: Attempt, answered: Answered, before: Health, pace: Pace) -> Outcome:
    """Return what follows from an answer, given how the receiver had done before."""
    said, tries = meaning(answered), delivery.lately + 1
    health = _health(before, attempt, said, lambda failures: pace.wait(failures, answered))
    why = _why(said, health, attempt)
    state = _state(said, tries, pace)
    wait = pace.wait(tries, answered) if state == QUEUED else 0.0
    # What is paused is in nobody's way, and somebody will look at it: nothing of it is given up.
    return Outcome(QUEUED if why else state, attempt.ended + wait, health, why)


def _state(said: Meaning, tries: int, pace: Pace) -> str:
    match said:
        case Meaning.TAKEN:
            return DELIVERED
        case Meaning.HOPELESS:
            return DEAD
        case Meaning.UNWANTED:
            return QUEUED if tries < _UNWANTED_TRIES else DEAD
    return QUEUED if tries <= len(pace.waits) else DEAD


def _health(before: Health, attempt: Attempt, said: Meaning, wait: Callable[[int], float]) -> Health:
    if said is Meaning.TAKEN:
        return Health()
    # Several may be under way when a receiver goes down: together they are one failure.
    if said in (Meaning.REFUSED, Meaning.HOPELESS) or attempt.at < before.latest:
        return before
    failures = before.failures + 1
    now = Health(
        failures=failures, since=before.since or attempt.ended, latest=attempt.ended, held=before.held
    )
    return replace(now, held=attempt.ended + wait(failures)) if said is Meaning.DOWN else now


def _why(said: Meaning, health: Health, attempt: Attempt) -> str:
    if said is Meaning.GONE:
        return "the receiver answered 410: it is gone"
    if said is Meaning.REFUSED:
        return attempt.problem
    if health.failures < _MANY or health.latest - health.since < _LONG:
        return ""
    since = datetime.fromtimestamp(health.since, UTC)
    return f"{health.failures} tries in a row failed since {since:%Y-%m-%d %H:%M} UTC: {attempt.problem}"
