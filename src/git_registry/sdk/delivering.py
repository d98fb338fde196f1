"""What was sent and what waits to be: looked at, sent once more, held back and let go on.

All of it is kept where the dispatcher works: on the server, or in the clone that answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from git_registry.automation.queue import Queue
from git_registry.automation.queued import DEAD, REMOVED, Attempt, Health, Paused, Queued
from git_registry.catalog import cursor
from git_registry.catalog.catalog import Catalog, Reach
from git_registry.errors import NotFound, Refused, RegistryError, UsageError
from git_registry.model.snapshot import Snapshot
from git_registry.sdk.collecting import tip_of
from git_registry.sdk.dispatching import answering, queue_of
from git_registry.sdk.happenings import require_following

_ALL = 1 << 30
_ELSEWHERE = "they are kept where `git registry automation run` works: on the server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One delivery, and what became of each try."""

    queued: Queued
    tries: Sequence[Attempt]

    @property
    def latest(self) -> Attempt | None:
        """Return the last try; None before the first."""
        return self.tries[-1] if self.tries else None


def require_place(catalog: Catalog) -> None:
    """Check that deliveries could be sent from here.

    Raises:
        UsageError: it is a copy of what is at a URL, which may be deleted at any time.
    """
    if catalog.reach is Reach.PUBLISHED:
        raise UsageError("nothing is sent from a URL", where="-C", hint=_ELSEWHERE)


def answers(catalog: Catalog) -> bool:
    """Does this repository answer what happens: is it a server's, or did `automation run` ever work here?"""
    return cursor.read(catalog.repository) is not None


def stuck(catalog: Catalog) -> str:
    """Return why what happens is not queued any more, and what to do; empty if it is."""
    seen = cursor.read(catalog.repository)
    if seen is None:
        return ""
    try:
        there = answering(catalog)
        require_following(there, seen, tip_of(there))
    except RegistryError as problem:
        return f"Nothing that happens is queued: {problem.message}; `git registry automation run` says more"
    return ""


def is_kept(catalog: Catalog) -> bool:
    """Was anything ever queued here?"""
    return queue_of(catalog).is_file()


def deliveries(catalog: Catalog, automation: str = "", state: str = "", *, most: int = 100) -> list[Delivery]:
    """Return deliveries, the newest first: all, those of one automation, or those in one state.

    Args:
        catalog: the repository where the dispatcher works.
        automation: its path or name; one that is gone by now is called by its path.
        state: `queued`, `delivered` or `dead`; empty for any.
        most: so many at most.

    Raises:
        NotFound: there is no such automation.
    """
    file = _file(catalog, automation) if automation else ""
    if not is_kept(catalog):
        return []
    with Queue.open(queue_of(catalog)) as queue:
        return [_whole(queue, one) for one in queue.deliveries(file, state, most=most)]


def _whole(queue: Queue, one: Queued) -> Delivery:
    return Delivery(queued=one, tries=queue.tries(one.id))


def delivery(catalog: Catalog, identifier: str) -> Delivery:
    """Return one delivery, with what was sent and what was answered each time.

    Raises:
        NotFound: there is none of that id.
    """
    with _queue(catalog) as queue:
        return _whole(queue, queue.delivery(identifier))


def redeliver(catalog: Catalog, identifiers: Sequence[str]) -> list[Queued]:
    """Queue deliveries once more, under the ids they had: all, or none if one is unknown.

    Raises:
        NotFound: there is none of such an id.
        Refused: its automation was removed.
    """
    now = catalog.clock().timestamp()
    with _queue(catalog) as queue:
        for one in identifiers:
            found = queue.delivery(one)
            _require_there(catalog, found.automation, where=one)
            if _went(queue, one):
                raise _gone(found.automation, one, ", and another that has its name by now sends none of it")
        return [queue.redeliver(one, now) for one in identifiers]


def redeliver_all(catalog: Catalog, automation: str, state: str) -> list[Queued]:
    """Queue all deliveries of an automation that are in a state once more, the oldest first.

    Those of another that had its name before it are left out.

    Raises:
        NotFound: there is no such automation, or nothing was ever queued here.
        Refused: it was removed.
    """
    file, now = _file(catalog, automation), catalog.clock().timestamp()
    _require_there(catalog, file, where=automation)
    with _queue(catalog) as queue, queue.writing():
        found = (one.id for one in reversed(queue.deliveries(file, state, most=_ALL)))
        return [queue.redeliver(one, now) for one in found if not _went(queue, one)]


