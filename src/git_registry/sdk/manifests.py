"""From files that are stored to the manifest that lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from git_registry import codec
from git_registry.model.digest import check_paths, list_digest
from git_registry.model.documents.manifest import (
    INLINE_FILES,
    Code,
    FileEntry,
    FileList,
    Input,
    Manifest,
    RunReference,
)
from git_registry.model.documents.record import Number, Value
from git_registry.sdk.blobs import Blobs
from git_registry.store.blobs import Store, Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a manifest says besides its files: what it is, and where it came from."""

    artifact: str
    type: str
    metadata: Mapping[str, Value] = field(default_factory=dict)
    metrics: Mapping[str, Number] = field(default_factory=dict)
    run: RunReference | None = None
    code: Code | None = None
    inputs: tuple[Input, ...] = ()


def compose(where: Blobs, stored: Sequence[Stored], about: About, *, created: str) -> Manifest:
    """Return the manifest of a version with these files. A long list of them is put into the store.

    Raises:
        InvalidDocument: a path is both a file and a directory.
        StoreError: the list can't be put into the store.
    """
    check_paths([one.path for one in stored])
    entries = entries_of(stored)
    inline = len(entries) <= INLINE_FILES
    return Manifest(
        artifact=about.artifact,
        type=about.type,
        digest=list_digest((one.path, one.digest, one.uri) for one in entries),
        size=sum(one.size or 0 for one in entries),
        created=created,
        metadata=about.metadata,
        metrics=about.metrics,
        files=entries if inline else None,
        file_list=None if inline else _file_list(where.store, entries),
        run=about.run,
        code=about.code,
        inputs=about.inputs,
    )


def entries_of(stored: Iterable[Stored]) -> tuple[FileEntry, ...]:
    """Return files that are stored as a file list has them, in its order."""
    return tuple(entry_of(one) for one in sorted(stored, key=lambda one: one.path.encode()))


def entry_of(stored: Stored) -> FileEntry:
    """Return a file that is stored as a file list has it."""
    return FileEntry(path=stored.path, size=stored.size, digest=stored.digest, uri=stored.uri)


def stored_of(entry: FileEntry) -> Stored:
    """Return a file of a list as one that is stored, which it is."""
    return Stored(path=entry.path, size=entry.size, digest=entry.digest, uri=entry.uri)


def _file_list(store: Store, entries: Sequence[FileEntry]) -> FileList:
    stored = store.put_bytes(codec.encode_files(entries))
    content = "sha256" if all(entry.digest.is_content for entry in entries) else None
    return FileList(uri=stored.uri, digest=stored.digest, count=len(entries), content=content)
