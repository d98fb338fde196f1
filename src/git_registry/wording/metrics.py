"""What was measured, and which of it gets a column of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from git_registry.model.documents.record import Number
    from git_registry.sdk.projecting import RunView
    from git_registry.sdk.views import VersionView

_MOST_METRICS = 6


def measured(view: VersionView) -> dict[str, Number]:
    """Return the metrics of a version: its manifest's, and the notes', which win."""
    return {**view.manifest.metrics, **view.notes.metrics} if view.manifest else {}


def summarized(view: RunView) -> dict[str, Number]:
    """Return the numbers of a run's summary."""
    summary = view.document.summary if view.document else {}
    return {
        name: value
        for name, value in summary.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def metric_columns(found: Iterable[Mapping[str, Number]]) -> list[str]:
    """Return the names that get a column of their own: the newest ones' first."""
    names: dict[str, None] = {}
    for one in found:
        names |= dict.fromkeys(one)
    return list(names)[:_MOST_METRICS]
