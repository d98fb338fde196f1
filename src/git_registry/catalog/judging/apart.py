"""Two trees, taken apart only where they differ: a step changes a line or two of a directory of thousands.

What both begin and end with was looked at in the first. It is cut away, but for the line on either side of
what is left: from these its order is known, and whether a file stands twice, or a directory.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from git_registry.catalog.judging.trees import Line, lines, well_formed

_FEW = 1_024
"""Bytes of lines that are taken apart, and looked for, sooner than two trees are compared."""

_LINES = re.compile(rb"(?:[^\0]++\0.{20})*+", re.DOTALL)
_ID = 20


def apart(before: bytes, after: bytes, place: str) -> tuple[frozenset[Line], frozenset[Line]]:
    """Return the lines of two trees: all in which they differ, and some that both have.

    Args:
        before: a tree that is well-formed.
        after: one that may be anything.
        place: where they stand.

    Raises:
        InvalidDocument: the second is malformed, or Git writes no such tree.
    """
    if len(after) > _FEW:
        start, rest = _common(before, after)
        old, new = before[start : len(before) - rest], after[start : len(after) - rest]
        # An id may look like the end of a line: then the rest of the second does not begin where it seems to.
        if len(new) <= _FEW and _LINES.fullmatch(new):
            was, now = lines(old), lines(new)
            # A name may end like a line: then what comes before the rest is not what did.
            if (not rest or was[-1:] == now[-1:]) and not _elsewhere(after, set(now).difference(was)):
                return frozenset(was), well_formed(now, place)
    return frozenset(lines(before)), well_formed(lines(after), place)


def _elsewhere(tree: bytes, came: set[Line]) -> bool:
    """May one of these names stand elsewhere, too? A file and a directory of one name may be far apart."""
    return any(tree.count(b" %b\0" % name) > 1 for _, name, _ in came)


def _common(before: bytes, after: bytes) -> tuple[int, int]:
    """Return how many bytes two trees begin and end with in common: whole lines of the first, but for one."""
    most = min(len(before), len(after))
    same = _same(most, lambda low, high: before[low:high] == after[low:high])
    turned = before[same:][::-1], after[same:][::-1]
    alike = _same(most - same, lambda low, high: turned[0][low:high] == turned[1][low:high])
    start = _last_end(before, _last_end(before, same) - 1)
    end = start
    while end < len(before) - alike:
        end = _next_end(before, end)
    return start, len(before) - (_next_end(before, end) if end < len(before) else end)


def _same(most: int, is_same: Callable[[int, int], bool]) -> int:
    """Return up to where something is the same, if it is known of each part whether it is."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_same(low, middle) else (low, middle - 1)
    return low


def _last_end(tree: bytes, at: int) -> int:
    """Return where the last line ends that is whole before a place; 0 if none is."""
    found = _LINES.match(tree, 0, max(at, 0))
    return found.end() if found else 0


def _next_end(tree: bytes, start: int) -> int:
    return tree.index(b"\0", start) + 1 + _ID
