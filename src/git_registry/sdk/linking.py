"""Linking: files, references or versions into a collection; and unlinking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import UsageError
from git_registry.model.dates import timestamp
from git_registry.model.documents.manifest import Input, Manifest
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.record import Number, Value
from git_registry.model.edits import alias as aliases
from git_registry.model.edits import collection as collections
from git_registry.model.edits import version as versions
from git_registry.model.edits.change import Changes, Edit, Kept
from git_registry.model.edits.version import Addition
from git_registry.model.equality import news
from git_registry.model.names import ALIAS, NAME, TAG, TYPE
from git_registry.model.snapshot import Snapshot
from git_registry.repository import identity
from git_registry.sdk import selecting, targeting, whereabouts
from git_registry.sdk.blobs import Blobs, blobs
from git_registry.sdk.inputs import made_from
from git_registry.sdk.managing import only_type
from git_registry.sdk.manifests import About, compose
from git_registry.sdk.outside import require_outside
from git_registry.sdk.selecting import Found
from git_registry.store import reference
from git_registry.store.blobs import Stored
from git_registry.store.location import protocol
from git_registry.store.progress import Progress, silent
from git_registry.store.sources import collect


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What goes with a link.

    Attributes:
        aliases: names to point at the version; unprotected ones move from wherever they were.
        tags, description: written to the version's notes.
        metrics, metadata: written to the manifest; to the notes if the version is there already.
        type: the artifact's type; by default the collection's, else the only one the registry accepts.
        inputs: what it was made from: selectors, or URIs.
        name: the artifact's name; by default the collection's.
        title: the collection's, if it is made for this.
    """

    aliases: Sequence[str] = ()
    tags: Sequence[str] = ()
    description: str | None = None
    metrics: Mapping[str, Number] = field(default_factory=dict)
    metadata: Mapping[str, Value] = field(default_factory=dict)
    type: str | None = None
    inputs: Sequence[str] = ()
    name: str | None = None
    title: str | None = None

    def check(self) -> None:
        """Raise `UsageError` if a name in it is not allowed, before anything is uploaded."""
        for rule, texts in (
            (ALIAS, self.aliases),
            (TAG, self.tags),
            (NAME, [self.name] if self.name else []),
        ):
            for text in texts:
                rule.check(text)
        if self.type is not None:
            TYPE.check(self.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What linking did.

    Attributes:
        seen: the clone it was linked in: the organization's, or a mounted repository's.
        collection, id: the version.
        manifest: as it is in the collection, which is the first one of that content.
        known: was it linked there already?
        weak: is a file known by something weaker than its content?
        unrecorded: what was asked for and not written down, because a manifest is written once.
    """

    seen: Catalog
    collection: str
    id: str
    manifest: Manifest
    known: bool
    weak: bool
    unrecorded: tuple[str, ...]
    outcome: Outcome


def link_files(
    catalog: Catalog, source: Path, target: str, request: Request, *, progress: Progress = silent
) -> Linked:
    """Upload a file or a directory to the organization's store, and link it.

    Raises:
        NotFound: the source, the registry or an input isn't there.
        Refused: the registry or collection does not accept the type.
        UsageError: a name is not allowed; a file has a name that no list may hold, or is a symlink.
        StoreError: the store can't be reached. Nothing is linked; run it again to go on.
    """
    draft = _draft(catalog, target, request)
    require_outside(catalog, source)
    where = blobs(draft.there)
    stored = where.store.upload(collect(source), progress=progress)
    return _link(draft, _manifest(draft, where, stored))


def link_reference(
    catalog: Catalog, uri: str, target: str, request: Request, *, checksum: bool = False
) -> Linked:
    """Link data where it lies, known by the strongest identity its store gives.

    Args:
        catalog: the clone.
        uri: a file, or a prefix with everything below it.
        target: the collection.
        request: what goes with the link.
        checksum: read the bytes, so that they are known by their SHA-256?

    Raises:
        Refused: the organization allows no links to there.
    """
    draft = _draft(catalog, target, request)
    where = blobs(draft.there)
    entries = reference.describe(where.allowed(uri), checksum=checksum)
    weak = any(not one.digest.is_content for one in entries)
    return _link(replace(draft, weak=weak), _manifest(draft, where, entries))


def link_version(catalog: Catalog, selected: str, target: str, request: Request) -> Linked:
    """Link a version that is linked elsewhere: same manifest byte for byte, same digest, no bytes copied.

    Raises:
        Refused: it is in another repository, and the target's organization allows no reading from where
            its bytes are.
    """
    there, selector = selecting.place(catalog, selected)
    found = selecting.version(there, selector)
    manifest = selecting.manifest(there.now(), found)
    if request.type not in (None, manifest.type):
        raise UsageError(f"{selected} is of type {manifest.type!r}, which a link does not change")
    if request.inputs or request.name:
        raise UsageError(f"{selected} has its name and inputs already; its manifest never changes")
    request.check()
    into, parsed = targeting.target(catalog, target)
    draft = Draft(there=into, collection=parsed.path, type=manifest.type, request=request, inputs=())
    if selector.project:
        draft = replace(draft, noted=there.now().notes(found.manifest))
    return _link(draft, manifest, content(there, found, into))


def content(there: Catalog, found: Found, into: Catalog) -> Kept | bytes:
    """Return a version's manifest as it stands, for the repository that it is linked in.

    Raises:
        Refused: that is another one, whose readers could not read the version's files.
    """
    if there.mount == into.mount:
        entry = there.now().entry(found.manifest)
        assert entry is not None
        return Kept(entry.id)
    where, manifest = blobs(into), selecting.manifest(there.now(), found)
    where.wanted(where.entries(manifest, found.manifest))
    return there.tree(there.tip()).content(found.manifest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A link whose names, type and inputs were checked, before any byte is read.

    Attributes:
        there: the clone that it goes to, seen from the branch with its registries.
        weak: are files of it known by something weaker than their content?
        noted: what the notes say in the project it comes from. A link begins with them, but for the ttl,
            which ends nothing that is linked.
    """

    there: Catalog
    collection: str
    type: str
    request: Request
    inputs: tuple[Input, ...]
    weak: bool = False
    noted: Notes = field(default_factory=Notes)


def _draft(catalog: Catalog, target: str, request: Request) -> Draft:
    request.check()
    there, selector = targeting.target(catalog, target)
    identity.authorship(there.repository, there.clock())
    now, path, registry = there.now(), selector.path, selector.registry
    if now.has_collection(path):
        artifact_type = request.type or now.collection(path).type
    else:
        artifact_type = request.type or only_type(now, registry)
        collections.check_free(now, registry, path.partition("/")[2])
    inputs = tuple(made_from(catalog, text, into=there) for text in request.inputs)
    draft = Draft(there=there, collection=path, type=artifact_type, request=request, inputs=inputs)
    versions.check_type(now, path, artifact_type)
    return draft


def _manifest(draft: Draft, where: Blobs, stored: Sequence[Stored]) -> Manifest:
    request = draft.request
    about = About(
        artifact=request.name or draft.collection.partition("/")[2],
        type=draft.type,
        metadata=request.metadata,
        metrics=request.metrics,
        inputs=draft.inputs,
    )
    return compose(where, stored, about, created=timestamp(draft.there.clock()))


def _link(draft: Draft, manifest: Manifest, content: Kept | bytes | None = None) -> Linked:
    catalog = draft.there
    known, new, seen = False, False, catalog.now()

    def step(now: Snapshot) -> Changes:
        nonlocal known, new
        known = now.find(draft.collection, manifest.id) is not None
        new = not known and now.find(draft.collection, manifest.id, unlinked=True) is None
        return versions.link(now, draft.collection, manifest, content, title=draft.request.title)

    def notes(now: Snapshot) -> Changes:
        addition = _addition(now, draft, manifest.id, begins=new)
        return versions.annotate(now, draft.collection, manifest.id, addition)

    steps: list[Edit] = [step, notes]
    steps += [
        partial(
            _point,
            draft=draft,
            alias=alias,
            version=manifest.id,
            seen=aliases.named(seen, draft.collection, alias),
        )
        for alias in dict.fromkeys(draft.request.aliases)
    ]
    named = f"{draft.collection}@{manifest.id[:8]}"
    asked = f" as {', '.join(draft.request.aliases)}" if draft.request.aliases else ""
    notice = "" if seen.has_collection(draft.collection) else _taken_before(catalog, draft.collection)
    outcome = commit(catalog, Transaction(edits=steps, message=f"Link {named}{asked}"))
    if notice:
        catalog.notify(notice)
    now = catalog.now()
    place = now.find(draft.collection, manifest.id)
    there = now.manifest(place) if place else manifest
    return Linked(
        seen=catalog,
        collection=draft.collection,
        id=manifest.id,
        manifest=there,
        known=known,
        weak=draft.weak or any(not one.digest.is_content for one in manifest.files or ()),
        unrecorded=tuple(_unrecorded(draft, there)),
        outcome=outcome,
    )


def _taken_before(catalog: Catalog, path: str) -> str:
    """Return what to say of a new collection whose path was another's, which somebody may have meant."""
    rename = whereabouts.renamed(catalog, path)
    return f"{path} was renamed to {rename.event.path}; this is a new collection" if rename else ""


def _unrecorded(draft: Draft, there: Manifest) -> Iterator[str]:
    """Yield what the first manifest of this content says otherwise."""
    missing = [one for one in draft.inputs if one not in there.inputs]
    if missing:
        yield f"inputs: {len(missing)} not recorded: the manifest is from when it was linked first"
    if draft.request.name not in (None, there.artifact):
        yield f"name: it stays {there.artifact}, as it was linked first"


def _point(now: Snapshot, draft: Draft, alias: str, version: str, seen: str | None) -> Changes:
    """Point an alias asked for while linking: it moves on from wherever it is, unless it is protected."""
    if now.access(draft.collection.partition("/")[0]).protection(alias):
        aliases.expect(now, draft.collection, alias, seen)
    return aliases.point(now, draft.collection, alias, version)


def _addition(now: Snapshot, draft: Draft, version: str, *, begins: bool) -> Addition:
    """Return what goes to the notes: all that manifest and notes, which may be older, do not say."""
    request, noted = draft.request, draft.noted if begins else Notes()
    path = versions.linked(now, draft.collection, version)
    manifest, notes = now.manifest(path), now.notes(path)
    return Addition(
        description=noted.description if request.description is None else request.description,
        tags=(*noted.tags, *request.tags),
        metrics=news({**noted.metrics, **request.metrics}, {**manifest.metrics, **notes.metrics}),
        metadata=news({**noted.metadata, **request.metadata}, {**manifest.metadata, **notes.metadata}),
    )


def unlink(catalog: Catalog, selected: Sequence[str]) -> Outcome:
    """Unlink versions, in one commit; their aliases go, their manifests stay in `unlinked/`."""
    there, selectors = targeting.together(catalog, selected)
    found = [selecting.version(there, one) for one in selectors]
    steps: list[Edit] = [
        partial(versions.unlink, collection=one.collection, version=one.id) for one in dict.fromkeys(found)
    ]
    message = f"Unlink {' and '.join(f'{one.collection}@{one.id[:8]}' for one in found)}"
    return commit(there, Transaction(edits=steps, message=message))


def looks_like_uri(source: str) -> bool:
    """Is it a URI rather than a path or a selector?"""
    return "://" in source and bool(protocol(source))
