"""Answers what happened: what follows from it is queued, and what is queued is sent.

Whoever is told to answer collects, then sends what is due unless somebody else does so already: that one
sees within a second what was queued meanwhile. One process of a repository sends, and one more may wait for
those that are to be tried again. None of them is needed: who comes next finds what is left in the queue.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TextIO

from git_registry.automation.answered import Answered
from git_registry.automation.draining import Drained, drain
from git_registry.automation.queue import FILE, Queue
from git_registry.automation.queued import REMOVED, Queued
from git_registry.automation.sending import send
from git_registry.automation.server import NETWORK, Server
from git_registry.catalog import cursor, local
from git_registry.catalog.catalog import Catalog
from git_registry.errors import Conflict
from git_registry.model.snapshot import Snapshot
from git_registry.sdk.collecting import collect, restart, tip_of
from git_registry.sdk.duties import COLLECTING, SENDING, WAITING, ask, asked, let_another_start, taken_up

_PATIENCE = 60.0
"""Seconds to wait for another that collects: it may have much to catch up with, and looks again then."""

_AFRESH = 10.0
"""Seconds after which the server's settings are read again, and which automations there still are."""

_MEANWHILE = 10.0
"""Seconds of sending while another collects, before we wait for it."""

_SHORTEST, _LONGEST = 0.5, 5.0
"""Seconds to sleep before looking again: somebody may have queued what is due sooner."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What time it is, in seconds, and how to let it pass."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


REAL = Timing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatched(Drained):
    """What was done.

    Attributes:
        new: deliveries that were queued.
    """

    new: int = 0

    def and_then(self, more: Drained) -> Dispatched:
        """Return this and what was sent after it."""
        return replace(
            self,
            sent=self.sent + more.sent,
            delivered=self.delivered + more.delivered,
            failed=self.failed + more.failed,
            dead=self.dead + more.dead,
            paused=(*self.paused, *more.paused),
        )


def queue_of(catalog: Catalog) -> Path:
    """Return where a repository's queue is. It is not there before there was something to answer."""
    return local.directory(catalog.repository) / FILE


def answering(catalog: Catalog) -> Catalog:
    """Return the repository as its default branch has it: in a clone, as far as that is published."""
    if catalog.repository.is_bare:
        return catalog.seen_from(catalog.repository.current_branch())
    return catalog.proposing()


def dispatch(catalog: Catalog, *, stay: float = 0.0, since: str = "", timing: Timing = REAL) -> Dispatched:
    """Send what follows from what happened on the default branch, and what else is due.

    Args:
        catalog: the repository; a server's, or a clone, where what is published counts.
        stay: for how many seconds to wait for deliveries that are to be tried again.
        since: the revision after which everything is answered; empty to go on where it was left.
        timing: the time.

    Raises:
        Conflict: history was rewritten, so that what happened can't be told. What was queued before is sent.
            Or another process has been catching up for a minute, and goes on.
        NotFound: there are no commits, or no such revision, or history is cut off.
        UsageError: these are another account's files.
    """
    queue_of(catalog).parent.mkdir(parents=True, exist_ok=True)
    until = timing.now() + stay
    with Queue.open(queue_of(catalog)) as queue:
        dispatcher = _Dispatcher(answering(catalog), queue, timing)
        try:
            dispatcher.collect(since)
        except Conflict:
            dispatcher.send()
            raise
        dispatcher.send()
        while dispatcher.is_behind():
            dispatcher.collect()
            dispatcher.send()
        if stay > 0:
            dispatcher.wait(until)
        return dispatcher.done


