"""Whether facts pass a filter."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping

from git_registry.model.filters.expression import All, Any, Filter, Nor, Not, Test
from git_registry.model.filters.values import MISSING, comparable, equal, found, spread

Meaning = Callable[[Iterable[object], object], bool]
"""Says of what a field holds, and an operand, whether the operator passes."""


def matches(filter: Filter, facts: Mapping[str, object]) -> bool:  # noqa: A002 - what it is
    """Do the facts pass?

    Facts are plain values by field name: `{"name": …, "tag": (…), "metadata": {…}, "metrics": {…}}`. Dates
    are text as documents write them, `2026-11-22T20:28:34.123Z`. A fact that is not there is missing, which
    equals null.
    """
    match filter:
        case Test(field, name, operand):
            return MEANINGS[name](found(facts, field), operand)
        case Not(part):
            return not matches(part, facts)
        case All(parts):
            return all(matches(part, facts) for part in parts)
        case Any(parts):
            return any(matches(part, facts) for part in parts)
        case Nor(parts):
            return not any(matches(part, facts) for part in parts)


def _equals(values: Iterable[object], operand: object) -> bool:
    return any(
        equal(item, operand) or (item is MISSING and operand is None)
        for value in values
        for item in spread(value)
    )


def _is_in(values: Iterable[object], operand: object) -> bool:
    held = tuple(values)
    return isinstance(operand, tuple) and any(_equals(held, one) for one in operand)


def _compares(compare: Callable[..., bool]) -> Meaning:
    return lambda values, operand: any(
        comparable(item, operand) and compare(item, operand) for value in values for item in spread(value)
    )


def _finds(values: Iterable[object], operand: object) -> bool:
    from git_registry.model.filters.automaton import automaton  # late: most filters have no pattern

    search = automaton(str(operand)).search
    return any(isinstance(item, str) and search(item) for value in values for item in spread(value))


def _exists(values: Iterable[object], _operand: object) -> bool:
    return any(value is not MISSING for value in values)


def _contains(values: Iterable[object], operand: object) -> bool:
    return any(_holds(value, operand) for value in values)


def _holds(value: object, operand: object) -> bool:
    if isinstance(value, str):
        return isinstance(operand, str) and operand in value
    return isinstance(value, list | tuple) and any(equal(item, operand) for item in value)


def _has_size(values: Iterable[object], operand: object) -> bool:
    return any(isinstance(value, list | tuple) and len(value) == operand for value in values)


MEANINGS: Mapping[str, Meaning] = {
    "$eq": _equals,
    "$gt": _compares(operator.gt),
    "$gte": _compares(operator.ge),
    "$lt": _compares(operator.lt),
    "$lte": _compares(operator.le),
    "$in": _is_in,
    "$regex": _finds,
    "$exists": _exists,
    "$contains": _contains,
    "$size": _has_size,
}