def given_up(catalog: Catalog, most: int) -> list[Queued]:
    """Return dead deliveries, the newest first and no more than so many, that may be sent once more."""
    if not is_kept(catalog):
        return []
    with Queue.open(queue_of(catalog)) as queue:
        found = queue.deliveries("", DEAD, most=_ALL)
        return list(islice((one for one in found if not _went(queue, one.id)), most))


def _require_there(catalog: Catalog, file: str, *, where: str) -> None:
    there = answering(catalog)
    if Snapshot(there.tree(tip_of(there))).entry(file) is None:
        raise _gone(file, where)


def _gone(file: str, where: str, further: str = "") -> Refused:
    return Refused(
        f"its automation {file.removesuffix('.yaml')} was removed{further}",
        where=where,
        hint=f"`git registry automation deliveries {where}` shows what was to be sent",
    )


def _went(queue: Queue, identifier: str) -> bool:
    return any(one.problem == REMOVED for one in queue.tries(identifier)[-1:])


def pause(catalog: Catalog, automation: str, why: str = "") -> Paused:
    """Send nothing of an automation until it is resumed; what it starts is queued.

    Raises:
        NotFound: there is no such automation.
        UsageError: nothing is sent from here.
    """
    require_place(catalog)
    file = _file(catalog, automation)
    if not answers(catalog):
        raise UsageError(
            "nothing is sent from this repository, so nothing would be paused",
            where=file,
            hint="on the server: `git registry -C REPOSITORY automation pause "
            f"{file.removesuffix('.yaml')}`; `enabled: false` in its file switches it off for good",
        )
    queue_of(catalog).parent.mkdir(parents=True, exist_ok=True)
    with Queue.open(queue_of(catalog)) as queue:
        queue.pause(file, why or "somebody paused it", catalog.clock().timestamp())
        return next(one for one in queue.paused() if one.automation == file)


def resume(catalog: Catalog, automation: str) -> str:
    """Go on with an automation that is paused, and return the path of its file.

    What waits is sent when the dispatcher runs next.

    Raises:
        NotFound: there is no such automation, or it is not paused.
    """
    file = _file(catalog, automation)
    if not any(one.automation == file for one in paused(catalog)):
        raise NotFound("it is not paused here", where=file, hint=_ELSEWHERE)
    with _queue(catalog) as queue:
        queue.resume(file)
    return file


def paused(catalog: Catalog) -> list[Paused]:
    """Return the automations that are paused, by the paths of their files; none where nothing is answered."""
    if not (is_kept(catalog) and answers(catalog)):
        return []
    with Queue.open(queue_of(catalog)) as queue:
        return queue.paused()


def health(catalog: Catalog, automation: str) -> Health:
    """Return how well an automation's receiver does, as far as it was asked from here.

    Raises:
        NotFound: there is no such automation.
    """
    file = _file(catalog, automation)
    if not is_kept(catalog):
        return Health()
    with Queue.open(queue_of(catalog)) as queue:
        return queue.health(file)


def _queue(catalog: Catalog) -> Queue:
    if not is_kept(catalog):
        raise NotFound("there are no deliveries here", hint=_ELSEWHERE)
    return Queue.open(queue_of(catalog))


def _file(catalog: Catalog, text: str) -> str:
    """Return the path of an automation's file; of one that is gone, if it is called by its path.

    Raises:
        NotFound: there is no such automation.
        UsageError: it is in another repository, which sends for itself.
    """
    from git_registry.sdk import automating  # it writes, too; a hook's dispatcher asks for none by name

    try:
        there, spot = automating.find(catalog, text)
        if there.mount:
            raise UsageError(f"{there.mount} is another repository", where=text, hint=_ELSEWHERE)
        return spot.file
    except NotFound:
        gone = f"{text.removesuffix('.yaml')}.yaml"
        if is_kept(catalog) and automating.names_file(gone):
            with Queue.open(queue_of(catalog)) as queue:
                if queue.deliveries(gone, most=1):
                    return gone
        raise
