"""The files of a version as a tree of directories, whether they are three or two hundred thousand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from operator import attrgetter

from git_registry.model.documents.manifest import FileEntry

_PATH = attrgetter("path")
_AFTER_SLASH = chr(ord("/") + 1)
"""`a/` and all that is in it sort before `a` followed by this."""


class Files:
    """A version's files, sorted by path, so that those of a directory stand together.

    Nothing is kept of the tree besides the entries: a directory is found, and passed over, by bisection.
    """

    def __init__(self, entries: Iterable[FileEntry]) -> None:
        self._entries = sorted(entries, key=_PATH)

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[FileEntry]:
        return iter(self._entries)

    def file(self, path: str) -> FileEntry | None:
        """Return the file at a path, or None."""
        at = self._place(path)
        found = self._entries[at] if at < len(self._entries) else None
        return found if found and found.path == path else None

    def is_directory(self, path: str) -> bool:
        """Is there anything below a path? The version itself, the empty path, is a directory always."""
        at = self._place(_inside(path))
        return not path or (at < len(self._entries) and self._entries[at].path.startswith(_inside(path)))

    def within(self, directory: str) -> Iterator[FileEntry | str]:
        """Yield what is directly in a directory, sorted: each file, and of each directory its path."""
        begin = _inside(directory)
        at = self._place(begin)
        while at < len(self._entries) and self._entries[at].path.startswith(begin):
            entry = self._entries[at]
            name, deeper, _ = entry.path[len(begin) :].partition("/")
            yield begin + name if deeper else entry
            at = self._place(begin + name + _AFTER_SLASH) if deeper else at + 1

    def _place(self, path: str) -> int:
        return bisect_left(self._entries, path, key=_PATH)


def _inside(directory: str) -> str:
    return f"{directory}/" if directory else ""
