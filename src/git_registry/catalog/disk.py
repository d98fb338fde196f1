"""The files of a work tree as the model sees a tree, so that hand edits can be checked before a commit."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from git_registry import codec
from git_registry.codec.tree import MAX_BYTES as LARGEST_DOCUMENT
from git_registry.errors import InvalidDocument, NotFound
from git_registry.model.documents.record import Document
from git_registry.model.snapshot import DIRECTORY, REGULAR, Entry
from git_registry.repository.hashing import blob_id

D = TypeVar("D", bound=Document)

_SYMLINK = 0o120000
_EXECUTABLE = 0o100755
_SUBMODULE = 0o160000
_OF_A_REGISTRY = ("registry.yaml", "access.yaml")
_LARGEST_FILE = 64 << 20


class DiskTree:
    """A directory on disk. Git's own directory is not in it; nothing is followed out of it."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._directories: dict[str, Mapping[str, Entry]] = {}

    def entries(self, directory: str) -> Mapping[str, Entry]:
        """Return what is in a directory by name; empty if it isn't there."""
        if directory not in self._directories:
            self._directories[directory] = dict(self._scan(directory))
        return self._directories[directory]

    def _scan(self, directory: str) -> list[tuple[str, Entry]]:
        try:
            with os.scandir(self._top / directory) as found:
                return [(e.name, self._entry(Path(e.path))) for e in found if self._counts(directory, e)]
        except (FileNotFoundError, NotADirectoryError):
            return []

    @staticmethod
    def _counts(directory: str, entry: os.DirEntry[str]) -> bool:
        """Leave out Git's own directory, and at the top what is no registry: it may be anything."""
        if entry.name == ".git":
            return False
        if directory or not entry.is_dir(follow_symlinks=False):
            return True
        return any((Path(entry.path) / name).exists() for name in _OF_A_REGISTRY)

    def _entry(self, path: Path) -> Entry:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            return Entry(_SYMLINK, blob_id(os.fsencode(path.readlink())))
        if stat.S_ISDIR(status.st_mode):
            return Entry(_SUBMODULE if (path / ".git").exists() else DIRECTORY, f"on disk {path}")
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST_FILE:
            return Entry(REGULAR, f"unread {path}")
        mode = _EXECUTABLE if status.st_mode & stat.S_IXUSR else REGULAR
        return Entry(mode, blob_id(path.read_bytes()))

    def document(self, path: str, kind: type[D]) -> D:
        """Return the document at `path`, unknown fields kept."""
        return codec.decode(kind, self.content(path), where=path)

    def content(self, path: str, *, at_most: int = LARGEST_DOCUMENT) -> bytes:
        """Return the bytes at `path`.

        Raises:
            NotFound: nothing is there.
            InvalidDocument: it is larger than `at_most` bytes.
        """
        file = self._top / path
        if not file.is_file():
            raise NotFound("there is no such file", where=path)
        with file.open("rb") as opened:
            data = opened.read(at_most + 1)
        if len(data) > at_most:
            raise InvalidDocument(f"it is larger than {at_most} bytes", where=path)
        return data
