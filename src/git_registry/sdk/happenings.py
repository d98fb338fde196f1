"""What happened in the steps of the default branch, with all that automations may ask of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from git_registry.automation.happening import Happening
from git_registry.catalog.catalog import Catalog
from git_registry.errors import Conflict, InvalidDocument, NotFound
from git_registry.index.numbers import settled
from git_registry.model.dates import timestamp
from git_registry.model.diff import examine
from git_registry.model.events import Event
from git_registry.model.snapshot import Snapshot
from git_registry.model.triggers import KINDS
from git_registry.repository import history, remote
from git_registry.repository.history import Step
from git_registry.sdk.event_facts import Around, facts, versions_of

URL = "registry.url"
"""The setting in a server's git config that says by which URL people know the repository."""

_ANYWHERE = re.compile(r"(https?|ssh|git)://|[^/:]+:(?!//)")
"""How a URL begins that says something to others; a path on this machine is nobody's business."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken, and the events in it that an automation may start from."""

    step: Step
    events: tuple[Event, ...]


def happenings(catalog: Catalog, base: str, head: str) -> Iterator[tuple[Step, list[Happening]]]:
    """Yield each step after `base` up to `head`, the oldest first, and what happened in it.

    Raises:
        Conflict: `head` does not follow `base` on its first-parent line.
        NotFound: history is cut off.
    """
    require_following(catalog, base, head)
    for one in taken(catalog, base, head):
        yield one.step, list(told(catalog, one))


def taken(catalog: Catalog, base: str, head: str) -> Iterator[Taken]:
    """Yield each step after `base`, which `head` must follow, up to that, the oldest first."""
    for step in history.steps(catalog.repository, head, since=base, with_changes=False):
        before = Snapshot(catalog.tree(step.parents[0])) if step.parents else None
        events = examine(before, Snapshot(catalog.tree(step.commit))).events
        yield Taken(step, tuple(event for event in events if event.kind in KINDS))


def told(
    catalog: Catalog, one: Taken, wanted: Callable[[Event], bool] = lambda _event: True
) -> Iterator[Happening]:
    """Yield what happened in a step, as far as it is wanted: to know all of an event costs more than it."""
    events = tuple(event for event in one.events if wanted(event))
    if events:
        asked = Taken(one.step, events)
        yield from between(catalog, asked, around(catalog, asked))


def between(catalog: Catalog, one: Taken, around: Around) -> Iterator[Happening]:
    """Yield what happened in a step, with what there was before it and is after it."""
    step = one.step
    author = f"{step.author.name} <{step.author.email}>"
    for event in one.events:
        yield Happening(
            event=event,
            commit=step.commit,
            at=timestamp(step.committer.at),
            facts={**facts(event, around), "author": author},
            organization=_name(around.after),
            repository=url(catalog),
        )


def require_following(catalog: Catalog, base: str, head: str) -> None:
    """Check that `base` is a step of the first-parent line of `head`.

    That `head` reaches it is not enough: what a merge brought in from it would happen once more.

    Raises:
        Conflict: it isn't.
        NotFound: history is cut off.
    """
    repository = catalog.repository
    if repository.is_shallow:
        raise NotFound(
            "the history is cut off, so what happened can't be told",
            hint="fetch all of it: `git fetch --unshallow`, in CI fetch-depth: 0 or GIT_DEPTH: 0",
        )
    if history.fork(repository, head, base) != base:
        raise Conflict(f"{head[:8]} does not follow {base[:8]}: history was rewritten", where=head)


def around(catalog: Catalog, one: Taken) -> Around:
    """Return what there was before a step and is after it, as far as its events are about that."""
    step = one.step
    known = settled(catalog.seen_from(catalog.branch, step.commit))
    known.learn(set(versions_of(one.events)))
    before = Snapshot(catalog.tree(step.parents[0])) if step.parents else None
    return Around(before, Snapshot(catalog.tree(step.commit)), known)


def _name(now: Snapshot) -> str:
    try:
        return now.organization().name
    except (InvalidDocument, NotFound):
        return ""


def url(catalog: Catalog) -> str:
    """Return the organization's URL without what may be a credential; empty if nobody says one."""
    repository = catalog.repository
    names = remote.remotes(repository)
    name = "origin" if "origin" in names else next(iter(names), "")
    known = repository.config(URL) or repository.config(f"remote.{name}.url") or ""
    return remote.without_credentials(known) if _ANYWHERE.match(known) else ""
