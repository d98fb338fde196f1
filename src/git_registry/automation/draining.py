"""Sends what is due. Threads wait for the receivers, and the thread that called writes down what they said.

A try is written down after it was made: who is killed in between makes it again, under the same id.
"""

from __future__ import annotations

import contextlib
import math
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from git_registry.automation.answered import Answered
from git_registry.automation.queue import Queue
from git_registry.automation.queued import DEAD, DELIVERED, QUEUED, Attempt, Paused, Queued
from git_registry.automation.rows import UNREADABLE
from git_registry.automation.schedule import USUAL, Meaning, Pace, meaning, outcome

Send = Callable[[Queued], Answered]

_DAMAGED = Answered(problem="what was to be sent can't be read in the queue any more", hopeless=True)

_LOOK_AGAIN = 1.0
"""Seconds until what somebody else queued or resumed is seen while receivers take their time."""

_SOON, _TOGETHER = 0.1, 64
"""Seconds, and tries, until they are written down. A disk takes ten times as long for each by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """What was done.

    Attributes:
        sent: tries that were made.
        delivered, failed, dead: those that were taken; those to be tried again; those that are given up.
        paused: the automations that were paused, with why.
    """

    sent: int = 0
    delivered: int = 0
    failed: int = 0
    dead: int = 0
    paused: tuple[Paused, ...] = ()


def drain(
    queue: Queue,
    send: Send,
    clock: Callable[[], float],
    *,
    workers: int = 16,
    until: float = math.inf,
    pace: Pace = USUAL,
) -> Drained:
    """Send what is due, until nothing is, and return what became of it.

    No registry has more than half of the workers, and no automation more than a quarter, so that receivers
    that take their time keep nobody waiting but those who chose them.

    Args:
        queue: what is to be sent.
        send: called from several threads.
        clock: what time it is, in seconds.
        workers: how many are sent at once.
        until: when that is, nothing more is begun; what is under way ends.
        pace: how long is waited between tries.

    Raises:
        RegistryError: the queue can't be written. What was not written down is sent again.
    """
    queue.set_right(clock())
    queue.prune(clock())
    with ThreadPoolExecutor(workers, "delivery") as threads:
        draining = _Draining(queue, clock, pace, workers)
        while True:
            if clock() < until:
                draining.begin(threads, send)
            if not draining.settle():
                return draining.drained()


@dataclass(frozen=True, slots=True)
class _Made:
    """A try that was made."""

    delivery: Queued
    at: float
    answered: Answered

    @property
    def attempt(self) -> Attempt:
        """Return it as it is kept."""
        said = self.answered
        return Attempt(
            at=self.at, status=said.status, problem=said.problem, seconds=said.seconds, body=said.body
        )


class _Draining:
    """What is under way, and what was done."""

    def __init__(self, queue: Queue, clock: Callable[[], float], pace: Pace, workers: int) -> None:
        self._queue = queue
        self._clock = clock
        self._pace = pace
        self._workers = workers
        self._under_way: dict[str, Queued] = {}
        self._made: SimpleQueue[_Made] = SimpleQueue()
        self._unwritten: dict[str, _Made] = {}
        self._counts: Counter[str] = Counter()
        self._paused: dict[str, Paused] = {}

    def begin(self, threads: Executor, send: Send) -> None:
        """Start what is due, as far as there is room for it."""
        room = self._workers - len(self._under_way)
        for one in self._due() if room else ():
            if room and self._may_begin(one):
                self._under_way[one.id] = one
                threads.submit(self._make, one, send)
                room -= 1

    def _due(self) -> list[Queued]:
        known = (*self._under_way, *self._unwritten)
        return self._queue.due(self._clock(), self._workers, each=self._share(4), besides=known)

    def _may_begin(self, one: Queued) -> bool:
        others = self._under_way.values()
        return sum(other.automation == one.automation for other in others) < self._share(4) and sum(
            other.registry == one.registry for other in others
        ) < self._share(2)

    def _share(self, parts: int) -> int:
        return max(1, self._workers // parts)

    def _make(self, one: Queued, send: Send) -> None:
        at = self._clock()
        try:
            answered = _DAMAGED if one.outgoing is UNREADABLE else send(one)
        except Exception as error:  # noqa: BLE001 - told as a failure, without words that could hold a secret
            answered = Answered(problem=f"it could not be sent: {type(error).__name__}")
        self._made.put(_Made(one, at, answered))

    def settle(self) -> bool:
        """Wait a little for tries to be over, and write them down together; False if there are none."""
        if not self._under_way and not self._unwritten:
            return False
        made = list(self._over()) if self._under_way else []
        for one in made:
            del self._under_way[one.delivery.id]
        self._unwritten |= {one.delivery.id: one for one in made}
        if self._unwritten and (not made or self._must_write()):
            self._write_down()
        return True

    def _over(self) -> Iterator[_Made]:
        with contextlib.suppress(Empty):
            yield self._made.get(timeout=_SOON if self._unwritten else _LOOK_AGAIN)
            while True:
                yield self._made.get_nowait()

    def _must_write(self) -> bool:
        """Is it time to write, or did one fail, which says what may be begun next?"""
        made = self._unwritten.values()
        return (
            len(made) >= _TOGETHER
            or self._clock() - min(one.attempt.ended for one in made) >= _SOON
            or any(meaning(one.answered) is not Meaning.TAKEN for one in made)
        )

    def _write_down(self) -> None:
        with self._queue.writing():
            for one in self._unwritten.values():
                self._write(one)
        self._unwritten.clear()

    def _write(self, made: _Made) -> None:
        automation = made.delivery.automation
        before = self._queue.health(automation)
        found = outcome(made.delivery, made.attempt, made.answered, before, self._pace)
        self._counts[found.state] += 1
        automation = self._queue.record(made.delivery.id, made.attempt, found.state, found.due)
        if not automation:
            return
        if found.health != before:
            self._queue.note(automation, found.health)
        if found.why:
            now = Paused(automation=automation, why=found.why, at=made.attempt.ended)
            self._queue.pause(automation, now.why, now.at)
            self._paused.setdefault(automation, now)

    def drained(self) -> Drained:
        """Return what was done."""
        counts = self._counts
        return Drained(
            sent=counts.total(),
            delivered=counts[DELIVERED],
            failed=counts[QUEUED],
            dead=counts[DEAD],
            paused=tuple(self._paused.values()),
        )
