"""What was measured, and which of it gets a column of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from git_registry.model.documents.record import Number
    from git_registry.sdk.projecting import RunView
    from git_registry.sdk.views import VersionView

_MOST_METRICS = 6

_LAST = re.compile(r"[./]")
_COUNTED = frozenset(
    {"epoch", "epochs", "step", "steps", "global_step", "iteration", "iterations", "learning_rate", "lr"}
    | {"runtime", "timestamp"}
)
"""What the last part of a name says: how far training came and how it was set, not how good it got."""


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


def metric_columns(found: Iterable[Mapping[str, Number]], most: int = _MOST_METRICS) -> list[str]:
    """Return the names that get a column of their own: what most have, among those the newest ones' first.

    What was measured of training data comes last; what was counted is left out if there is anything else.

    Args:
        found: what was measured of each, the newest first.
        most: how many columns there are at most.
    """
    known = Counter(name for one in found for name in one)
    telling = [name for name in known if not _is_counted(name)] or known
    return sorted(telling, key=lambda name: (_is_of_training(name), -known[name]))[:most]


def _is_counted(name: str) -> bool:
    return _LAST.split(name)[-1].casefold().lstrip("_") in _COUNTED


def _is_of_training(name: str) -> bool:
    return _LAST.split(name)[0].casefold() in ("train", "training")
