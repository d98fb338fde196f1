"""Creating, describing, tagging and deleting registries and collections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from git_registry.errors import Conflict, InvalidDocument, NotFound, Refused, UsageError
from git_registry.model import layout
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.registry import Registry
from git_registry.model.edits.change import Change, Changes, Kept
from git_registry.model.equality import same
from git_registry.model.layout import Kind
from git_registry.model.names import PLACE
from git_registry.model.selector import WANDB_PREFIX
from git_registry.model.snapshot import Snapshot


def create_registry(now: Snapshot, name: str, registry: Registry) -> Changes:
    """Create a registry.

    Raises:
        Conflict: there is one of that name, however it is spelled.
        UsageError: it may not be called that.
    """
    PLACE.check(name)
    if name.startswith(WANDB_PREFIX):
        raise UsageError(f"{name!r} is how W&B calls the registry {name.removeprefix(WANDB_PREFIX)!r}")
    if name == now.organization().name:
        raise Conflict(f"{name!r} is the organization's own name", hint="choose another name")
    check_free(now, "", name)
    return {layout.registry_path(name): registry}


def create_collection(now: Snapshot, path: str, collection: Collection) -> Changes:
    """Create a collection in a registry that accepts its type.

    Raises:
        Conflict: there is one of that name, however it is spelled.
        NotFound: there is no such registry.
        Refused: the registry does not accept the type.
        UsageError: it may not be called that.
    """
    registry, _, name = path.partition("/")
    PLACE.check(name)
    if now.has_collection(path):
        raise Conflict(f"there is a collection {path} already", where=path)
    check_free(now, registry, name)
    check_type(now, registry, collection.type)
    return {layout.collection_path(path): collection}


def check_free(now: Snapshot, directory: str, name: str) -> None:
    """Check that nothing in `directory` is called `name`, ignoring case.

    Raises:
        Conflict: something is. What differs in case alone is one file on Windows and macOS.
    """
    place = f"{directory}/{name}" if directory else name
    there = now.tree.entries(directory).get(name)
    if there and not (there.is_directory and _has_only_history(now, place)):
        raise Conflict(
            f"there is a {name!r} already",
            where=directory or name,
            hint="choose another name, or remove it first",
        )
    check_spelling(now, directory, name)


def check_spelling(now: Snapshot, directory: str, name: str, *, suffix: str = "") -> None:
    """Check that nothing in `directory` differs from `name` in case alone.

    What is there may end in `suffix`, which is not part of its name.

    Raises:
        Conflict: something does. It is one file on Windows and macOS.
    """
    names = (entry.removesuffix(suffix) for entry in now.tree.entries(directory))
    twin = next((other for other in names if _differs_in_case(other, name)), None)
    if twin:
        raise Conflict(
            f"{name!r} differs from {twin!r} in case alone", where=directory, hint="choose another name"
        )


def _differs_in_case(one: str, other: str) -> bool:
    return one != other and one.casefold() == other.casefold()


def _has_only_history(now: Snapshot, path: str) -> bool:
    """Is nothing there but versions that were unlinked, and directories that hold nothing else?"""
    return all(
        name == "unlinked" or (entry.is_directory and _has_only_history(now, f"{path}/{name}"))
        for name, entry in now.tree.entries(path).items()
    )


def check_type(now: Snapshot, registry: str, artifact_type: str) -> None:
    """Check that a registry accepts an artifact type. A project accepts any.

    Raises:
        NotFound: there is no such registry.
        Refused: it does not; the message names the accepted ones.
    """
    if now.entry(layout.project_path(registry)):
        return
    if now.entry(layout.registry_path(registry)) is None:
        raise NotFound(
            f"there is no registry {registry!r}", hint=f"`git registry create {registry}` creates it"
        )
    document = now.registry(registry)
    if not document.accepts(artifact_type):
        raise Refused(
            f"the registry accepts {_listed(document.types)}, not {artifact_type!r}",
            where=registry,
            hint=f"`git registry edit {registry} --add-type {artifact_type}` lets it accept that too",
        )


def _listed(types: Iterable[str]) -> str:
    return " or ".join(repr(one) for one in types)


def edit_registry(
    now: Snapshot, name: str, *, title: str | None, description: str | None, add_types: Iterable[str] = ()
) -> Changes:
    """Describe a registry anew; None leaves a field as it is, an empty text removes it."""
    registry = now.registry(name)
    types = registry.types
    additions = tuple(one for one in dict.fromkeys(add_types) if one not in types)
    if additions and not types:
        raise Refused("the registry accepts any type already", where=name)
    changed = replace(
        registry,
        title=_edited(registry.title, title),
        description=_edited(registry.description, description),
        types=(*types, *additions),
    )
    return {} if same(changed, registry) else {layout.registry_path(name): changed}


def edit_collection(now: Snapshot, path: str, *, title: str | None, description: str | None) -> Changes:
    """Describe a collection anew; None leaves a field as it is, an empty text removes it."""
    collection = now.collection(path)
    changed = replace(
        collection,
        title=_edited(collection.title, title),
        description=_edited(collection.description, description),
    )
    return {} if same(changed, collection) else {layout.collection_path(path): changed}


def _edited(old: str | None, new: str | None) -> str | None:
    return old if new is None else new or None


def edit_card(now: Snapshot, subject: str, card: bytes) -> Changes:
    """Replace the card of a registry or collection; an empty one is removed.

    Raises:
        InvalidDocument: it is not UTF-8, or larger than a mebibyte.
    """
    if len(card) > layout.LARGEST_CARD:
        raise InvalidDocument(f"a card is at most {layout.LARGEST_CARD} bytes long", where=subject)
    try:
        card.decode()
    except UnicodeDecodeError as problem:
        raise InvalidDocument("a card is Markdown in UTF-8", where=subject) from problem
    path = layout.card_path(subject)
    if not card:
        return {path: None} if now.entry(path) else {}
    return {path: card}


def tag_collection(
    now: Snapshot, path: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> Changes:
    """Add and remove tags of a collection."""
    collection = now.collection(path)
    tags = retagged(collection.tags, add=add, remove=remove)
    return {} if tags == collection.tags else {layout.collection_path(path): replace(collection, tags=tags)}


def retagged(tags: tuple[str, ...], *, add: Iterable[str], remove: Iterable[str]) -> tuple[str, ...]:
    """Return `tags` with some added at the end and some removed, none twice."""
    gone = set(remove)
    return tuple(tag for tag in dict.fromkeys((*tags, *add)) if tag not in gone)


def delete_collection(now: Snapshot, path: str) -> Changes:
    """Unlink all versions of a collection and remove the rest; what was linked stays in `unlinked/`."""
    changes: dict[str, Change] = dict(_removed(now, path))
    for manifest in now.versions(path).values():
        changes.update(unlinked(now, manifest))
    return changes


def _removed(now: Snapshot, directory: str) -> Iterator[tuple[str, None]]:
    for name, entry in now.tree.entries(directory).items():
        path = f"{directory}/{name}"
        if entry.is_directory and name not in ("versions", "unlinked"):
            yield from _removed(now, path)
        elif not entry.is_directory and layout.identify(path).kind is not Kind.OUTSIDE:
            yield path, None


def unlinked(now: Snapshot, manifest: str) -> Changes:
    """Move a manifest and its notes, unread and unchanged, to `unlinked/`."""
    changes: dict[str, Change] = {}
    for path in (manifest, layout.notes_path(manifest)):
        entry = now.entry(path)
        if entry:
            changes[path] = None
            changes[path.replace("/versions/", "/unlinked/", 1)] = Kept(entry.id)
    return changes


def delete_registry(now: Snapshot, name: str, *, with_collections: bool = False) -> Changes:
    """Remove a registry, and its collections if that is said; what was linked stays in `unlinked/`.

    Raises:
        NotFound: there is no such registry.
        Conflict: it has collections, and nothing is said of them.
    """
    if not now.entry(layout.registry_path(name)):
        raise NotFound(f"there is no registry {name!r}")
    held = list(now.collections(name))
    if held and not with_collections:
        raise Conflict(
            "the registry has collections",
            where=name,
            hint=f"delete them first: `git registry delete {held[0]}`",
        )
    changes: dict[str, Change] = dict(_removed(now, name))
    for path in held:
        changes.update(delete_collection(now, path))
    return changes
