"""Tree objects as Git writes them. Of any other, Git's tools and ours may each read something else.

A directory that stands twice in a tree is one to who takes the first, and another to who takes the last; a
mode that Git compares as equal is no plain file to who reads it; an empty directory is no change of any file.
Git itself looks only where the server sets `receive.fsckObjects`, and not at the last of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import itemgetter

from git_registry.catalog.catalog import Catalog
from git_registry.errors import InvalidDocument
from git_registry.repository import bulk
from git_registry.repository.objects import EMPTY_TREE, LARGEST_TREE

_MANY = 20
"""Trees that are dearer to read one by one than by a child of git that is told all their names."""

_MODES = frozenset({b"100644", b"100755", b"120000", b"160000", b"40000"})
_LINE = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)
_BETWEEN = 2
"""Bytes of a line that stand between mode, name and id."""
_EMPTY = bytes.fromhex(EMPTY_TREE)

DIRECTORY = b"40000"
"""A directory's mode as Git writes it."""

Line = tuple[bytes, bytes, bytes]
"""Mode, name and id."""


def well_formed(lines: Sequence[Line], place: str) -> frozenset[Line]:
    """Return the lines of a tree at a place; raise `InvalidDocument` if Git writes no such tree."""
    found = _problem(lines)
    if found:
        raise InvalidDocument(found, where=place, hint="make the commit with git itself")
    return frozenset(lines)


def read(catalog: Catalog, trees: Sequence[str]) -> Iterator[bytes]:
    """Yield each tree as it is stored, in the order given.

    Raises:
        InvalidDocument: one is no tree, or too large.
    """
    if len(trees) <= _MANY:
        yield from (catalog.reader.tree_text(tree) for tree in trees)
        return
    for _, text in bulk.trees(catalog.repository, trees, at_most=LARGEST_TREE):
        if text is None:
            raise InvalidDocument(_MALFORMED)
        yield text


def lines(text: bytes) -> Sequence[Line]:
    """Return the lines of a tree, or of a part of one; raise `InvalidDocument` if it is malformed."""
    found: list[Line] = _LINE.findall(text)
    if sum(map(len, chain.from_iterable(found))) + _BETWEEN * len(found) != len(text):
        raise InvalidDocument(_MALFORMED)
    return found


_MALFORMED = "the tree is malformed, or too large to be read"


def _problem(lines: Sequence[Line]) -> str:
    # A directory of versions has thousands of lines, none of them a directory.
    modes, names = set(map(_MODE, lines)), list(map(_NAME, lines))
    if not modes <= _MODES:
        mode, name, _ = next(line for line in lines if line[0] not in _MODES)
        return f"{name.decode('utf-8', 'replace')!r} has mode {mode.decode()}, which git writes for nothing"
    within = DIRECTORY in modes
    keys = [name + b"/" if mode == DIRECTORY else name for mode, name, _ in lines] if within else names
    if len(set(names)) != len(names) or keys != sorted(keys):
        return "the tree has a name twice, or names out of order"
    if b"/" in b"".join(names):
        return "the tree has a name with a slash, which is two"
    if within and any(tree == _EMPTY and mode == DIRECTORY for mode, _, tree in lines):
        return "the tree has an empty directory, which git never keeps"
    return ""


_MODE, _NAME = itemgetter(0), itemgetter(1)
