"""Renaming a collection: all that it holds moves with its content, and its numbers go along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from git_registry.errors import Conflict, NotFound
from git_registry.model import layout
from git_registry.model.edits.change import Change, Changes, Kept
from git_registry.model.edits.collection import check_spelling, check_type
from git_registry.model.names import PLACE
from git_registry.model.snapshot import REGULAR, Entry, Snapshot


def rename(now: Snapshot, old: str, new: str) -> Changes:
    """Move the collection at `old` to `new`, which may be in another registry that accepts its type.

    Raises:
        NotFound: there is no such collection, or no registry to move it to.
        Conflict: something is at the new place, or was: what was unlinked there keeps its numbers. Or
            there is a file in the collection that is no plain one.
        Refused: the other registry does not accept its type.
        UsageError: it may not be called that.
    """
    registry, _, name = new.partition("/")
    PLACE.check(name)
    if not now.has_collection(old):
        raise NotFound(f"there is no collection {old}")
    if old == new:
        return {}
    _check_free(now, registry, name)
    document = now.collection(old)
    check_type(now, registry, document.type)
    changes: dict[str, Change] = {}
    for path, entry in _files(now, old):
        changes[path] = None
        changes[new + path.removeprefix(old)] = Kept(entry.id)
    return changes | {layout.collection_path(new): replace(document, renamed_from=old)}


def _check_free(now: Snapshot, registry: str, name: str) -> None:
    # Numbers go along only to where nothing ever was: an `unlinked/` there has numbers of its own.
    if name in now.tree.entries(registry):
        raise Conflict(
            f"there is a {name!r} already, or was",
            where=registry,
            hint="choose a name that was never used there",
        )
    check_spelling(now, registry, name)


def _files(now: Snapshot, directory: str) -> Iterator[tuple[str, Entry]]:
    for name, entry in now.tree.entries(directory).items():
        path = f"{directory}/{name}"
        if entry.is_directory:
            yield from _files(now, path)
        elif entry.mode == REGULAR:
            yield path, entry
        else:
            raise Conflict(
                "it is no plain file, and would not move along", where=path, hint="remove it first"
            )
