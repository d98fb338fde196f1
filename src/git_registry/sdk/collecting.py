"""What is to be sent because of what happened: derived from history, and put into the queue.

The cursor moves past a step once all that follows from it is in the queue. Who is killed in between derives
the same deliveries again, which have the same ids, and the queue knows those. So nothing is lost, and
nothing has two names.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from git_registry.automation.actions import prepared
from git_registry.automation.happening import Happening, Placed
from git_registry.automation.identity import delivery_id
from git_registry.automation.matching import starts, waits_for
from git_registry.automation.queue import Queue
from git_registry.automation.queued import Queued
from git_registry.catalog import cursor
from git_registry.catalog.catalog import Catalog
from git_registry.errors import Conflict, NotFound, RegistryError, UsageError
from git_registry.model.events import AutomationDeleted, CollectionRenamed, Event
from git_registry.model.layout import automation_path
from git_registry.repository.revision import commit_named
from git_registry.sdk.happenings import Taken, require_following, taken, told
from git_registry.sdk.placed import Reading

_STEPS, _DELIVERIES = 50, 1_000
"""So many are written to disk together; whoever is killed derives at most what follows from so many again."""

_OTHERWISE = (
    "nothing that happened since was queued. `git registry automation run --skip` goes on from here without "
    "it; `--from REV` answers what happened after a step of the new history"
)


def collect(catalog: Catalog, queue: Queue, now: float) -> int:
    """Queue what follows from the steps since the cursor, and move that to the tip; return how many are new.

    Automations count as they stand once the step has happened that starts them: one that is changed by the
    step is taken as changed, one that it creates is started by it, one that it removes is not. Where there
    is no cursor yet, it starts at the tip: what happened before anybody looked is not answered.

    Raises:
        Conflict: history was rewritten, so that what happened can't be told; or another process collects.
        NotFound: the branch has no commits, or history is cut off.
    """
    tip, seen = tip_of(catalog), cursor.read(catalog.repository)
    if seen is None:
        cursor.begin(catalog.repository, tip)
        return 0
    new = 0
    for last, deliveries in _together(catalog, _since(catalog, seen, tip)):
        new += queue.add(deliveries, now)
        if last:
            _settle(queue, last, now)
            cursor.move(catalog.repository, old=seen, new=last.step.commit)
            seen = last.step.commit
    return new


def _settle(queue: Queue, one: Taken, now: float) -> None:
    """Have what waits follow the automations that a step moved, and end with those that it removed."""
    with queue.writing():
        for renamed in one.events:
            if isinstance(renamed, CollectionRenamed) and renamed.before:
                queue.move(renamed.before, renamed.path, one.step.commit)
        for deleted in one.events:
            if isinstance(deleted, AutomationDeleted):
                queue.remove(automation_path(deleted.path, deleted.name), one.step.commit, now)


def _together(catalog: Catalog, steps: Iterator[Taken]) -> Iterator[tuple[Taken | None, list[Queued]]]:
    """Yield what follows from some steps, with the last of them; before it, as much as fits into memory."""
    reading = Reading(catalog)
    while some := [*_some(steps)]:
        deliveries = (new for one in some for new in following(catalog, reading, one))
        few = [*itertools.islice(deliveries, _DELIVERIES)]
        while len(few) == _DELIVERIES:
            yield None, few
            few = [*itertools.islice(deliveries, _DELIVERIES)]
        yield some[-1], few


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


def following(catalog: Catalog, reading: Reading, one: Taken) -> Iterator[Queued]:
    """Yield what is to be sent because of a step."""
    found = _Waiting(reading, one.step.commit)
    for happening in told(catalog, one, found.wanted):
        for automation in _started(catalog, happening, found.of(happening.event)):
            yield _delivery(automation, happening)


@dataclass
class _Waiting:
    """The automations that may be started by what happened in a step."""

    reading: Reading
    commit: str
    _around: dict[str, list[Placed]] = field(default_factory=dict)

    def wanted(self, event: Event) -> bool:
        return bool(self.of(event))

    def of(self, event: Event) -> list[Placed]:
        if event.path not in self._around:
            self._around[event.path] = self.reading.around(self.commit, event.path)
        return [one for one in self._around[event.path] if waits_for(event, one)]


def _started(catalog: Catalog, happening: Happening, waiting: list[Placed]) -> Iterator[Placed]:
    """Yield those that match; one whose condition can't be read is told, and keeps no other from starting."""
    for one in waiting:
        try:
            if starts(happening, one):
                yield one
        except UsageError as problem:
            catalog.notify(f"this automation can't be read, and starts nothing: {problem}")


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
