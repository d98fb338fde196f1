"""Rows of a comparison: one thing in every version, and what became of it since the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite, isnan
from typing import Literal, TypeVar

from git_registry.model.documents.manifest import FileEntry, Input
from git_registry.model.documents.record import Number, Value
from git_registry.model.equality import same

Fate = Literal["added", "removed", "changed", "same"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """A number that versions have: a metric, the size.

    Attributes:
        values: one for each version; None where it has none.
    """

    name: str
    values: tuple[Number | None, ...]

    @property
    def deltas(self) -> tuple[Number | None, ...]:
        """How much more it is than in the first version; None where there is nothing to subtract."""
        return (None, *(difference(self.values[0], value) for value in self.values[1:]))

    @property
    def differs(self) -> bool:
        """Is it not the same number everywhere? NaN is the same as NaN, 1 as 1.0."""
        return not all(_equal(self.values[0], value) for value in self.values[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRow:
    """One value of the metadata, `optimizer.name` for one that is nested.

    Attributes:
        values: one for each version; None where it has none, or has null.
        given: has the version a value there, were it null?
    """

    name: str
    values: tuple[Value, ...]
    given: tuple[bool, ...]

    @property
    def fates(self) -> tuple[Fate | None, ...]:
        """What became of it since the first version."""
        there = [(value,) if given else None for value, given in zip(self.values, self.given, strict=True)]
        return _fates(there, same)

    @property
    def differs(self) -> bool:
        """Is it not the same everywhere?"""
        return _differ(self.fates)


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRow:
    """What some of the versions were made from; `given` says which of them."""

    input: Input
    given: tuple[bool, ...]

    @property
    def fates(self) -> tuple[Fate | None, ...]:
        """What became of it since the first version."""
        return _fates([given or None for given in self.given], same)

    @property
    def differs(self) -> bool:
        """Were some versions made without it?"""
        return _differ(self.fates)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """What is called by one path in the versions' file lists; None where nothing is."""

    path: str
    entries: tuple[FileEntry | None, ...]

    @property
    def fates(self) -> tuple[Fate | None, ...]:
        """What became of it since the first version; known by digest."""
        return _fates(self.entries, lambda one, other: one.digest == other.digest)

    @property
    def differs(self) -> bool:
        """Is it not the same file everywhere?"""
        return _differ(self.fates)


def difference(before: Number | None, after: Number | None) -> Number | None:
    """Return `after - before` as it is on paper: 0.95 - 0.931 is 0.019. None unless both are finite."""
    if before is None or after is None or not (isfinite(before) and isfinite(after)):
        return None
    if isinstance(before, int) and isinstance(after, int):
        return after - before
    delta = float(Decimal(repr(after)) - Decimal(repr(before)))
    return delta if isfinite(delta) else None


def _fates(things: Sequence[T | None], equal: Callable[[T, T], bool]) -> tuple[Fate | None, ...]:
    """Return what became of a thing since the first; None for the first, and where it never was."""
    first, *others = things
    return (None, *(_fate(first, other, equal) for other in others))


def _fate(before: T | None, after: T | None, equal: Callable[[T, T], bool]) -> Fate | None:
    if before is None:
        return None if after is None else "added"
    if after is None:
        return "removed"
    return "same" if equal(before, after) else "changed"


def _differ(fates: Sequence[Fate | None]) -> bool:
    return any(fate not in (None, "same") for fate in fates)


def _equal(one: Number | None, other: Number | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == other or (isnan(one) and isnan(other))
