"""Answers what one push did, where no server does so: in a pipeline, which leaves nothing behind."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from git_registry.automation.draining import drain
from git_registry.automation.queue import FILE, Queue
from git_registry.automation.queued import DELIVERED, Attempt, Queued
from git_registry.automation.schedule import Pace
from git_registry.catalog.catalog import Catalog
from git_registry.errors import Conflict, NotFound, UsageError
from git_registry.repository.revision import commit_named
from git_registry.sdk.automations import Standing
from git_registry.sdk.collecting import following, tip_of
from git_registry.sdk.dispatching import REAL, Sender, Timing, answering
from git_registry.sdk.happenings import require_following, taken

SECONDS = 60.0
"""For so long receivers that fail are asked again: a job is paid for while it waits."""

_PACE = Pace(waits=(2.0, 4.0, 8.0, 16.0, 30.0))


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery, and what became of each try."""

    delivery: Queued
    attempts: tuple[Attempt, ...]

    @property
    def problem(self) -> str:
        """Return why it was not delivered; empty if it was."""
        if self.delivery.state == DELIVERED:
            return ""
        return self.attempts[-1].problem if self.attempts else "another of this automation failed before it"


def dispatch_range(catalog: Catalog, base: str, head: str, timing: Timing = REAL) -> list[Sent]:
    """Send what follows from a push to the default branch, and return what became of it, the oldest first.

    A push counts once, by its pipeline: that is run again to try again, and sends all of it once more, under
    the same ids. There is no cursor, so a pipeline that never ran sends nothing.

    Args:
        catalog: a clone with the whole history.
        base: where the branch was.
        head: where the push moved it.
        timing: the time.

    Raises:
        Conflict: `head` does not follow `base`, or is no step of the default branch.
        NotFound: there is no such commit here, or history is cut off.
        UsageError: the push made the branch, so that nobody can tell what came with it.
    """
    there = answering(catalog)
    before, after = _commit(there, base), _commit(there, head)
    require_following(there, before, after)
    _require_published(there, after)
    with tempfile.TemporaryDirectory() as directory, Queue.open(Path(directory) / FILE) as queue:
        standing = Standing(there)
        for one in taken(there, before, after):
            queue.add(following(there, standing, one), timing.now())
        _drain(queue, Sender(there, timing.now), timing)
        found = reversed(queue.deliveries(most=_ALL))
        return [Sent(one, tuple(queue.attempts(one.id))) for one in found]


_ALL = 1 << 30


def _drain(queue: Queue, sender: Sender, timing: Timing) -> None:
    until = timing.now() + SECONDS
    while True:
        drain(queue, sender, timing.now, until=until, pace=_PACE)
        now = timing.now()
        due = queue.next_due(now)
        if due is None or due >= until or now >= until:
            return
        timing.sleep(due - now)


def _require_published(catalog: Catalog, commit: str) -> None:
    """Check that the default branch has a step: nobody's automations run before they are merged."""
    tip = tip_of(catalog)
    try:
        require_following(catalog, commit, tip)
    except Conflict:
        raise Conflict(
            f"{commit[:8]} is no step of {catalog.branch}: what is not merged starts nothing",
            where=commit,
            hint="run this for pushes to the default branch; `git config registry.branch` says which that is",
        ) from None


def _commit(catalog: Catalog, revision: str) -> str:
    if not revision.strip("0"):
        raise UsageError(
            "the branch is new: what came with it is not told", hint="say from where: a commit before it"
        )
    commit = commit_named(catalog.repository, catalog.reader, revision)
    if commit is None:
        raise NotFound(f"there is no commit {revision!r}", hint="fetch all of the branch's history first")
    return commit
