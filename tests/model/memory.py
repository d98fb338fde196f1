"""An organization in memory: path → document, text or bytes. What a Git tree is to the catalog."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from git_registry.errors import InvalidDocument, NotFound
from git_registry.model.documents.access import Access
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.manifest import Manifest
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.organization import Organization
from git_registry.model.documents.record import Document
from git_registry.model.documents.registry import Registry
from git_registry.model.snapshot import DIRECTORY, REGULAR, Entry, Snapshot

KINDS = (Access, Alias, Collection, Manifest, Notes, Organization, Registry)


@dataclass(frozen=True)
class Spelled:
    """A document spelled in another way: other bytes, the same content."""

    document: Document
    comment: str = "spelled otherwise"


@dataclass(frozen=True)
class Special:
    """Something with a mode of its own: a symbolic link, a submodule, an executable file."""

    content: Any
    mode: int


class MemoryTree:
    """Files by path. Content that is no document can't be read as one.

    Attributes:
        read: how often each path was read as a document.
        listed: how often each directory was listed.
    """

    def __init__(self, files: Mapping[str, Any]) -> None:
        self.files = dict(files)
        self.read: Counter[str] = Counter()
        self.listed: Counter[str] = Counter()
        self._directories: dict[str, dict[str, Entry]] = {"": {}}
        for path, content in sorted(self.files.items()):
            self._place(path, content)
        for directory in sorted(self._directories, key=lambda path: -path.count("/")):
            self._close(directory)

    def _place(self, path: str, content: Any) -> None:
        mode, content = (
            (content.mode, content.content) if isinstance(content, Special) else (REGULAR, content)
        )
        directory, _, name = path.rpartition("/")
        entries = self._directories.setdefault(directory, {})
        entries[name] = Entry(mode, hashlib.sha1(repr(content).encode()).hexdigest())
        while directory:
            directory = directory.rpartition("/")[0]
            self._directories.setdefault(directory, {})

    def _close(self, directory: str) -> None:
        if directory:
            parent, _, name = directory.rpartition("/")
            listing = repr(sorted((n, e.mode, e.id) for n, e in self._directories[directory].items()))
            self._directories[parent][name] = Entry(DIRECTORY, hashlib.sha1(listing.encode()).hexdigest())

    def entries(self, directory: str) -> Mapping[str, Entry]:
        self.listed[directory] += 1
        return self._directories.get(directory, {})

    def document(self, path: str, kind: type[Any]) -> Any:
        self.read[path] += 1
        if path not in self.files:
            raise NotFound("nothing is there", where=path)
        content = self.files[path]
        if isinstance(content, Special):
            content = content.content
        if isinstance(content, Spelled):
            content = content.document
        if not isinstance(content, kind):
            raise InvalidDocument(f"expected {kind.kind}", where=path)
        return content


def snapshot(files: Mapping[str, Any]) -> Snapshot:
    return Snapshot(MemoryTree(files))
