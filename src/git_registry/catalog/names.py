"""Names that one file system keeps apart and another doesn't, and names that no path should have."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from git_registry.errors import InvalidDocument
from git_registry.model.diff.paths import ChangedPath
from git_registry.model.names import WINDOWS_DEVICES

Directory = Callable[[str], Collection[str]]
"""Gives the names in a directory."""

_GIT = {".git", "git~1"}


class Names:
    """The names of a tree, as they would collide, kept up from step to step.

    A directory is looked through once, when something in it first changes.
    """

    def __init__(self) -> None:
        self._directories: dict[str, dict[str, str]] = {}
        self._fine: set[str] = set()

    def problems(
        self, before: Directory, after: Directory, changes: Sequence[ChangedPath]
    ) -> Iterator[InvalidDocument]:
        """Yield what is wrong with the names that a step brings.

        Args:
            before: the directories before the step.
            after: those after it.
            changes: what the step changes, as `model.diff.changed_paths` has it.
        """
        for path, _, now in changes:
            if now is not None:
                yield from self._told(path)
                yield from self._collisions(path, before, after)

    def _told(self, path: str) -> Iterator[InvalidDocument]:
        for part in path.split("/"):
            if part not in self._fine:
                found = problem(part)
                if found:
                    yield InvalidDocument(f"the name {part!r} {found}", where=path, hint="rename it")
                    return
                if len(self._fine) < 100_000:
                    self._fine.add(part)

    def _collisions(self, path: str, before: Directory, after: Directory) -> Iterator[InvalidDocument]:
        while path:
            directory, _, name = path.rpartition("/")
            known = self._directories.get(directory)
            if known is None:
                known = self._directories[directory] = {}
                for one in before(directory):
                    known.setdefault(folded(one), one)
            other = known.setdefault(folded(name), name)
            if other != name:
                if other in after(directory):
                    yield InvalidDocument(
                        f"some file systems take {name!r} and {other!r} for the same name",
                        where=path,
                        hint="rename one of them",
                    )
                known[folded(name)] = name
            path = directory


def names_in(paths: Iterable[str]) -> Directory:
    """Return what gives the names in a directory, where these are the paths of all files."""
    found: dict[str, dict[str, None]] = {}
    for path in paths:
        while path:
            directory, _, name = path.rpartition("/")
            known = found.setdefault(directory, {})
            path = "" if name in known else directory
            known[name] = None
    return lambda directory: found.get(directory, ())


def folded(name: str) -> str:
    """Return what a file system that ignores case and ways of writing an accent makes of a name."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFKC", name).casefold()


def problem(part: str) -> str:
    """Return what is wrong with one part of a path, or an empty text."""
    if part in ("", ".", ".."):
        return "is no name"
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in part):
        return "is not UTF-8"
    if _is_gits(part):
        return "is Git's own"
    if not part.isprintable():
        return "has a control or invisible character"
    if "\\" in part:
        return "has a backslash, which divides directories on Windows"
    if not part.isascii() and unicodedata.normalize("NFC", part) != part:
        return "is not in the usual Unicode form, NFC"
    if part.endswith((".", " ")):
        return "ends in what Windows drops"
    return "is a device name on Windows" if part.partition(".")[0].lower() in WINDOWS_DEVICES else ""


def _is_gits(part: str) -> bool:
    """Would some file system have it be Git's directory, as git itself asks for check-outs?"""
    visible = "".join(letter for letter in part if unicodedata.category(letter) != "Cf")
    # NTFS drops dots and spaces at the end, and what is behind a colon names a stream.
    return visible.partition(":")[0].rstrip(". ").lower() in _GIT
