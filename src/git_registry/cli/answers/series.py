"""One metric over all versions of a collection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from git_registry.cli import shapes
from git_registry.cli.shapes import Shape
from git_registry.cli.sparkline import sparkline
from git_registry.model.plain import plain
from git_registry.sdk import series
from git_registry.wording.amounts import amount
from git_registry.wording.lines import signed

if TYPE_CHECKING:
    from git_registry.cli.session import Session
    from git_registry.sdk.series import Goal, Point, Series

_MOST_BARS = 60


def answer(session: Session, collection: str, metric: str, goal: Goal) -> None:
    """Print a row a version, oldest first, and for people what it comes to."""
    with session.open() as catalog:
        found = series.over(catalog, collection, metric, goal)
    output = session.output
    if output.json:
        output.document(shape(found))
        return
    output.table(["VERSION", "ALIASES", metric, "DELTA", "CREATED"], map(_row, found.points))
    if output.is_terminal:
        output.line()
        output.line(summary(found))


def _row(point: Point) -> list[str]:
    view = point.version
    return [
        view.version or f"@{view.id[:8]}",
        ", ".join(view.aliases),
        "" if point.value is None else amount(point.value),
        "" if point.delta is None else signed(point.delta),
        view.manifest.created if view.manifest else "",
    ]


def summary(found: Series) -> str:
    """Return a metric in one line: `auc ▁▅ █  best 0.95 (v3), worst 0.91 (v0), last 0.95 (v3)`."""
    values = [point.value for point in found.points]
    cut = "…" if len(values) > _MOST_BARS else ""
    return f"{found.metric} {cut}{sparkline(values[-_MOST_BARS:])}  {', '.join(_notable(found))}"


def _notable(found: Series) -> Iterator[str]:
    for name, point in (("best", found.best), ("worst", found.worst), ("last", found.last)):
        if point and point.value is not None:
            shown = point.version.version or f"@{point.version.id[:8]}"
            yield f"{name} {amount(point.value)} ({shown})"
    measured = sum(point.value is not None for point in found.points)
    if measured < len(found.points):
        yield f"{measured} of {len(found.points)} versions have it"


def shape(found: Series) -> Shape:
    """Return a series as JSON."""
    return {
        "collection": found.collection,
        "metric": found.metric,
        "goal": found.goal,
        "points": [
            {
                "version": shapes.version(point.version),
                "value": plain(point.value),
                "delta": plain(point.delta),
            }
            for point in found.points
        ],
        "best": _named(found.best),
        "worst": _named(found.worst),
        "last": _named(found.last),
    }


def _named(point: Point | None) -> Shape | None:
    return {"path": point.version.path, "value": plain(point.value)} if point else None
