"""What differs between two trees, path by path."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from git_registry.errors import InvalidDocument
from git_registry.repository.objects import EMPTY_TREE, FILE, TREE, Reader, TreeEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 8
MOST = 200_000


class Side(NamedTuple):
    """What a path held on one side of a change."""

    mode: int
    id: str

    @property
    def is_file(self) -> bool:
        """Whether it is a plain file: neither executable, symlink nor submodule."""
        return self.mode == FILE


class Change(NamedTuple):
    """A path that differs: added if there is no `before`, deleted if there is no `after`.

    A renamed file is one of each: by guessing renames a deletion could be hidden.
    """

    path: str
    before: Side | None
    after: Side | None

    @property
    def is_directory(self) -> bool:
        """Whether it is about a directory as such; what was one and becomes a file are two changes."""
        side = self.after or self.before
        return side is not None and side.mode == TREE


class _Budget:
    """How much of a difference we are willing to look at."""

    def __init__(self, depth: int, entries: int) -> None:
        self.depth = depth
        self._most = self._left = entries

    def spend(self, path: str) -> None:
        self._left -= 1
        if self._left < 0:
            raise InvalidDocument(f"more than {self._most} entries differ", where=path)
        if path.count("/") >= self.depth:
            raise InvalidDocument(f"directories are nested more than {self.depth} deep", where=path)


def changed(
    reader: Reader,
    before_tree: str | None,
    after_tree: str | None,
    *,
    depth: int = DEEPEST,
    entries: int = MOST,
) -> Iterator[Change]:
    """Yield each file that differs between two trees (None: empty), in the order of a tree.

    Trees are compared by id, level by level, so what is equal costs nothing. A tree of twelve objects
    can have 10^10 paths: beyond `depth` directories or `entries` differing entries it raises
    `InvalidDocument`.
    """
    return _compared(reader, before_tree, after_tree, "", _Budget(depth, entries))


def _compared(
    reader: Reader, before: str | None, after: str | None, at: str, budget: _Budget
) -> Iterator[Change]:
    if before == after:
        return
    old = {entry.name: entry for entry in reader.tree(before or EMPTY_TREE)}
    new = {entry.name: entry for entry in reader.tree(after or EMPTY_TREE)}
    for name in sorted(old.keys() | new.keys(), key=lambda name: name.encode("utf-8", "surrogateescape")):
        one, two = old.get(name), new.get(name)
        if one == two:
            continue
        path = f"{at}{name}"
        budget.spend(path)
        sides = (_side(one), _side(two))
        if sides != (None, None):
            yield Change(path, *sides)
        if (one and one.is_tree) or (two and two.is_tree):
            yield from _compared(reader, _subtree(one), _subtree(two), f"{path}/", budget)


def _side(entry: TreeEntry | None) -> Side | None:
    return None if entry is None or entry.is_tree else Side(entry.mode, entry.id)


def _subtree(entry: TreeEntry | None) -> str | None:
    return entry.id if entry is not None and entry.is_tree else None
