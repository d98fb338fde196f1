"""What a run measured over time: its rows, and the curves that a plot of them shows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from git_registry.catalog.catalog import Catalog
from git_registry.model.documents.record import Number, Value
from git_registry.model.documents.run import History
from git_registry.sdk.measuring import decoded, file_of, rows_in
from git_registry.sdk.projecting import RunView

LARGEST = 1 << 30
"""Bytes of rows that are read."""

POINTS, SERIES = 1_000, 60
"""Points of a curve, and curves: a screen shows no more of either."""

_NAMED = 1_000
"""Curves that are named of those which are not drawn."""

_SPELLED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
"""What JSON has no number for, as rows say it."""

STEP, ROW = "step", "row"


@dataclass(frozen=True, slots=True)
class Series:
    """One curve.

    Attributes:
        values: one for each place of the axis; None where nothing was measured there.
    """

    name: str
    values: Sequence[Number | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """What was measured over time, as far as a plot shows it.

    Attributes:
        axis: what the curves are drawn over, `step`; `row` where the steps don't ascend.
        places: on the axis, ascending.
        left_out: names of curves that had no room.
        rows: how many rows there are; of more than `POINTS`, only the lowest and highest values are kept.
    """

    axis: str = STEP
    places: Sequence[Number] = ()
    series: Sequence[Series] = ()
    left_out: Sequence[str] = ()
    rows: int = 0


def rows(catalog: Catalog, history: History, *, at_most: int = LARGEST) -> Iterator[dict[str, Value]]:
    """Yield the rows of a run that ended, read from the store. What is no row is left out.

    Args:
        catalog: the clone, whose rules say where blobs may be read.
        history: what the run's document says of them.
        at_most: how many bytes are read.

    Raises:
        Refused: they may not be read from where they are.
        StoreError: they can't be read, are more, or are not what was recorded.
    """
    from git_registry.sdk.blobs import blobs  # the store's libraries, only where rows are read

    where = blobs(catalog)
    place = where.readable(history.digest, history.uri)
    data = where.store.read(history.digest, uri=place, at_most=at_most)
    yield from decoded(line + b"\n" for line in data.split(b"\n"))


def under_way(catalog: Catalog, run: RunView) -> Iterator[dict[str, Value]] | None:
    """Return the rows so far of a run that is under way on this machine; None where it is not."""
    file = file_of(catalog.repository, run.project, run.id)
    return rows_in(file) if catalog.commit is None and file.is_file() else None


def curves(catalog: Catalog, run: RunView, *, at_most: int = LARGEST) -> Curves | None:
    """Return the curves of a run; None where there are none yet, or it can't be read.

    Raises:
        Refused: its rows may not be read from where they are.
        StoreError: they can't be read, are more, or are not what was recorded.
    """
    if run.document and run.document.history:
        return thinned(list(rows(catalog, run.document.history, at_most=at_most)))
    found = under_way(catalog, run)
    return None if found is None else thinned(list(found))


def thinned(found: Sequence[Mapping[str, Value]]) -> Curves:
    """Return the curves of rows: of many, the lowest and the highest value of every few."""
    axis, steps = _axis(found)
    names = list(
        dict.fromkeys(name for row in found for name, value in row.items() if _is_drawn(name, value))
    )
    drawn = {name: _Thread() for name in names[:SERIES]}
    places: list[Number] = []
    for some in _parts(len(found)):
        places += [steps[some[0]], steps[some[-1]]] if len(some) > 1 else [steps[some[0]]]
        for name, thread in drawn.items():
            thread.add([_number(found[one].get(name)) for one in some])
    return Curves(
        axis=axis,
        places=places,
        series=[Series(name, thread.values) for name, thread in drawn.items()],
        left_out=names[SERIES : SERIES + _NAMED],
        rows=len(found),
    )


@dataclass(frozen=True, slots=True)
class _Thread:
    """The values of one curve, as they come."""

    values: list[Number | None] = field(default_factory=list)

    def add(self, some: Sequence[Number | None]) -> None:
        """Add the values of a few rows as two, or of one row as it is."""
        if len(some) == 1:
            self.values.append(some[0])
            return
        there = [(value, place) for place, value in enumerate(some) if value is not None]
        finite = [one for one in there if math.isfinite(one[0])]
        if not finite:
            self.values.extend([there[0][0] if there else None, None])
            return
        ends = sorted((min(finite), max(finite)), key=lambda one: one[1])
        if ends[0] == ends[1]:
            # One value alone stands at the end of the few rows that it is nearer to.
            late = ends[0][1] * 2 >= len(some)
            self.values.extend([None, ends[0][0]] if late else [ends[0][0], None])
        else:
            self.values.extend(value for value, _ in ends)


def _axis(found: Sequence[Mapping[str, Value]]) -> tuple[str, Sequence[Number]]:
    """Return the steps of rows where they ascend, as a plot needs it; else which row each is."""
    steps = [row.get("_step") for row in found]
    known = [
        one for one in steps if isinstance(one, int) and not isinstance(one, bool) and abs(one) < 1 << 53
    ]
    if len(known) == len(steps) and all(one <= other for one, other in pairwise(known)):
        return STEP, known
    return ROW, range(len(found))


def _parts(count: int) -> Iterator[range]:
    """Yield which rows stand together, so that two of each make no more than `POINTS`."""
    if count <= POINTS:
        yield from (range(one, one + 1) for one in range(count))
        return
    half = POINTS // 2
    yield from (range(count * one // half, count * (one + 1) // half) for one in range(half))


def _is_drawn(name: str, value: Value) -> bool:
    return not name.startswith("_") and _number(value) is not None


def _number(value: Value) -> Number | None:
    """Return what a plot can show; None where it is no number, or one that no plot has room for."""
    if isinstance(value, str):
        return _SPELLED.get(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if isinstance(value, float) or abs(value) < 1 << 1023 else None
