"""Linking a version, unlinking it, and writing its notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import ceil

from git_registry.errors import NotFound, Refused
from git_registry.model import layout
from git_registry.model.dates import parse_date
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.manifest import Manifest
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.record import Number, Value
from git_registry.model.edits import collection as collections
from git_registry.model.edits.alias import named
from git_registry.model.edits.change import Change, Changes, Kept
from git_registry.model.equality import same
from git_registry.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What is added to a version's notes; what is not named stays."""

    description: str | None = None
    tags: tuple[str, ...] = ()
    metrics: Mapping[str, Number] = field(default_factory=dict)
    metadata: Mapping[str, Value] = field(default_factory=dict)

    def to(self, notes: Notes) -> Notes:
        """Return the notes with this added."""
        return replace(
            notes,
            description=notes.description if self.description is None else self.description or None,
            tags=collections.retagged(notes.tags, add=self.tags, remove=()),
            metrics={**notes.metrics, **self.metrics},
            metadata={**notes.metadata, **self.metadata},
        )


def link(
    now: Snapshot,
    collection: str,
    manifest: Manifest,
    content: Kept | bytes | None = None,
    *,
    title: str | None = None,
) -> Changes:
    """Link a version; create the collection if it isn't there, of the artifact's type.

    What is linked already stays as it is, what was unlinked comes back with the same manifest and notes.

    Args:
        now: the organization as it is.
        collection: where, as `model/churn`.
        manifest: what; not written again if the version is known here.
        content: the manifest's bytes if they are somewhere, here or in another repository, so that they stay
            the same.
        title: what a collection that is created is called.

    Raises:
        Refused: the registry or the collection does not accept the type; the message names what it does.
    """
    changes: dict[str, Change] = {}
    check_type(now, collection, manifest.type)
    if not now.has_collection(collection):
        founded = Collection(type=manifest.type, title=title)
        changes.update(collections.create_collection(now, collection, founded))
    if now.find(collection, manifest.id):
        return changes
    place = _place(now, collection, manifest.id)
    former = now.find(collection, manifest.id, unlinked=True)
    if former is None:
        return changes | {place: content or manifest}
    for old, new in ((former, place), (layout.notes_path(former), layout.notes_path(place))):
        entry = now.entry(old)
        if entry:
            changes |= {old: None, new: Kept(entry.id)}
    return changes


def log(now: Snapshot, artifact: str, manifest: Manifest, addition: Addition, ttl: int | None) -> Changes:
    """Link a version of a project's artifact, with what its notes shall say.

    Of one that is linked already only the time to live is written: it was said last how long it is wanted.

    Args:
        now: the project as it is.
        artifact: which, as `churn/features`; created if it isn't there.
        manifest: what; made now, whether or not that content was logged before.
        addition: what the notes of one that is not linked say.
        ttl: seconds from now after which it may go; None if it stays.

    Raises:
        Refused: the artifact is of another type.
    """
    changes = link(now, artifact, manifest)
    linked = now.find(artifact, manifest.id)
    known = linked or now.find(artifact, manifest.id, unlinked=True)
    notes = now.notes(known) if known else Notes()
    first = now.manifest(known) if known else manifest
    changed = replace(notes if linked else addition.to(notes), ttl=_ttl(first, manifest, ttl))
    return {**changes, **_noted(linked or _place(now, artifact, manifest.id), notes, changed)}


def _ttl(first: Manifest, again: Manifest, wanted: int | None) -> int | None:
    """Return a time to live that is wanted now as notes have it: from when the content was logged first."""
    since, now = parse_date(first.created), parse_date(again.created)
    if wanted is None or since is None or now is None:
        return wanted
    return max(1, ceil((now - since).total_seconds()) + wanted)  # clocks differ; no ttl is negative


def check_type(now: Snapshot, collection: str, artifact_type: str) -> None:
    """Check that a version of this type may be linked into a collection, there or still to be created.

    Raises:
        NotFound: there is no such registry.
        Refused: the collection holds another type, or the registry does not accept it.
    """
    if not now.has_collection(collection):
        collections.check_type(now, collection.partition("/")[0], artifact_type)
        return
    accepted = now.collection(collection).type
    if artifact_type != accepted:
        raise Refused(
            f"the collection holds artifacts of type {accepted!r}, not {artifact_type!r}",
            where=collection,
            hint=f"link it into another collection, or as `--type {accepted}` if that is what it is",
        )


def _place(now: Snapshot, collection: str, version: str) -> str:
    crowded = len(now.tree.entries(f"{collection}/versions")) >= layout.SPREAD_FROM
    return layout.manifest_path(collection, version, spread=crowded)


def unlink(now: Snapshot, collection: str, version: str) -> Changes:
    """Unlink a version and remove its aliases.

    Raises:
        NotFound: it is not linked.
    """
    changes: dict[str, Change] = dict(collections.unlinked(now, linked(now, collection, version)))
    for alias in now.alias_names(collection):
        if named(now, collection, alias) == version:
            changes[layout.alias_path(collection, alias)] = None
    return changes


def annotate(now: Snapshot, collection: str, version: str, addition: Addition) -> Changes:
    """Add to a version's notes.

    Raises:
        NotFound: the version is not linked.
    """
    manifest = linked(now, collection, version)
    notes = now.notes(manifest)
    return _noted(manifest, notes, addition.to(notes))


def _noted(manifest: str, notes: Notes, changed: Notes) -> Changes:
    """Return the change of the notes beside a manifest."""
    if same(changed, notes):
        return {}
    return {layout.notes_path(manifest): changed}


def retag(
    now: Snapshot, collection: str, version: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> Changes:
    """Add and remove tags of a version."""
    manifest = linked(now, collection, version)
    notes = now.notes(manifest)
    return _noted(
        manifest, notes, replace(notes, tags=collections.retagged(notes.tags, add=add, remove=remove))
    )


def linked(now: Snapshot, collection: str, version: str) -> str:
    """Return where the manifest of a linked version is.

    Raises:
        NotFound: it is not linked.
    """
    path = now.find(collection, version)
    if path is None:
        raise NotFound(f"version {version[:8]} is not linked", where=collection)
    return path