class _Dispatcher:
    """One process that is at work."""

    def __init__(self, catalog: Catalog, queue: Queue, timing: Timing) -> None:
        self._catalog = catalog
        self._queue = queue
        self._timing = timing
        self._directory = queue.path.parent
        self._told: set[str] = set()
        self.done = Dispatched()

    def is_behind(self) -> bool:
        """Has the branch moved since it was looked at? Whoever moved it may have left that to us."""
        return cursor.read(self._catalog.repository) != self._catalog.tip()

    def collect(self, since: str = "") -> None:
        with self._collecting():
            let_another_start(self._directory)
            if since:
                restart(self._catalog, self._queue, since, self._timing.now())
            new = collect(self._catalog, self._queue, self._timing.now())
        self.done = replace(self.done, new=self.done.new + new)

    def _collecting(self) -> TextIO:
        """Take up collecting; if another is at it, send before waiting: what it queues comes bit by bit."""
        file = self._directory / COLLECTING
        try:
            return taken_up(file)
        except Conflict:
            # Not for long: until we are at it ourselves, what is pushed starts nobody else.
            self._drain(self._timing.now() + _MEANWHILE)
            return taken_up(file, seconds=_PATIENCE)

    def send(self) -> None:
        """Send what is due, until nothing is, unless somebody else does."""
        # What was queued while we gave up our turn, whoever did so left to us.
        while self._drain() and self._is_due():
            pass

    def _drain(self, until: float = math.inf) -> bool:
        """Send what is due, and what becomes so meanwhile; return False if somebody else sends."""
        try:
            turn = taken_up(self._directory / SENDING)
        except Conflict:
            return False
        with turn:
            sender = Sender(self._catalog, self._timing.now)
            self._tell(sender.unread)
            done = drain(self._queue, sender, self._timing.now, until=until)
            self._tell(sender.unread)  # as they are by now
        self.done = self.done.and_then(done)
        return True

    def _tell(self, problems: Iterable[str]) -> None:
        for problem in set(problems) - self._told:
            self._catalog.notify(f"git config {NETWORK}: {problem}; it lets nothing in")
            self._told.add(problem)

    def wait(self, until: float) -> None:
        """Send what becomes due until some time, or longer if others ask for that; unless another does so."""
        file = self._directory / WAITING
        while self._is_due(until):
            ask(file, until)
            try:
                turn = taken_up(file)
            except Conflict:
                return
            with turn:
                while self._timing.now() < (limit := asked(file)) and self._is_due(limit):
                    self._sleep()
                    self.send()
            # Somebody who found us waiting may have asked for more as we ended.
            until = asked(file)
            if until <= self._timing.now():
                return

    def _is_due(self, by: float = 0.0) -> bool:
        now = self._timing.now()
        due = self._queue.next_due(now)
        return due is not None and due <= max(now, by)

    def _sleep(self) -> None:
        now = self._timing.now()
        due = self._queue.next_due(now)
        wait = _LONGEST if due is None else due - now
        self._timing.sleep(min(max(wait, _SHORTEST), _LONGEST))


class Sender:
    """Sends, with what the server allows now. May be called from several threads.

    Now and then the settings are read again. Who is slow under the old ones keeps nobody waiting for that.
    """

    def __init__(self, catalog: Catalog, clock: Callable[[], float] = time.time) -> None:
        self._catalog, self._clock = catalog, clock
        self._reading = Lock()
        self._read()

    def _read(self) -> None:
        self._catalog.repository.forget_config()
        self._server = Server.read(self._catalog.repository)
        self._now = Snapshot(self._catalog.tree(tip_of(self._catalog)))
        self._read_at = self._clock()

    def __call__(self, one: Queued) -> Answered:
        """Send a delivery; one of an automation that was removed is given up."""
        server = self._allowing(one.automation)
        if server is None:
            return Answered(problem=REMOVED, hopeless=True)
        return send(one.outgoing, delivery=one.id, registry=one.registry, server=server, now=self._clock())

    @property
    def unread(self) -> tuple[str, ...]:
        """Return what nobody can read of the networks that the server's admin lets in."""
        return self._server.unread

    def _allowing(self, path: str) -> Server | None:
        """Return what the server allows an automation now; None if there is no such automation any more."""
        with self._reading:
            if abs(self._clock() - self._read_at) >= _AFRESH:
                self._read()
            return self._server if self._now.entry(path) is not None else None
