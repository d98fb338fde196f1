"""Names that differ in case alone, which one file system keeps apart and another doesn't."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from git_registry.errors import InvalidDocument
from git_registry.model.snapshot import Tree


class Spellings:
    """The names in a tree, ignoring case. A directory is looked through once, a path told of once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._directories: dict[str, Mapping[str, list[str]]] = {}
        self._seen: set[str] = set()

    def problems(self, path: str) -> Iterator[InvalidDocument]:
        """Yield what stands beside a path, or beside a directory above it, under almost the same name."""
        while path and path not in self._seen:
            self._seen.add(path)
            directory, _, name = path.rpartition("/")
            alike = self._names(directory).get(name.casefold(), [])
            others = [other for other in alike if other != name]
            if others and name in alike:
                yield InvalidDocument(
                    f"differs from {min(others)!r} in case alone", where=path, hint="rename one of them"
                )
            path = directory

    def _names(self, directory: str) -> Mapping[str, list[str]]:
        if directory not in self._directories:
            names: dict[str, list[str]] = {}
            for name in self._tree.entries(directory):
                names.setdefault(name.casefold(), []).append(name)
            self._directories[directory] = names
        return self._directories[directory]
