"""The organization as it was step after step, without reading a tree for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from git_registry.catalog.tree import plain_file
from git_registry.codec.reading import decode
from git_registry.codec.tree import MAX_BYTES
from git_registry.errors import InvalidDocument
from git_registry.model.diff.paths import ChangedPath
from git_registry.model.documents.record import Document
from git_registry.model.snapshot import DIRECTORY, Entry
from git_registry.repository.objects import Reader

D = TypeVar("D", bound=Document)

_KEPT = 50_000
"""Documents remembered. An alias that moved was read when it was set, so a walk reads each blob once."""

_SOMETHING = Entry(DIRECTORY, "")
"""A directory; its content is known by its own entries."""


class Documents:
    """Documents by blob, read once while they are remembered."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, type[Document]], Document | InvalidDocument] = {}
        self._bytes: dict[str, bytes] = {}

    def expect(self, blobs: Mapping[str, bytes]) -> None:
        """Take the bytes of blobs that will be asked for soon; those taken before are forgotten."""
        self._bytes = dict(blobs)

    def read(self, blob: str, path: str, kind: type[D]) -> D:
        """Return the document a blob holds; raise `InvalidDocument` if it holds none."""
        found = self._known.get((blob, kind))
        if found is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            found = self._known[blob, kind] = self._decoded(blob, path, kind)
        if isinstance(found, InvalidDocument):
            raise found
        assert isinstance(found, kind)
        return found

    def _decoded(self, blob: str, path: str, kind: type[D]) -> D | InvalidDocument:
        try:
            return decode(kind, self.content(blob, path), where=path)
        except InvalidDocument as problem:
            return problem

    def content(self, blob: str, path: str, *, at_most: int = MAX_BYTES) -> bytes:
        """Return the bytes of a blob that stands at `path`; raise `InvalidDocument` if it is larger."""
        data = self._bytes.get(blob)
        if data is not None and len(data) <= at_most:
            return data
        try:
            return self._reader.blob(blob, at_most=at_most)
        except InvalidDocument as problem:
            raise problem.under(path) from None


class Rolling:
    """A tree that follows a history: each step's changes are laid over what was known before.

    Attributes:
        documents: shared by all steps.
        below: gives a directory as it was before the first step, if nothing has changed in it since.
    """

    __slots__ = ("_directories", "below", "documents")

    def __init__(
        self,
        documents: Documents,
        below: Callable[[str], Mapping[str, Entry]],
        directories: dict[str, Mapping[str, Entry]] | None = None,
    ) -> None:
        self.documents = documents
        self.below = below
        self._directories = directories if directories is not None else {}

    def entries(self, directory: str) -> Mapping[str, Entry]:
        """Return what is in a directory by name; empty if it isn't there."""
        known = self._directories.get(directory)
        if known is None:
            known = self._directories[directory] = self.below(directory)
        return known

    def document(self, path: str, kind: type[D]) -> D:
        """Return the document at `path`; see `model.snapshot.Tree`."""
        return self.documents.read(plain_file(self, path).id, path, kind)

    def content(self, path: str, *, at_most: int = MAX_BYTES) -> bytes:
        """Return the bytes at `path`; see `catalog.tree.Contents`."""
        return self.documents.content(plain_file(self, path).id, path, at_most=at_most)

    def after(self, changes: Iterable[ChangedPath]) -> Rolling:
        """Return the tree after a step. This one stays as it is, and is what the other falls back on."""
        changed: dict[str, dict[str, Entry]] = {}
        # What goes is taken away first: a file may make room for a directory of its name.
        ordered = sorted(changes, key=lambda change: change[2] is not None)
        for path, _, now in ordered:
            self._put(changed, path, now)
        return Rolling(self.documents, self.entries, dict(changed))

    def settle(self, onto: Rolling) -> Rolling:
        """Return this tree, knowing by itself what `onto`, which it was made from, knows."""
        onto._directories.update(self._directories)
        return onto

    def _put(self, changed: dict[str, dict[str, Entry]], path: str, now: Entry | None) -> None:
        directory, _, name = path.rpartition("/")
        here = self._changing(changed, directory)
        if now is not None:
            here[name] = now
            self._raise(changed, directory)
        else:
            if not (name in here and here[name].is_directory):
                here.pop(name, None)
            self._prune(changed, directory)

    def _changing(self, changed: dict[str, dict[str, Entry]], directory: str) -> dict[str, Entry]:
        if directory not in changed:
            changed[directory] = dict(self.entries(directory))
        return changed[directory]

    def _raise(self, changed: dict[str, dict[str, Entry]], directory: str) -> None:
        """Make sure that a directory stands in the one above it."""
        while directory:
            above, _, name = directory.rpartition("/")
            there = (changed[above] if above in changed else self.entries(above)).get(name)
            if there is not None and there.is_directory:
                return
            self._changing(changed, above)[name] = _SOMETHING
            directory = above

    def _prune(self, changed: dict[str, dict[str, Entry]], directory: str) -> None:
        """Take away a directory that is empty now: Git keeps none."""
        while directory and not changed[directory]:
            above, _, name = directory.rpartition("/")
            here = self._changing(changed, above)
            if name in here and here[name].is_directory:
                del here[name]
            directory = above
