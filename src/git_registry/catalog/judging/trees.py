"""Tree objects as Git writes them. Of any other, Git's tools and ours may each read something else.

A directory that stands twice in a tree is one to who takes the first, and another to who takes the last; a
mode that Git compares as equal is no plain file to who reads it; an empty directory is no change of any file.
Git itself looks only where the server sets `receive.fsckObjects`, and not at the last of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from git_registry.catalog.catalog import Catalog
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


def require_well_formed(catalog: Catalog, trees: Mapping[str, str]) -> None:
    """Check that trees, given by id with where they stand, are as Git writes them.

    Raises:
        InvalidDocument: one isn't so, or is too large.
    """
    for tree, lines in _read(catalog, list(trees)):
        found = _problem(lines)
        if found:
            raise InvalidDocument(found, where=trees[tree], hint="make the commit with git itself")


def _read(catalog: Catalog, trees: Sequence[str]) -> Iterator[tuple[str, Sequence[Line]]]:
    if len(trees) <= _MANY:
        yield from ((tree, [_line(one) for one in catalog.reader.tree(tree)]) for tree in trees)
    else:
        found = bulk.trees(catalog.repository, trees, at_most=LARGEST_TREE)
        yield from ((tree, _lines(text)) for tree, text in found)


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
