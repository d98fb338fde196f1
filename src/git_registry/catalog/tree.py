"""A commit's tree as the model sees it, read lazily through Git; and the same with changes laid over it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

from git_registry import codec
from git_registry.codec.tree import MAX_BYTES as LARGEST_DOCUMENT
from git_registry.errors import InvalidDocument, NotFound, UsageError
from git_registry.model.documents.record import Document
from git_registry.model.edits.change import Changes, Kept
from git_registry.model.snapshot import DIRECTORY, REGULAR, Entry, Tree
from git_registry.repository.hashing import blob_id
from git_registry.repository.objects import Reader

D = TypeVar("D", bound=Document)


class Contents(Tree, Protocol):
    """A tree whose files can be read as bytes too."""

    def content(self, path: str, *, at_most: int = ...) -> bytes:
        """Return the bytes at `path`; raise `NotFound` or `InvalidDocument`."""
        ...


LARGEST_FILE = 1 << 20
"""Bytes of a card or another file that is not a document but is read whole."""


class CommitTree:
    """The tree of one commit. Each directory and each document is read once, when first asked for."""

    def __init__(self, reader: Reader, root: str | None) -> None:
        self._reader = reader
        self._directories: dict[str, Mapping[str, Entry]] = {} if root else {"": {}}
        self._documents: dict[tuple[str, type[Document]], Document] = {}
        self._root = root

    def entries(self, directory: str) -> Mapping[str, Entry]:
        """Return what is in a directory by name; empty if it isn't there."""
        known = self._directories.get(directory)
        if known is None:
            tree = self._tree_id(directory)
            known = {e.name: Entry(e.mode, e.id) for e in self._reader.tree(tree)} if tree else {}
            self._directories[directory] = known
        return known

    def _tree_id(self, directory: str) -> str | None:
        if not directory:
            return self._root
        parent, _, name = directory.rpartition("/")
        entry = self.entries(parent).get(name)
        return entry.id if entry and entry.mode == DIRECTORY else None

    def document(self, path: str, kind: type[D]) -> D:
        """Return the document at `path`, unknown fields kept."""
        found = self._documents.get((path, kind))
        if found is None:
            found = codec.decode(kind, self.content(path), where=path)
            self._documents[path, kind] = found
        assert isinstance(found, kind)
        return found

    def content(self, path: str, *, at_most: int = LARGEST_DOCUMENT) -> bytes:
        """Return the bytes at `path`.

        Raises:
            NotFound: nothing is there.
            InvalidDocument: it is no plain file, or larger than `at_most` bytes.
        """
        directory, _, name = path.rpartition("/")
        entry = self.entries(directory).get(name)
        if entry is None:
            raise NotFound("there is no such file", where=path)
        if entry.mode != REGULAR:
            raise InvalidDocument("expected a plain file (mode 100644)", where=path)
        return self._blob(path, entry.id, at_most)

    def _blob(self, path: str, blob: str, at_most: int) -> bytes:
        try:
            return self._reader.blob(blob, at_most=at_most)
        except InvalidDocument as problem:
            raise problem.under(path) from None


class Overlay(CommitTree):
    """A tree with changes laid over it: what it will be once they are committed.

    Attributes:
        changes: path → bytes to write, content to keep, or None to remove; what is the same as
            below is left out.
    """

    def __init__(self, below: CommitTree, *, drop_comments: bool = False) -> None:
        super().__init__(below._reader, None)
        self._below = below
        self._drop_comments = drop_comments
        self._directories = {}
        self.changes: dict[str, bytes | Kept | None] = {}

    def lay(self, changes: Changes) -> None:
        """Lay further changes over the tree.

        Raises:
            UsageError: a document would lose its comments.
            InvalidDocument: a document's values break a rule of the format.
        """
        for path, change in changes.items():
            if isinstance(change, Document):
                self._put(path, self._encoded(path, change))
            else:
                self._put(path, change)
        self._directories.clear()
        self._documents.clear()

    def _encoded(self, path: str, document: Document) -> bytes:
        data = codec.encode(document)
        if not self._drop_comments and self._at(path) is not None:
            lost = codec.comments(self.content(path))
            if lost:
                raise UsageError(
                    f"rewriting it would drop {len(lost)} comments, the first in line {lost[0].line}",
                    where=path,
                    hint=f"edit it by hand, or pass --rewrite; it would become:\n{data.decode()}",
                )
        return data

    def _put(self, path: str, content: bytes | Kept | None) -> None:
        below = _entry(self._below, path)
        after = None if content is None else blob_id(content) if isinstance(content, bytes) else content.id
        if (below.id if below else None) == after:
            self.changes.pop(path, None)
        else:
            self.changes[path] = content

    def _at(self, path: str) -> Entry | None:
        return _entry(self, path)

    def entries(self, directory: str) -> Mapping[str, Entry]:
        """Return what will be in a directory."""
        known = self._directories.get(directory)
        if known is None:
            known = self._directories[directory] = self._overlaid(directory)
        return known

    def _overlaid(self, directory: str) -> Mapping[str, Entry]:
        entries = dict(self._below.entries(directory))
        prefix = f"{directory}/" if directory else ""
        touched: dict[str, list[str]] = {}
        for path in self.changes:
            if path.startswith(prefix):
                name, _, rest = path[len(prefix) :].partition("/")
                touched.setdefault(name, []).append(rest)
        for name, rests in touched.items():
            if rests == [""]:
                self._overlay_file(entries, prefix + name)
            elif self.entries(prefix + name):
                entries[name] = Entry(DIRECTORY, f"overlaid {prefix}{name}")
            else:
                entries.pop(name, None)
        return entries

    def _overlay_file(self, entries: dict[str, Entry], path: str) -> None:
        name = path.rpartition("/")[2]
        content = self.changes[path]
        if content is None:
            entries.pop(name, None)
        else:
            entries[name] = Entry(REGULAR, content.id if isinstance(content, Kept) else blob_id(content))

    def content(self, path: str, *, at_most: int = LARGEST_DOCUMENT) -> bytes:
        """Return the bytes that will be at `path`."""
        if path not in self.changes:
            return self._below.content(path, at_most=at_most)
        content = self.changes[path]
        if content is None:
            raise NotFound("there is no such file", where=path)
        return self._blob(path, content.id, at_most) if isinstance(content, Kept) else content


def _entry(tree: CommitTree, path: str) -> Entry | None:
    directory, _, name = path.rpartition("/")
    return tree.entries(directory).get(name)
