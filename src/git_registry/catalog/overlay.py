"""A tree with changes laid over it: what it will be once they are committed."""

from __future__ import annotations

from collections.abc import Mapping

from git_registry.catalog.tree import CommitTree
from git_registry.codec.canonical import encode
from git_registry.codec.commentary import comments
from git_registry.codec.tree import MAX_BYTES as LARGEST_DOCUMENT
from git_registry.errors import NotFound, UsageError
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.record import Document
from git_registry.model.edits.change import Changes, Kept
from git_registry.model.snapshot import DIRECTORY, REGULAR, Entry, Snapshot
from git_registry.repository.hashing import blob_id


class Overlay(CommitTree):
    """A tree with changes laid over it: what it will be once they are committed.

    Attributes:
        changes: path → bytes to write, content to keep, or None to remove; what is the same as
            below is left out.
    """

    def __init__(self, below: CommitTree, *, drop_comments: bool = False) -> None:
        super().__init__(below.reader, None)
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

    def _encoded(self, path: str, document: Document) -> bytes | None:
        """Return the document's bytes; None for notes that say nothing, which are no file."""
        data = encode(document, where=path)
        if not self._drop_comments and Snapshot(self).entry(path) is not None:
            lost = comments(self.content(path))
            if lost:
                raise UsageError(
                    f"rewriting it would drop its comments ({len(lost)}, the first in line {lost[0].line})",
                    where=path,
                    hint=f"edit it by hand, or pass --rewrite; it would become:\n{data.decode()}",
                )
        return None if document == Notes() else data

    def _put(self, path: str, content: bytes | Kept | None) -> None:
        below = Snapshot(self._below).entry(path)
        after = None if content is None else blob_id(content) if isinstance(content, bytes) else content.id
        if (below.id if below else None) == after:
            self.changes.pop(path, None)
        else:
            self.changes[path] = content

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
            if rests == [""] or self.changes.get(prefix + name) is not None:
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
        return self.blob(path, content.id, at_most) if isinstance(content, Kept) else content
