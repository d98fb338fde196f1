"""Asking for many things at once: as few queries as it takes, and few texts of them to prepare."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import Any, TypeVar

from git_registry.index.moment import Moment

T = TypeVar("T")

_SIZES = (1, 8, 64, 512)
"""How many names a query takes. With few different texts, each is prepared once."""


def asked(moment: Moment, sql: str, names: Collection[object], *values: object) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query with `IN ({names})` at its end, whatever number of names there is.

    A list of constants is pushed down into both halves of a `now_` view; a join with a table would not be.
    """
    for some in batches(list(names), _SIZES[-1]):
        size = next(size for size in _SIZES if size >= len(some))
        padded = (*some, *[some[-1]] * (size - len(some)))
        yield from moment.connection.execute(
            sql.format(names=", ".join("?" * size)), (*values, *padded)
        ).fetchall()


def batches(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield so many at a time."""
    return (things[start : start + size] for start in range(0, len(things), size))


def by_place(keys: Collection[tuple[int, T]]) -> Iterator[tuple[int, list[T]]]:
    """Yield each place with what is in it."""
    ordered = sorted(keys, key=lambda key: key[0])
    return ((place, [one for _, one in some]) for place, some in groupby(ordered, key=lambda key: key[0]))
