"""What is to be sent because of what happened: derived from history, and put into the queue.

The cursor moves past a step once all that follows from it is in the queue. Who is killed in between derives
the same deliveries again, which have the same ids, and the queue knows those. So nothing is lost, and
nothing has two names.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from git_registry.automation.actions import prepared
from git_registry.automation.happening import Happening, Placed
from git_registry.automation.identity import delivery_id
from git_registry.automation.matching import asked
from git_registry.automation.queue import Queue
from git_registry.automation.queued import Queued
from git_registry.automation.spending import Spending
from git_registry.catalog import cursor
from git_registry.catalog.catalog import Catalog
from git_registry.errors import Conflict, NotFound, RegistryError
from git_registry.model.events import AutomationDeleted, CollectionRenamed
from git_registry.model.layout import automation_path
from git_registry.repository.revision import commit_named
from git_registry.sdk.happenings import Taken, require_following, taken, told
from git_registry.sdk.placed import Reading
from git_registry.sdk.waiting import TOO_LONG, Waiting

_STEPS, _DELIVERIES = 50, 1_000
"""So many are written to disk together; whoever is killed derives at most what follows from so many again."""

_ANEW = 1_000
"""Steps after which what automations may take is counted anew: who pushes many has no more time by that."""

_OTHERWISE = (
    "nothing that happened since was queued. `git registry automation run --skip` goes on from here without "
    "it; `--from REV` answers what happened after a step of the new history"
)


def collect(catalog: Catalog, queue: Queue, now: float) -> int:
    """Queue what follows from the steps since the cursor, and move that to the tip; return how many are new.

    Automations count as they stand once the step has happened that starts them: one that is changed by the
    step is taken as changed, one that it creates is started by it, one that it removes is not. Where there
    is no cursor yet, it starts at the tip: what happened before anybody looked is not answered.

    What the automations of a registry ask takes so long at most, whatever they ask; then the one that took
    most of it is paused, and what happened from that step on is not queued for it.

    Raises:
        Conflict: history was rewritten, so that what happened can't be told; or another process collects.
        NotFound: the branch has no commits, or history is cut off.
    """
    tip, seen = tip_of(catalog), cursor.read(catalog.repository)
    if seen is None:
        cursor.begin(catalog.repository, tip)
        return 0
    new = 0
    for batch in _batches(catalog, queue, _since(catalog, seen, tip)):
        with queue.writing():
            new += queue.add(batch.deliveries, now)
            for path, commit in batch.left_out.items():
                queue.leave_out(path, commit, TOO_LONG, now)
        if batch.last:
            _settle(queue, batch.last, now)
            cursor.move(catalog.repository, old=seen, new=batch.last.step.commit)
            seen = batch.last.step.commit
    return new


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is written to disk together.

    Attributes:
        left_out: the automations that are asked no more, with the commit from which on.
        last: the step after which the cursor stands by that; None if there is more to write before.
    """

    deliveries: list[Queued]
    left_out: Mapping[str, str] = field(default_factory=dict)
    last: Taken | None = None


def _settle(queue: Queue, one: Taken, now: float) -> None:
    """Have what waits follow the automations that a step moved, and end with those that it removed."""
    with queue.writing():
        for renamed in one.events:
            if isinstance(renamed, CollectionRenamed) and renamed.before:
                queue.move(renamed.before, renamed.path, one.step.commit)
        for deleted in one.events:
            if isinstance(deleted, AutomationDeleted):
                queue.remove(automation_path(deleted.path, deleted.name), one.step.commit, now)


def _batches(catalog: Catalog, queue: Queue, steps: Iterator[Taken]) -> Iterator[_Batch]:
    """Yield what follows from some steps; before it, as much as fits into memory."""
    reading, spending, count = Reading(catalog), Spending(), 0
    while some := [*_some(steps)]:
        if count >= _ANEW:
            spending, count = Spending(), 0
        count += len(some)
        spending.go_on(queue.left_out())
        left_out: dict[str, str] = {}
        waiting = Waiting(catalog, reading, spending)
        deliveries = _following(catalog, waiting, some, left_out)
        few = [*itertools.islice(deliveries, _DELIVERIES)]
        while len(few) == _DELIVERIES:
            yield _Batch(few)
            few = [*itertools.islice(deliveries, _DELIVERIES)]
        yield _Batch(few, left_out, some[-1])


def _following(
    catalog: Catalog, waiting: Waiting, steps: list[Taken], left_out: dict[str, str]
) -> Iterator[Queued]:
    """Yield what is to be sent because of some steps; note who is left out, from which commit on."""
    for one in steps:
        yield from following(catalog, waiting, one)
        left_out |= dict.fromkeys(waiting.spending.new(), one.step.commit)


def _some(steps: Iterator[Taken]) -> Iterator[Taken]:
    """Yield the next steps up to one that moves or removes automations: what was before is queued first."""
    for one in itertools.islice(steps, _STEPS):
        yield one
        if any(isinstance(event, CollectionRenamed | AutomationDeleted) for event in one.events):
            return


def tip_of(catalog: Catalog) -> str:
    """Return the commit that is read.

    Raises:
        NotFound: there is none yet.
    """
    tip = catalog.tip()
    if tip is None:
        catalog.now()  # says so
        raise AssertionError("a branch without commits has no snapshot")
    return tip


def restart(catalog: Catalog, queue: Queue, revision: str, now: float) -> str:
    """Have what happened after a revision be answered, whatever was before; return its commit.

    What was sent already has the same ids, and is sent again only where the queue was lost. Automations that
    went or moved in steps that are skipped did so all the same.

    Raises:
        Conflict: the branch does not follow it, or another process moves the cursor.
        NotFound: there is no such commit.
    """
    commit = commit_named(catalog.repository, catalog.reader, revision)
    if commit is None:
        raise NotFound(f"there is no commit {revision!r}", hint="name a step of the default branch")
    require_following(catalog, commit, tip_of(catalog))
    seen = cursor.read(catalog.repository)
    for one in _skipped(catalog, seen, commit) if seen else ():
        _settle(queue, one, now)
    cursor.move(catalog.repository, old=seen, new=commit)
    return commit


def _skipped(catalog: Catalog, seen: str, commit: str) -> Iterator[Taken]:
    """Yield the steps from one to a later one; none if it is earlier, or of a history that was rewritten."""
    try:
        require_following(catalog, seen, commit)
    except RegistryError:
        return
    yield from taken(catalog, seen, commit)


def _since(catalog: Catalog, seen: str, tip: str) -> Iterator[Taken]:
    try:
        require_following(catalog, seen, tip)
    except Conflict as rewritten:
        raise Conflict(rewritten.message, where=cursor.CURSOR, hint=_OTHERWISE) from None
    return taken(catalog, seen, tip)


def following(catalog: Catalog, waiting: Waiting, one: Taken) -> Iterator[Queued]:
    """Yield what is to be sent because of a step."""
    commit = one.step.commit
    for happening in told(catalog, one, lambda event: bool(waiting.of(commit, event))):
        facts = asked(happening.facts)
        for automation in waiting.of(commit, happening.event):
            if waiting.starts(automation, facts):
                yield _delivery(automation, happening)


def _delivery(automation: Placed, happening: Happening) -> Queued:
    return Queued(
        id=delivery_id(happening, automation.path),
        automation=automation.path,
        place=automation.place,
        commit=happening.commit,
        event=happening.event.kind,
        path=happening.event.path,
        subject=happening.subject,
        at=happening.at,
        outgoing=prepared(automation, happening),
    )
