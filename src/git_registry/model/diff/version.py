"""What happened to a version: its manifest, known by content alone, and its notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from git_registry.errors import InvalidDocument
from git_registry.model import events, layout
from git_registry.model.diff.change import Change, is_file
from git_registry.model.diff.fields import come_and_gone, edits
from git_registry.model.diff.step import Step
from git_registry.model.events import Event
from git_registry.model.snapshot import Snapshot


class _Standing(NamedTuple):
    """Where a version's manifest is in one snapshot, and with what content.

    A set each, because a broken snapshot may hold it at two places.
    """

    linked: frozenset[str]
    unlinked: frozenset[str]

    @property
    def blobs(self) -> frozenset[str]:
        return self.linked | self.unlinked


def manifest(step: Step, change: Change) -> list[Event]:
    """Return what became of a manifest; nothing if it moved between a flat and a spread directory."""
    before, after = _standings(step, change)
    kind = _fate(before, after)
    if kind is None:
        # Out of nowhere into `unlinked/` is no way a version comes; a purge that is taken back looks like it.
        step.unclear |= not before.blobs
        return []
    was = (
        None
        if kind is events.VersionLinked
        else min(before.blobs - after.blobs or before.blobs, default=None)
    )
    now = None if kind in _GONE else min(after.blobs - before.blobs or after.blobs)
    return [kind(path=change.subject, version=change.identity.name, before=was, after=now)]


_GONE = (events.VersionUnlinked, events.VersionPurged)


def _standings(step: Step, change: Change) -> tuple[_Standing, _Standing]:
    collection, version = change.subject, change.identity.name
    return _standing(step.before, step.origin(collection), version), _standing(
        step.after, collection, version
    )


def _standing(snapshot: Snapshot, collection: str, version: str) -> _Standing:
    return _Standing(
        *(
            frozenset(
                entry.id
                for path in layout.manifest_places(collection, version, unlinked=unlinked)
                if is_file(entry := snapshot.entry(path)) and entry
            )
            for unlinked in (False, True)
        )
    )


def _fate(before: _Standing, after: _Standing) -> type[events.VersionChange] | None:
    """Return what became of a manifest, None if it is linked, or isn't, as it was."""
    if before.blobs - after.blobs and not after.blobs - before.blobs:
        return events.VersionPurged
    if before.blobs and after.blobs - before.blobs:
        return events.VersionRewritten
    if bool(before.linked) == bool(after.linked):
        return None
    return events.VersionLinked if after.linked else events.VersionUnlinked


def notes(step: Step, change: Change) -> list[Event] | None:
    """Return what changed in a version's notes; None if they but came, moved or went with its manifest.

    Raises:
        InvalidDocument: a version has two notes, or notes that can't be read.
    """
    was = _notes(step.before, step.origin(change.subject), change.identity.name)
    now = _notes(step.after, change.subject, change.identity.name)
    if len(now) > 1:
        raise InvalidDocument("a version has its notes at one place", where=now[1], hint=f"see {now[0]}")
    fate = _fate(*_standings(step, change))
    if fate is events.VersionPurged and not now:
        return None
    if fate and was and now and step.before.entry(was[0]) == step.after.entry(now[0]):
        return None
    found = list(_noted(step, change, was[0] if was else None, now[0] if now else None))
    return found if found or not fate else None


def _notes(snapshot: Snapshot, collection: str, version: str) -> list[str]:
    manifests = (
        path
        for unlinked in (False, True)
        for path in layout.manifest_places(collection, version, unlinked=unlinked)
    )
    return [path for path in map(layout.notes_path, manifests) if is_file(snapshot.entry(path))]


def _noted(step: Step, change: Change, was: str | None, now: str | None) -> Iterator[Event]:
    from git_registry.model.documents.notes import Notes  # most versions come without any

    path, version = change.subject, change.identity.name
    before, after = step.read(Notes, was, now)
    for field, old, new in edits(Notes, before, after, but=frozenset({"tags"})):
        kind = events.VersionDescribed if field == "description" else events.VersionAnnotated
        yield kind(path=path, version=version, field=field, before=old, after=new)
    added, removed = come_and_gone(before.tags if before else (), after.tags if after else ())
    yield from (events.VersionTagged(path=path, version=version, tag=tag) for tag in added)
    yield from (events.VersionUntagged(path=path, version=version, tag=tag) for tag in removed)
