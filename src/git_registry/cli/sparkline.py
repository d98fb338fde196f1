"""Numbers as a line of bars."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

BARS = "▁▂▃▄▅▆▇█"
GAP = " "


def sparkline(values: Sequence[float | None]) -> str:
    """Return a bar for each value, the lowest and the highest of all; a gap where there is no finite one."""
    finite = [value for value in values if value is not None and isfinite(value)]
    low, high = min(finite, default=0), max(finite, default=0)
    return "".join(
        GAP if value is None or not isfinite(value) else _bar(value, low, high) for value in values
    )


def _bar(value: float, low: float, high: float) -> str:
    if low == high:
        return BARS[len(BARS) // 2 - 1]
    # Halved before they are subtracted: the two ends of what a double holds are further apart than one.
    height = (value / 2 - low / 2) / (high / 2 - low / 2)
    return BARS[round(height * (len(BARS) - 1))]
