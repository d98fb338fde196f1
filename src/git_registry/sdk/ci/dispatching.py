"""Answers what one push did, where no server does so: in a pipeline, which leaves nothing behind."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from git_registry.automation.draining import drain
from git_registry.automation.queue import FILE, Queue
from git_registry.automation.queued import DELIVERED, Attempt, Queued
from git_registry.automation.schedule import Pace
from git_registry.automation.spending import Spending
from git_registry.catalog.catalog import Catalog
from git_registry.errors import Conflict, NotFound
from git_registry.repository.revision import commit_named
from git_registry.sdk.collecting import following, tip_of
from git_registry.sdk.dispatching import REAL, Sender, Timing, answering
from git_registry.sdk.happenings import require_following, taken
from git_registry.sdk.placed import Reading
from git_registry.sdk.waiting import TOO_LONG, Waiting

SECONDS = 60.0
"""For so long receivers are asked again while none takes anything: a job is paid for while it waits."""

_LOOK = 30.0
"""Seconds of sending until it is seen whether anything was taken."""

_PACE = Pace(waits=(2.0, 4.0, 8.0, 16.0, 30.0))

_NEW = (
    "the branch is new: what came with it starts nothing. "
    "`git registry automation run --base REV` answers what came after a commit"
)
_OTHERWISE = (
    "nothing was sent. Fetch the whole history; if it was rewritten, "
    "`git registry automation run --base REV` answers what came after a step of the new one"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery, and what became of each try."""

    delivery: Queued
    tries: tuple[Attempt, ...]

    @property
    def problem(self) -> str:
        """Return why it was not delivered; empty if it was."""
        if self.delivery.state == DELIVERED:
            return ""
        return self.tries[-1].problem if self.tries else "another of this automation failed before it"


def dispatch_range(catalog: Catalog, base: str, head: str, timing: Timing = REAL) -> list[Sent]:
    """Send what follows from a push to the default branch, and return what became of it, the oldest first.

    A push counts once, by its pipeline: that is run again to try again, and sends all of it once more, under
    the same ids. There is no cursor, so a pipeline that never ran sends nothing. A push that made the branch
    starts nothing, as on a server nothing does that was there before its first dispatcher; that is told.

    Args:
        catalog: a clone with the whole history.
        base: where the branch was; empty, or zeros as Git has them, if it is new.
        head: where the push moved it.
        timing: the time.

    Raises:
        Conflict: `head` does not follow `base`, or is no step of the default branch.
        NotFound: there is no such commit here, or history is cut off.
    """
    if not base.strip("0"):
        catalog.notify(_NEW)
        return []
    there = answering(catalog)
    before, after = _commit(there, base), _commit(there, head)
    _require_grown(there, before, after)
    _require_published(there, after)
    with tempfile.TemporaryDirectory() as directory, Queue.open(Path(directory) / FILE) as queue:
        waiting = Waiting(there, Reading(there), Spending())
        for one in taken(there, before, after):
            queue.add(following(there, waiting, one), timing.now())
        for path in waiting.spending.new():
            there.notify(f"{path}: {TOO_LONG}; not all that it starts is sent")
        _drain(queue, Sender(there, timing.now), timing)
        found = reversed(queue.deliveries(most=_ALL))
        return [Sent(one, tuple(queue.tries(one.id))) for one in found]


_ALL = 1 << 30


def _drain(queue: Queue, sender: Sender, timing: Timing) -> None:
    """Send until nothing is due, or nothing was taken for a minute: who comes next begins anew."""
    now = timing.now()
    until = now + SECONDS
    while (due := queue.next_due(now)) is not None and due < until:
        timing.sleep(due - now)
        done = drain(queue, sender, timing.now, until=min(until, max(now, due) + _LOOK), pace=_PACE)
        now = timing.now()
        if done.delivered:
            until = now + SECONDS


def _require_grown(catalog: Catalog, before: str, after: str) -> None:
    try:
        require_following(catalog, before, after)
    except Conflict as rewritten:
        raise Conflict(rewritten.message, where=rewritten.where, hint=_OTHERWISE) from None


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
    commit = commit_named(catalog.repository, catalog.reader, revision)
    if commit is None:
        # What a forced push left behind, hosts hand out no more.
        raise NotFound(
            f"there is no commit {revision!r} here: history was rewritten, or is not all here",
            hint=_OTHERWISE,
        )
    return commit
