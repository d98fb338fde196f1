"""Runs of one project as rows: some of them, in an order, with columns for what they measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.sdk.projecting import RunView
from git_registry.web.addresses import Address, of
from git_registry.web.tables import Cell, Column, cell, column
from git_registry.wording.authors import by
from git_registry.wording.durations import duration
from git_registry.wording.metrics import metric_columns, summarized

if TYPE_CHECKING:
    from git_registry.index.events.steps import Step

SUMMARY = "summary."
_COLUMNS, _MOST = 3, 12
"""Columns of metrics, and how many may be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One run.

    Attributes:
        by: who recorded it; empty if nobody knows.
    """

    view: RunView
    name: str
    there: Address
    by: str
    took: Cell
    metrics: Sequence[Cell]


def rows(found: Sequence[RunView], came: Mapping[str, Step], metrics: Sequence[str]) -> Sequence[Row]:
    """Return runs as rows, with the steps that recorded them, and these metrics of their summaries."""
    return [_row(view, came.get(view.id), metrics) for view in found]


def _row(view: RunView, came: Step | None, metrics: Sequence[str]) -> Row:
    measured = summarized(view)
    return Row(
        view=view,
        name=(view.document and view.document.name) or view.id,
        there=of(view.path),
        by=by(came) if came else "",
        took=Cell() if view.seconds is None else Cell(duration(view.seconds), f"{view.seconds:.10g}"),
        metrics=[cell(measured.get(name)) for name in metrics],
    )


def known_metrics(found: Sequence[RunView]) -> Sequence[str]:
    """Return the names of all that was measured, the newest runs' first."""
    return list(dict.fromkeys(name for view in found for name in summarized(view)))


def chosen_metrics(found: Sequence[RunView], asked: Sequence[str]) -> Sequence[str]:
    """Return the metrics that are columns: those asked for, or else what most runs have."""
    known = known_metrics(found)
    chosen = [name for name in dict.fromkeys(asked) if name in set(known)]
    return chosen[:_MOST] or metric_columns(map(summarized, found), _COLUMNS)


def columns(metrics: Sequence[str], order: str) -> Sequence[Column]:
    """Return the columns of a table of runs."""
    own = (("Run", "name"), ("State", "state"), ("Job type", "job_type"), ("Started", "started"))
    return [
        *(column(name, field, order) for name, field in own),
        column("By", "", order),
        column("Duration", "duration", order, is_number=True),
        *(column(name, SUMMARY + name, order, is_number=True) for name in metrics),
    ]


def ordered(found: Sequence[RunView], order: str) -> Sequence[RunView]:
    """Return runs sorted by a column, `-summary.auc` for descending; as they are if there is no such column.

    What has no value stands last, whichever way.
    """
    key = _key(order.lstrip("+-"))
    if key is None:
        return found
    known = [(key(view), view) for view in found]
    there = [one for one in known if one[0] is not None and one[0] == one[0]]
    absent = [view for value, view in known if value is None or value != value]
    there.sort(key=lambda one: one[0], reverse=order.startswith("-"))  # type: ignore[arg-type, return-value]
    return [*(view for _, view in there), *absent]


_Key = Callable[[RunView], "str | float | None"]


def _key(field: str) -> _Key | None:
    if field.startswith(SUMMARY):
        return lambda view: summarized(view).get(field.removeprefix(SUMMARY))
    return _KEYS.get(field)


_KEYS: Mapping[str, _Key] = {
    "name": lambda view: ((view.document and view.document.name) or view.id).casefold(),
    "state": lambda view: view.document.state if view.document else None,
    "job_type": lambda view: view.document.job_type if view.document else None,
    "started": lambda view: view.started or None,
    "duration": lambda view: view.seconds,
}
