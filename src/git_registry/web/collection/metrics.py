"""What was measured of a collection's versions: as columns of a table, and as plots over versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.web.collection.sparks import spark
from git_registry.web.tables import brief
from git_registry.wording.metrics import metric_columns

if TYPE_CHECKING:
    from git_registry.index.search.row import Row
    from git_registry.model.documents.record import Number

_COLUMNS, _MOST_COLUMNS, _MOST_CHOICES = 4, 12, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One metric over versions: what it was at last, and its lines for who has no scripts."""

    name: str
    last: str
    lines: Sequence[str]


def metrics_of(row: Row) -> Mapping[str, Number]:
    """Return what was measured of a version, the notes' values where they have any."""
    found: Mapping[str, Number] = row.facts.get("metrics", {})
    return found


def chosen(found: Sequence[Row], asked: Sequence[str]) -> Sequence[str]:
    """Return the metrics that are shown: those asked for, `auc,loss` or one by one; else what most have."""
    known = list(_known(found))
    if not any(asked):
        return metric_columns(map(metrics_of, found), _COLUMNS)
    parts = (part for one in asked for part in ([one] if one in known else one.split(",")))
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))[:_MOST_COLUMNS]


def choices(found: Iterable[Row], metrics: Sequence[str]) -> Sequence[tuple[str, bool]]:
    """Return the metrics that may be chosen, and which are."""
    known = dict.fromkeys((*metrics, *_known(found)))
    return [(name, name in metrics) for name in list(known)[:_MOST_CHOICES]]


def _known(found: Iterable[Row]) -> Iterable[str]:
    """Return what was measured: first of the most versions, and among those what the newest have first."""
    counted = Counter(name for row in found for name in metrics_of(row))
    return (name for name, _ in counted.most_common())


def figures(found: Iterable[Row], metrics: Sequence[str]) -> Sequence[Figure]:
    """Return a figure of each metric; none where a line would have one end."""
    plotted = _numbered(found)
    return [_figure(metric, plotted) for metric in metrics] if len(plotted) > 1 else ()


def _figure(metric: str, plotted: Sequence[Row]) -> Figure:
    values = [metrics_of(row).get(metric) for row in plotted]
    measured = [value for value in values if value is not None]
    return Figure(name=metric, last=brief(measured[-1]) if measured else "", lines=spark(values))


def plots(
    found: Iterable[Row], metrics: Sequence[str], shown: Callable[[Row], tuple[str, str]]
) -> Mapping[str, object]:
    """Return what `plots.js` draws.

    Args:
        found: versions.
        metrics: a line each.
        shown: gives a version's name and the link to its page.
    """
    plotted = _numbered(found)
    named = list(map(shown, plotted))
    return {
        "x": {"name": "version", "values": [row.number for row in plotted]},
        "series": [{"name": one, "values": [metrics_of(row).get(one) for row in plotted]} for one in metrics],
        "labels": [name for name, _ in named],
        "links": [link for _, link in named],
    }


def _numbered(found: Iterable[Row]) -> Sequence[Row]:
    return sorted((row for row in found if row.number is not None), key=lambda row: row.number or 0)
