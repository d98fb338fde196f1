"""The files of a work tree as the model sees a tree, so that hand edits can be checked before a commit."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from git_registry import codec
from git_registry.catalog.tree import plain_file
from git_registry.codec.tree import MAX_BYTES as LARGEST_DOCUMENT
from git_registry.errors import InvalidDocument
from git_registry.model import layout
from git_registry.model.documents.record import Document
from git_registry.model.layout import Kind
from git_registry.model.snapshot import DIRECTORY, REGULAR, Entry
from git_registry.repository.hashing import blob_id

D = TypeVar("D", bound=Document)

_SYMLINK = 0o120000
_EXECUTABLE = 0o100755
_SUBMODULE = 0o160000
_UNFOLLOWED = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_LARGEST_FILE = 64 << 20


class DiskTree:
    """A directory on disk. Git's own directory is not in it; no symbolic link is followed.

    A file that the format knows no name for is listed but never read: its id says nothing.

    Attributes:
        unread: the directories that could not be listed, and count as empty.
    """

    def __init__(self, top: Path) -> None:
        self.unread: list[InvalidDocument] = []
        self._top = top
        self._directories: dict[str, Mapping[str, Entry]] = {}
        self._documents: dict[tuple[str, type[Document]], Document] = {}

    def entries(self, directory: str) -> Mapping[str, Entry]:
        """Return what is in a directory by name; empty if it isn't there."""
        if directory not in self._directories:
            self._directories[directory] = dict(self._scan(directory))
        return self._directories[directory]

    def _scan(self, directory: str) -> Iterator[tuple[str, Entry]]:
        if not self._is_reached(directory):
            return
        for name in self._names(directory):
            entry = self._entry(f"{directory}/{name}" if directory else name)
            if entry is not None and (directory or not entry.is_directory or self._counts(name)):
                yield name, entry

    def _names(self, directory: str) -> list[str]:
        try:
            return sorted(place.name for place in (self._top / directory).iterdir() if place.name != ".git")
        except OSError as error:
            self.unread.append(_unreadable(directory, error))
            return []

    def _is_reached(self, directory: str) -> bool:
        """Is it a directory, below nothing but directories: no symbolic link, no other repository?"""
        if not directory:
            return True
        entry = self._entry(directory)
        return entry is not None and entry.is_directory and self._is_reached(directory.rpartition("/")[0])

    def _counts(self, name: str) -> bool:
        """At the top, leave out a directory that is no registry or project: it may be anything, and huge."""
        documents = map(self._entry, (layout.registry_path(name), layout.project_path(name)))
        return any(entry is not None and not entry.is_directory for entry in documents)

    def _entry(self, path: str) -> Entry | None:
        place = self._top / path
        try:
            status = place.lstat()
            if stat.S_ISLNK(status.st_mode):
                return Entry(_SYMLINK, blob_id(os.fsencode(place.readlink())))
            if stat.S_ISDIR(status.st_mode):
                return Entry(_SUBMODULE if (place / ".git").exists() else DIRECTORY, f"on disk {path}")
        except OSError:
            return None  # it went while we were looking
        mode = _EXECUTABLE if status.st_mode & stat.S_IXUSR else REGULAR
        known = layout.identify(path).kind is not Kind.OUTSIDE
        if not known or not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST_FILE:
            return Entry(mode, f"unread {path}")
        return Entry(mode, self._blob_id(path))

    def _blob_id(self, path: str) -> str:
        try:
            return blob_id(self._read(path, _LARGEST_FILE))
        except InvalidDocument:
            return f"unread {path}"  # whoever wants the content is told why

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
            InvalidDocument: it is no plain file, larger than `at_most` bytes, or can't be read.
        """
        plain_file(self, path)
        data = self._read(path, at_most + 1)
        if len(data) > at_most:
            raise InvalidDocument(f"it is larger than {at_most} bytes", where=path)
        return data

    def _read(self, path: str, at_most: int) -> bytes:
        try:
            with os.fdopen(os.open(self._top / path, _UNFOLLOWED), "rb") as opened:
                if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                    raise InvalidDocument("expected a plain file (mode 100644)", where=path)
                return opened.read(at_most)
        except OSError as error:
            raise _unreadable(path, error) from None


def _unreadable(path: str, error: OSError) -> InvalidDocument:
    return InvalidDocument(f"it can't be read: {error.strerror}", where=path)
