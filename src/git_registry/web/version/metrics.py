"""What was measured of a version, beside what was measured of the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.index.numbers import Numbers
from git_registry.model.documents.record import Number
from git_registry.sdk.rows import difference
from git_registry.sdk.views import VersionView, place_of, version_view
from git_registry.wording.lines import signed
from git_registry.wording.metrics import measured

_LOOKED_AT = 100
"""Numbers that are looked at for one that is linked still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One metric.

    Attributes:
        value: what counts; None where only the version before has it.
        is_noted: does it come from the notes?
        written: what the manifest says, where the notes say something else.
        before: what the version before it has.
        change: what came to it since, with its sign; empty where there is nothing to subtract.
        way: `up`, `down`, or empty where it is the same or can't be told.
    """

    name: str
    value: Number | None
    is_noted: bool
    written: Number | None
    before: Number | None
    change: str
    way: str


def before(there: Catalog, view: VersionView, known: Numbers) -> VersionView | None:
    """Return the linked version with the next lower number; None if none is linked among the last hundred."""
    path, now = place_of(view.collection), there.now()
    for number in range((view.number or 0) - 1, max(-1, (view.number or 0) - 1 - _LOOKED_AT), -1):
        found = known.find(path, number)
        if found and now.find(path, found):
            return version_view(now, path, found, known)
    return None


def rows(view: VersionView, earlier: VersionView | None) -> Sequence[Row]:
    """Return all metrics of a version, and below them those that only the version before it has."""
    now, then = measured(view), measured(earlier) if earlier else {}
    return [_row(view, name, now.get(name), then.get(name)) for name in {**now, **then}]


def _row(view: VersionView, name: str, value: Number | None, then: Number | None) -> Row:
    written = view.manifest.metrics.get(name) if view.manifest else None
    noted = name in view.notes.metrics
    delta = difference(then, value)
    return Row(
        name=name,
        value=value,
        is_noted=noted,
        written=written if noted and written != value else None,
        before=then,
        change="" if delta is None else signed(delta),
        way="up" if delta and delta > 0 else "down" if delta and delta < 0 else "",
    )
