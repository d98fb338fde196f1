"""Linking a version, unlinking it, and writing its notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from git_registry.errors import NotFound, Refused
from git_registry.model import layout
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
    ttl: int | None = None

    def to(self, notes: Notes) -> Notes:
        """Return the notes with this added."""
        return replace(
            notes,
            description=notes.description if self.description is None else self.description or None,
            tags=collections.retagged(notes.tags, add=self.tags, remove=()),
            metrics={**notes.metrics, **self.metrics},
            metadata={**notes.metadata, **self.metadata},
            ttl=notes.ttl if self.ttl is None else self.ttl,
        )


def link(
    now: Snapshot,
    collection: str,
    manifest: Manifest,
    content: Kept | None = None,
    *,
    title: str | None = None,
) -> Changes:
    """Link a version; create the collection if it isn't there, of the artifact's type.

    What is linked already stays as it is, what was unlinked comes back with the same manifest and notes.

    Args:
        now: the organization as it is.
        collection: where, as `model/churn`.
        manifest: what; not written again if the version is known here.
        content: the manifest's bytes if they are in the repository, so that they stay the same.
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
