"""Tree objects as Git writes them. Of any other, Git's tools and ours may each read something else.

A directory that stands twice in a tree is one to who takes the first, and another to who takes the last; a
mode that Git compares as equal is no plain file to who reads it; an empty directory is no change of any file.
Git itself looks only where the server sets `receive.fsckObjects`, and not at the last of these.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.limits import Limits
from git_registry.errors import InvalidDocument
from git_registry.repository import bulk
from git_registry.repository.objects import EMPTY_TREE, LARGEST_TREE, TreeEntry

_MANY = 20
"""Trees that are dearer to read one by one than by a child of git that is told all their names."""

_MODES = frozenset({b"100644", b"100755", b"120000", b"160000", b"40000"})
_LINE = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)
_AROUND = 22
"""Bytes of a line besides mode and name."""
_EMPTY = bytes.fromhex(EMPTY_TREE)

Line = tuple[bytes, bytes, bytes]
"""Mode, name and id."""


Pair = tuple[str, str]
"""Trees before and after, by id."""


def require_comparable(catalog: Catalog, pairs: Sequence[Pair], limits: Limits) -> None:
    """Check trees before git compares them: that they are as Git writes them, and how much differs.

    Twelve tree objects can hold 10^10 paths, and git tells of the first when it has seen the last. Here two
    trees are compared once, however many paths lead to them, level by level.

    Raises:
        InvalidDocument: one is malformed or too large, too much differs, or it is nested too deep.
    """
    paths = Counter(pair for pair in pairs if pair[0] != pair[1])
    places = dict.fromkeys(paths, "")
    entries = 0
    for depth in range(limits.depth + 1):
        if paths and depth == limits.depth:
            where = next(iter(places.values()))
            raise InvalidDocument(f"directories are nested more than {depth} deep", where=where)
        inner: Counter[Pair] = Counter()
        below: dict[Pair, str] = {}
        for pair, before, after in _told(catalog, list(paths), places):
            differing = before ^ after
            entries += paths[pair] * len({name for _, name, _ in differing})
            if entries > limits.entries:
                raise InvalidDocument(f"more than {limits.entries} files and directories change")
            for name, one in _directories(before, after):
                inner[one] += paths[pair]
                below.setdefault(one, _joined(places[pair], name))
        paths, places = inner, below


def _told(
    catalog: Catalog, pairs: Sequence[Pair], places: Mapping[Pair, str]
) -> Iterator[tuple[Pair, frozenset[Line], frozenset[Line]]]:
    """Yield each pair with the lines of both: what comes after one step is mostly what is before the next."""
    wanted = [tree for last, pair in pairwise([("", ""), *pairs]) for tree in pair if tree != last[1]]
    read = _read(catalog, [tree for tree in wanted if tree != EMPTY_TREE])
    last = ""
    lines: frozenset[Line] = frozenset()
    for pair in pairs:
        found = []
        for tree in pair:
            if tree != last:
                last, lines = tree, _well_formed(() if tree == EMPTY_TREE else next(read), places[pair])
            found.append(lines)
        yield pair, found[0], found[1]


def _directories(before: frozenset[Line], after: frozenset[Line]) -> Iterator[tuple[bytes, Pair]]:
    """Yield the directories that differ, each by both its trees."""
    old, new = (
        {name: tree.hex() for mode, name, tree in lines if mode == b"40000"}
        for lines in (before - after, after - before)
    )
    for name in dict.fromkeys([*old, *new]):
        yield name, (old.get(name, EMPTY_TREE), new.get(name, EMPTY_TREE))


def _joined(place: str, name: bytes) -> str:
    told = name.decode("utf-8", "surrogateescape")
    return f"{place}/{told}" if place else told


def _well_formed(lines: Sequence[Line], place: str) -> frozenset[Line]:
    found = _problem(lines)
    if found:
        raise InvalidDocument(found, where=place, hint="make the commit with git itself")
    return frozenset(lines)


def _read(catalog: Catalog, trees: Sequence[str]) -> Iterator[Sequence[Line]]:
    if len(trees) <= _MANY:
        yield from ([_line(one) for one in catalog.reader.tree(tree)] for tree in trees)
    else:
        yield from (_lines(text) for _, text in bulk.trees(catalog.repository, trees, at_most=LARGEST_TREE))


def _line(entry: TreeEntry) -> Line:
    return b"%o" % entry.mode, entry.name.encode("utf-8", "surrogateescape"), bytes.fromhex(entry.id)


def _lines(text: bytes | None) -> Sequence[Line]:
    found: list[Line] = _LINE.findall(text) if text is not None else []
    if text is None or sum(len(mode) + len(name) + _AROUND for mode, name, _ in found) != len(text):
        raise InvalidDocument("the tree is malformed, or too large to be read")
    return found


def _problem(lines: Sequence[Line]) -> str:
    keys = [name + b"/" if mode == b"40000" else name for mode, name, _ in lines]
    if len({name for _, name, _ in lines}) != len(lines) or keys != sorted(keys):
        return "the tree has a name twice, or names out of order"
    if not {mode for mode, _, _ in lines} <= _MODES:
        mode, name, _ = next(line for line in lines if line[0] not in _MODES)
        return f"{name.decode('utf-8', 'replace')!r} has mode {mode.decode()}, which git writes for nothing"
    if any(tree == _EMPTY and mode == b"40000" for mode, _, tree in lines):
        return "the tree has an empty directory, which git never keeps"
    return ""
