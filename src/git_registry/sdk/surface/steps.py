"""What `run.log` makes of what it is given: rows of a history, and the last value of each metric."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from git_registry.errors import UsageError
from git_registry.model.documents.record import Number, Value
from git_registry.sdk.measuring import Rows
from git_registry.sdk.surface.mapping import Values
from git_registry.sdk.surface.plain import flat

SUMMARIES: dict[str, Callable[[Number, Number], Number]] = {"min": min, "max": max}
"""What a summary may keep of a metric besides its last value."""


@dataclass(kw_only=True)
class Steps:
    """The steps of a run. Those who call it see to it that one does at a time.

    Attributes:
        rows: where they go.
        summary: is told what was measured last.
        started: when the run began.
        step: the number of the next row.
        kept: what else the summary keeps of a metric: its name, and `min` or `max`.
    """

    rows: Rows
    summary: Values
    started: datetime
    step: int = 0
    kept: dict[str, str] = field(default_factory=dict)
    _row: dict[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        last = self.rows.last.get("_step")
        self.step = last + 1 if isinstance(last, int) else 0

    def log(self, data: Mapping[str, object], at: datetime, *, step: int | None, commit: bool | None) -> bool:
        """Add to the step that is under way, and end it if that is wanted.

        As with W&B, a step that is named is ended by a later one, and one that is not by this call.

        Returns:
            False if the step is over, so that nothing was added.

        Raises:
            UsageError: something in `data` is no value. Nothing of it was added.
        """
        measured = dict(flat(data))
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
        runtime = round((at - self.started).total_seconds(), 3)
        own = {"_step": self.step, "_timestamp": round(at.timestamp(), 3), "_runtime": runtime}
        self.rows.add({**self._row, **own})
        self._row = {}

    def keep(self, metric: str, summary: str) -> None:
        """Keep the smallest or largest value of a metric in the summary, as `<metric>.min`.

        Raises:
            UsageError: it is none of the two, nor `last`, which is kept anyway.
        """
        if summary in ("last", "none", "copy"):
            return
        if summary not in SUMMARIES:
            raise UsageError(f"a summary is {', '.join(SUMMARIES)} or last, not {summary!r}", where=metric)
        self.kept[metric] = summary

    def _summarize(self, name: str, value: Value) -> None:
        self.summary[name] = value
        kind = self.kept.get(name)
        if kind is None or not isinstance(value, int | float):
            return
        so_far = self.summary.get(f"{name}.{kind}")
        self.summary[f"{name}.{kind}"] = value if so_far is None else SUMMARIES[kind](so_far, value)
