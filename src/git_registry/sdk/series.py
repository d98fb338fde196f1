"""One metric over all versions of a collection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Literal

from git_registry.catalog.catalog import Catalog
from git_registry.errors import NotFound
from git_registry.model.documents.record import Number
from git_registry.sdk import listing, selecting
from git_registry.sdk.comparing import measured
from git_registry.sdk.rows import difference
from git_registry.sdk.views import VersionView

Goal = Literal["maximize", "minimize"]
"""W&B's words for whether more or less of a metric is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What one version measured.

    Attributes:
        value: None where it has no such metric.
        delta: against the version before that has it as a finite number.
    """

    version: VersionView
    value: Number | None
    delta: Number | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A metric over all linked versions, oldest first.

    Attributes:
        best: the first that no other is better than; NaN is never it. None if all are NaN.
        worst: the first that no other is worse than; NaN is never it.
        last: the newest that was measured, NaN or not.
    """

    collection: str
    metric: str
    goal: Goal
    points: tuple[Point, ...]

    @property
    def best(self) -> Point | None:
        """The one to choose by this metric alone."""
        return max(self._ordered, key=self._rank, default=None)

    @property
    def worst(self) -> Point | None:
        """The one not to choose."""
        return min(self._ordered, key=self._rank, default=None)

    @property
    def last(self) -> Point | None:
        """The newest that has the metric."""
        return next((point for point in reversed(self.points) if point.value is not None), None)

    @property
    def _ordered(self) -> list[Point]:
        return [point for point in self.points if point.value is not None and not isnan(point.value)]

    def _rank(self, point: Point) -> Number:
        assert point.value is not None
        return point.value if self.goal == "maximize" else -point.value


def over(catalog: Catalog, collection: str, metric: str, goal: Goal = "maximize") -> Series:
    """Return one metric over all versions of a collection, absent ones as None.

    Raises:
        NotFound: there is no such collection, or no version of it has the metric; the nearest is suggested.
        UsageError: it names a registry, or one version.
    """
    there, selector = selecting.place(catalog, collection)
    views = listing.versions(there, selector)[::-1]
    names = {name: None for view in views for name in measured(view)}
    if metric not in names:
        measures = f"its metrics: {', '.join(names)}" if names else "none was measured there"
        hint = selecting.nearest(metric, names) or measures
        raise NotFound(f"no version has the metric {metric!r}", where=str(selector), hint=hint)
    return Series(collection=str(selector), metric=metric, goal=goal, points=tuple(_points(views, metric)))


def _points(views: Iterable[VersionView], metric: str) -> Iterable[Point]:
    before: Number | None = None
    for view in views:
        value = measured(view).get(metric)
        yield Point(version=view, value=value, delta=difference(before, value))
        if value is not None and isfinite(value):
            before = value
