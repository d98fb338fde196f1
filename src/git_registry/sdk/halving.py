"""Where a line of things begins to differ, in as few trials as can be. Pure.

A mark says of each thing whether it is like the first (True), unlike it (False), or can't be told (SKIPPED);
None is untried. The first is like itself, the last is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

SKIPPED: Final = "skipped"

Mark = bool | str | None


def bounds(marks: Sequence[Mark]) -> tuple[int, int]:
    """Return where the last one known to be alike is, and the first one after it known not to be."""
    unlike = next(index for index, mark in enumerate(marks) if mark is False)
    alike = max(index for index, mark in enumerate(marks[:unlike]) if mark is True)
    return alike, unlike


def next_trial(marks: Sequence[Mark]) -> int | None:
    """Return which to try now: the untried one nearest to the middle; None if that leads no further."""
    alike, unlike = bounds(marks)
    untried = [index for index in range(alike + 1, unlike) if marks[index] is None]
    return min(untried, key=lambda index: abs(2 * index - alike - unlike), default=None)


def most_trials(marks: Sequence[Mark]) -> int:
    """Return how many more trials it takes at most, if none has to be skipped."""
    alike, unlike = bounds(marks)
    return (unlike - alike - 1).bit_length()
