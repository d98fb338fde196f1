"""Rows as aligned columns, as wide as the terminal at most."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from unicodedata import combining, east_asian_width

GAP = "  "
_LEAST = 12


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a line for each row; the last column gives way where the terminal is too narrow."""
    widths = _widths(rows)
    return [_line(row, widths, max(_room(widths), _LEAST)) for row in rows]


def whole(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a line for each row, however long: what is to be copied, such as a path, is told to its end."""
    widths = _widths(rows)
    return [_line(row, widths, widths[-1]) for row in rows]


def fits(rows: Sequence[Sequence[str]]) -> bool:
    """Is the terminal wide enough for the last column?"""
    widths = _widths(rows)
    return widths[-1] <= _room(widths)


def _widths(rows: Sequence[Sequence[str]]) -> Sequence[int]:
    return [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]


def _room(widths: Sequence[int]) -> int:
    return shutil.get_terminal_size().columns - sum(widths[:-1]) - len(GAP) * (len(widths) - 1)


def _line(row: Sequence[str], widths: Sequence[int], room: int) -> str:
    *others, last = row
    padded = [text + " " * (wide - width(text)) for text, wide in zip(others, widths)]
    return GAP.join((*padded, shortened(last, room))).rstrip()


def width(text: str) -> int:
    """Return how many columns a terminal gives a text."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def shortened(text: str, room: int) -> str:
    """Return `text`, or as much of it as fits and an ellipsis."""
    if width(text) <= room:
        return text
    while text and width(text) >= room:
        text = text[:-1]
    return text + "…"
