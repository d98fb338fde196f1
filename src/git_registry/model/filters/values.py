"""What a filter compares: values in nested facts, found and compared as MongoDB does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

MISSING: Final = object()
"""What is found where a mapping lacks the key, or where nothing can have one."""

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


def found(facts: Mapping[str, object], field: str) -> Iterator[object]:
    """Yield what `field` names: nothing, one value or MISSING, or several out of a list.

    A list on the way is looked into: `a.b` finds every `b` in `a: [{b: 1}, {b: 2}]`, `a.0` the first item.
    A key may hold dots itself: `metrics.val.auc` finds both `{val: {auc: …}}` and `{val.auc: …}`.
    """
    if field in facts:
        return iter((facts[field],))
    name, _, path = field.partition(".")
    return _inside(facts.get(name, MISSING), path.split(".")) if path else iter((MISSING,))


def _inside(value: object, path: list[str]) -> Iterator[object]:
    if not path:
        yield value
    elif isinstance(value, Mapping):
        yield from _in_mapping(value, path)
    elif isinstance(value, list | tuple):
        yield from _in_list(value, path)
    else:
        yield MISSING


def _in_mapping(value: Mapping[str, object], path: list[str]) -> Iterator[object]:
    keys = [(".".join(path[:end]), path[end:]) for end in range(1, len(path) + 1)]
    present = [(key, rest) for key, rest in keys if key in value]
    for key, rest in present:
        yield from _inside(value[key], rest)
    if not present:
        yield MISSING


def _in_list(value: Sequence[object], path: list[str]) -> Iterator[object]:
    # An item that is a list itself is not looked into, and a plain one has no keys to lack: MongoDB's way.
    for item in value:
        if isinstance(item, Mapping):
            yield from _in_mapping(item, path)
    if _INDEX.fullmatch(path[0]) and int(path[0]) < len(value):
        yield from _inside(value[int(path[0])], path[1:])


def spread(value: object) -> Iterator[object]:
    """Yield a list's items and the list itself; any other value alone."""
    if isinstance(value, list | tuple):
        yield from value
    yield value


def is_number(value: object) -> bool:
    """Is it a number? A truth value is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def comparable(one: object, other: object) -> bool:
    """Does one of the two come before the other, or equal it? Only numbers, and texts."""
    return (is_number(one) and is_number(other)) or (isinstance(one, str) and isinstance(other, str))


def equal(one: object, other: object) -> bool:
    """Are they equal? 1 is 1.0, but neither True nor "1"; NaN is not even itself."""
    if comparable(one, other):
        return one == other
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    return one is other  # None, True and False are one of a kind


def shown(value: object) -> str:
    """Return a value as an error shows it: not all of a long one."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
