"""Things that no index knows: narrowed by a filter and sorted, in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from git_registry.model.filters import Filter, Order, matches
from git_registry.model.filters.values import found, is_number

T = TypeVar("T")

_SAYS_NOTHING: tuple[object, ...] = (None, (), "")


def arranged(
    things: Sequence[T],
    facts: Callable[[T], Mapping[str, object]],
    wanted: Filter | None,
    order: Order | None,
) -> Sequence[T]:
    """Return those that pass a filter, in order; what can't be sorted by that stands at the end."""
    told = [(thing, _filled(facts(thing))) for thing in things] if wanted or order else []
    if not told:
        return things
    kept = [(thing, known) for thing, known in told if wanted is None or matches(wanted, known)]
    if order is None:
        return [thing for thing, _ in kept]
    keyed = [(thing, _key(known, order.field)) for thing, known in kept]
    able = [(thing, key) for thing, key in keyed if key is not None]
    able.sort(key=lambda pair: pair[1], reverse=order.descending)
    return [thing for thing, _ in able] + [thing for thing, key in keyed if key is None]


def _filled(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in facts.items() if value not in _SAYS_NOTHING}


def _key(facts: Mapping[str, object], field: str) -> tuple[bool, float, str] | None:
    """Return what a thing is sorted by: numbers come before texts."""
    for value in found(facts, field):
        if isinstance(value, str):
            return True, 0, value
        if isinstance(value, int | float) and is_number(value) and value == value:
            return False, value, ""
    return None
