"""A filter once it is read: what a search walks to narrow its candidates, and `matches` to decide.

Field names are canonical, spellings resolved, and there is one form for one meaning: `$ne`, `$nin` and
`$exists: false` are `Not` of the plain test, `$all` is `All` of `$eq`, `All` never holds an `All`, and one
part alone stands for itself. So whoever narrows needs to understand `All`, `Any` and some tests; what it does
not understand it may leave to `matches`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on one field.

    Attributes:
        field: its canonical name, `tag` or `metadata.optimizer.lr`.
        operator: one of `$eq $gt $gte $lt $lte $in $regex $exists $contains $size`.
        operand: a plain value: none, a truth value, a number, text, a tuple or a dict of such. A tuple of
            values for `$in`, True for `$exists`, for a date field its instant as the facts write it, for
            `$regex` the pattern with its options in front, `(?i)^prod`. Python holds 1 and True for equal;
            a filter does not.
    """

    __test__ = False  # pytest: a class of ours, not one of its tests

    field: str
    operator: str
    operand: object


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Filter


@dataclass(frozen=True, slots=True)
class _Parts:
    parts: tuple[Filter, ...]


class All(_Parts):
    """Every part holds; without parts, always."""

    __slots__ = ()


class Any(_Parts):
    """Some part holds; without parts, never."""

    __slots__ = ()


class Nor(_Parts):
    """No part holds."""

    __slots__ = ()


Filter: TypeAlias = "All | Any | Nor | Not | Test"


def every(parts: Iterable[Filter]) -> Filter:
    """Return the filter that asks for all of these."""
    flat = tuple(one for part in parts for one in (part.parts if isinstance(part, All) else (part,)))
    return flat[0] if len(flat) == 1 else All(flat)


def none(parts: Iterable[Filter]) -> Filter:
    """Return the filter that refuses all of these."""
    return Nor(tuple(parts))


def some(parts: Iterable[Filter]) -> Filter:
    """Return the filter that asks for one of these."""
    parts = tuple(parts)
    return parts[0] if len(parts) == 1 else Any(parts)


def fields_of(filter: Filter) -> Iterator[str]:  # noqa: A002 - what it is
    """Yield the fields that a filter asks about, in the order it does, each as often."""
    match filter:
        case Test(field):
            yield field
        case Not(part):
            yield from fields_of(part)
        case All(parts) | Any(parts) | Nor(parts):
            for part in parts:
                yield from fields_of(part)
