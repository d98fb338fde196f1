"""What `run.log` makes of what it is given: rows of a history, and the last value of each metric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from git_registry.errors import UsageError
from git_registry.model.documents.record import Value
from git_registry.sdk.measuring import Rows
from git_registry.sdk.surface.mapping import Values
from git_registry.sdk.surface.plain import flat

SUMMARIES = ("min", "max", "mean")
"""What a summary may keep of a metric besides its last value."""

_LAST = ("last", "none", "copy", "first")
_LARGEST_STEP = 1 << 53
_LONGEST_TEXT = 1_000
_LONGEST_LIST = 100
"""In a summary; the history has all of it."""


@dataclass(slots=True)
class _Kept:
    """One metric over time: how often it was measured, and what is kept of it."""

    ways: list[str] = field(default_factory=list)
    count: int = 0
    total: float = 0.0
    smallest: float = float("inf")
    largest: float = float("-inf")

    def measured(self, value: float) -> None:
        self.count += 1
        self.total += value
        self.smallest, self.largest = min(self.smallest, value), max(self.largest, value)

    def value(self, way: str) -> float:
        return {"min": self.smallest, "max": self.largest, "mean": self.total / self.count}[way]


@dataclass(kw_only=True)
class Steps:
    """The steps of a run. Those who call it see to it that one does at a time.

    Attributes:
        rows: where they go.
        summary: is told what was measured last.
        started: when the run began.
        step: the number of the next row.
    """

    rows: Rows
    summary: Values
    started: datetime
    step: int = 0
    _row: dict[str, Value] = field(default_factory=dict)
    _kept: dict[str, _Kept] = field(default_factory=dict)

    def __post_init__(self) -> None:
        last = self.rows.last.get("_step")
        self.step = last + 1 if isinstance(last, int) else 0

    def log(self, data: Mapping[str, object], at: datetime, *, step: int | None, commit: bool | None) -> bool:
        """Add to the step that is under way, and end it if that is wanted.

        As with W&B, a step that is named is ended by a later one, and one that is not by this call.

        Returns:
            False if the step is over, so that nothing was added.

        Raises:
            UsageError: something in `data` is no value, or the step is no number of one. Nothing of it was
                added.
        """
        measured = dict(flat(data))
        step = None if step is None else _checked(step)
        if step is not None and step != self.step:
            if step < self.step:
                return False
            self.flush(at)
            self.step = step
        self._row |= measured
        for name, value in measured.items():
            self._summarize(name, value)
        if commit if commit is not None else step is None:
            self.flush(at)
            self.step += 1
        return True

    def flush(self, at: datetime) -> None:
        """Write the row of the step that is under way, if something was measured in it."""
        if not self._row:
            return
        row, self._row = self._row, {}
        runtime = max(0.0, round((at - self.started).total_seconds(), 3))
        own = {"_step": self.step, "_timestamp": round(at.timestamp(), 3), "_runtime": runtime}
        self.rows.add({**row, **own})

    def keep(self, metric: str, way: str) -> None:
        """Keep the smallest, the largest or the mean value of a metric in the summary, as `<metric>.min`.

        Raises:
            UsageError: it is none of these, nor `last`, which is kept anyway.
        """
        if way in _LAST:
            return
        if way not in SUMMARIES:
            raise UsageError(f"a summary is {', '.join(SUMMARIES)} or last, not {way!r}", where=metric)
        self._kept.setdefault(metric, _Kept()).ways.append(way)

    def _summarize(self, name: str, value: Value) -> None:
        if isinstance(value, str | list) and len(value) > (
            _LONGEST_TEXT if isinstance(value, str) else _LONGEST_LIST
        ):
            return
        self.summary[name] = value
        kept = self._kept.get(name)
        if kept is None or isinstance(value, bool) or not isinstance(value, int | float):
            return
        kept.measured(value)
        for way in kept.ways:
            self.summary[f"{name}.{way}"] = kept.value(way)


def _checked(step: object) -> int:
    if isinstance(step, bool) or not hasattr(step, "__index__"):
        raise UsageError(f"a step is a whole number, not {step!r}", where="step")
    number = step.__index__()
    if not 0 <= number < _LARGEST_STEP:
        raise UsageError(f"a step is at least 0 and below 2 to the power of 53, not {number}", where="step")
    return int(number)
