"""Trees, compared as Git would: which files differ, and no more of them than is wanted.

Git itself is not asked: twelve tree objects can hold 10^10 paths, and git tells of the first when it has seen
the last. What was read once to be held against Git's own way of writing trees is compared where it lies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.apart import apart
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.trees import DIRECTORY, Line, lines, read, well_formed
from git_registry.errors import InvalidDocument
from git_registry.model.diff.paths import ChangedPath
from git_registry.model.snapshot import Entry
from git_registry.repository.objects import EMPTY_TREE

Pair = tuple[str, str]
"""Trees before and after, by id."""

Stood = tuple[bytes, bytes]
"""Mode and id."""

Differing = tuple[bytes, Stood | None, Stood | None]
"""A name, and what stands there before and after."""


class Compared:
    """Trees, compared two by two. Each two are compared once, however many paths lead to them."""

    def __init__(self) -> None:
        self._differing: dict[Pair, Sequence[Differing]] = {}

    def take(self, pair: Pair, before: frozenset[Line], after: frozenset[Line]) -> Sequence[Differing]:
        """Compare two trees by their lines, and return the names that differ, in order."""
        was, now = (
            {name: (mode, tree) for mode, name, tree in some} for some in (before - after, after - before)
        )
        found = [(name, was.get(name), now.get(name)) for name in sorted(was.keys() | now.keys())]
        self._differing[pair] = found
        return found

    def changes(self, pair: Pair, at: str = "") -> Iterator[ChangedPath]:
        """Yield the files that differ between two trees, as `model.diff.changed_paths` has them."""
        if pair[0] == pair[1]:
            return
        for name, was, now in self._differing[pair]:
            path = _joined(at, name)
            before, after = _file(was), _file(now)
            if before or after:
                yield path, before, after
            if _is_directory(was) or _is_directory(now):
                yield from self.changes((_below(was), _below(now)), path)


def compared(catalog: Catalog, pairs: Sequence[Pair], limits: Limits) -> Compared:
    """Compare trees, level by level; each two of them once, and each step down once for all.

    Raises:
        InvalidDocument: one is malformed or too large, too much differs, or it is nested too deep.
    """
    found = Compared()
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
            differing = found.take(pair, before, after)
            entries += paths[pair] * len(differing)
            if entries > limits.entries:
                raise InvalidDocument(f"more than {limits.entries} files and directories change")
            for name, was, now in differing:
                if _is_directory(was) or _is_directory(now):
                    one = _below(was), _below(now)
                    inner[one] += paths[pair]
                    below.setdefault(one, _joined(places[pair], name))
        paths, places = inner, below
    return found


def _is_directory(side: Stood | None) -> bool:
    return side is not None and side[0] == DIRECTORY


def _below(side: Stood | None) -> str:
    return side[1].hex() if side is not None and side[0] == DIRECTORY else EMPTY_TREE


def _file(side: Stood | None) -> Entry | None:
    return None if side is None or side[0] == DIRECTORY else Entry(int(side[0], 8), side[1].hex())


def _told(
    catalog: Catalog, pairs: Sequence[Pair], places: Mapping[Pair, str]
) -> Iterator[tuple[Pair, frozenset[Line], frozenset[Line]]]:
    """Yield each pair with lines of both: what comes after one step is mostly what is before the next."""
    told = chain.from_iterable(pairs)
    coming = read(catalog, [tree for last, tree in pairwise(["", *told]) if tree not in (last, EMPTY_TREE)])
    last, text = EMPTY_TREE, b""
    for pair in pairs:
        before, after = pair
        if before != last:
            text = b"" if before == EMPTY_TREE else next(coming)
            well_formed(lines(text), places[pair])
        old, text = text, b"" if after == EMPTY_TREE else next(coming)
        last = after
        yield (pair, *apart(old, text, places[pair]))


def _joined(place: str, name: bytes) -> str:
    told = name.decode("utf-8", "surrogateescape")
    return f"{place}/{told}" if place else told
