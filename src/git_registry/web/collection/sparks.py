"""One metric over versions as a small line, for who reads a page without scripts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from git_registry.model.documents.record import Number

WIDTH, HEIGHT = 100, 24
"""Of the `viewBox` that the points are in."""


def spark(values: Sequence[Number | None]) -> Sequence[str]:
    """Return the lines, each as the points of a `<polyline>`; they have a gap where there is no number.

    What was not measured is passed over. NaN and infinities, which were, leave a gap.
    """
    there = [value for value in values if value is not None and math.isfinite(value)]
    if not there:
        return []
    low, high = min(there), max(there)
    step = WIDTH / max(len(values) - 1, 1)
    runs = _runs([(index * step, value) for index, value in enumerate(values)])
    return [" ".join(f"{x:.4g},{_height(value, low, high):.4g}" for x, value in run) for run in runs]


def _runs(points: Sequence[tuple[float, Number | None]]) -> Iterator[list[tuple[float, Number]]]:
    run: list[tuple[float, Number]] = []
    for x, value in points:
        if value is None:
            continue
        if math.isfinite(value):
            run.append((x, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _height(value: Number, low: Number, high: Number) -> float:
    # Halves and parts of one, because a difference of the largest numbers may be larger than any.
    span = high / 2 - low / 2
    return HEIGHT * ((high / 2 - value / 2) / span) if span else HEIGHT / 2
