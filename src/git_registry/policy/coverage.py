"""Which approvals cover what a step does (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from git_registry.errors import RegistryError
from git_registry.model import layout
from git_registry.model.events import AliasChange, CollectionRenamed, Event
from git_registry.model.snapshot import Snapshot

if TYPE_CHECKING:
    from git_registry.policy.evidence import Approval


def covering(approvals: Iterable[Approval], event: Event, after: Snapshot) -> Iterator[Approval]:
    """Yield the approvals that cover an event of the step that leads to `after`.

    The proposal holds the same event, with the same before and after; and every alias that it moves, or
    takes along under another path, points at the version whose manifest and notes were seen.
    """
    yield from (one for one in approvals if event in one.events and _same_versions(one.after, after, event))


def outdated(approvals: Iterable[Approval], event: Event, after: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield who approved an event and covers it no more, and in words why: what is another than they saw."""
    for one in approvals:
        if event in one.events and not _same_versions(one.after, after, event):
            what = _other(one.after, after, event)
            yield one.principal, f"{one.principal} approved it, and {what} by now: it is to be proposed again"


def _other(seen: Snapshot, after: Snapshot, event: Event) -> str:
    if not isinstance(event, AliasChange) or event.after is None:
        return "what its aliases point at is something else"
    try:
        then, now = (_version(one, event.path, event.after) for one in (seen, after))
    except RegistryError:
        return "the version can't be read"
    others = {name for name, _ in set(then) ^ set(now)}
    is_notes = bool(then and now) and others == {layout.notes_path(event.after)}
    return "the version's notes are others" if is_notes else "the version is another"


def _same_versions(seen: Snapshot, after: Snapshot, event: Event) -> bool:
    try:
        if isinstance(event, CollectionRenamed):
            return _aliases(seen, event.path) == _aliases(after, event.path)
        if isinstance(event, AliasChange) and event.after is not None:
            return _version(seen, event.path, event.after) == _version(after, event.path, event.after) != []
    except RegistryError:
        return False
    return True


def _aliases(snapshot: Snapshot, collection: str) -> dict[str, list[tuple[str, str]]]:
    """Return alias → what it points at."""
    pointed = snapshot.aliases(collection).items()
    return {alias: _version(snapshot, collection, version) for alias, version in pointed}


def _version(snapshot: Snapshot, collection: str, version: str) -> list[tuple[str, str]]:
    """Return manifest and notes by their content."""
    found = []
    for path in layout.version_files(collection, version):
        entry = snapshot.entry(path)
        if entry is not None:
            found.append((path.rpartition("/")[2], entry.id))
    return found
