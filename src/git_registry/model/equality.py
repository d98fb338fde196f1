"""When two values are the same one.

Python's `==` answers differently: `1 == True`, `1 == 1.0`, and NaN isn't equal to itself. A gate that asks
for `true` is not one that asks for `1`, and a metric that stays NaN has not changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TypeVar

V = TypeVar("V")


def same(one: object, other: object) -> bool:
    """Are these the same value, of the same type, all the way down? The order of keys doesn't count."""
    if one is other:
        return True
    if isinstance(one, Mapping):
        return isinstance(other, Mapping) and _same_mapping(one, other)
    if isinstance(one, list | tuple):
        return isinstance(other, list | tuple) and len(one) == len(other) and all(map(same, one, other))
    if type(one) is not type(other):
        return False
    if is_dataclass(one):
        return all(same(getattr(one, part.name), getattr(other, part.name)) for part in fields(one))
    return one == other or (one != one and other != other)  # NaN alone differs from itself


def _same_mapping(one: Mapping[object, object], other: Mapping[object, object]) -> bool:
    return len(one) == len(other) and all(key in other and same(one[key], other[key]) for key in one)


def news(asked: Mapping[str, V], there: Mapping[str, V]) -> dict[str, V]:
    """Return what is asked for and is not there, or is another value there."""
    return {key: value for key, value in asked.items() if key not in there or not same(there[key], value)}
