"""From what scripts hold in their hands to what a document can say."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import PurePath
from typing import Any, cast

from git_registry.errors import UsageError
from git_registry.model.documents.record import Number, Value

_LARGEST = 1 << 63
_DEEPEST = 12
"""Levels of nesting; a document has sixteen, and what holds this takes some."""


def plain(value: object, *, name: str, depth: int = 0) -> Value:
    """Return a value as documents hold it: numbers of NumPy, PyTorch and the like become plain ones.

    Args:
        value: anything that is a value: no model, no figure.
        name: what it is called, for the error.
        depth: how deep it is nested already.

    Raises:
        UsageError: it is none, or nested too deeply.
    """
    if depth > _DEEPEST:
        raise UsageError(f"nested deeper than {_DEEPEST} levels", where=name)
    if isinstance(value, enum.Enum):
        value = value.value
    if value is None or isinstance(value, bool):
        return value
    for kind in (str, float):  # NumPy's are subclasses that write themselves otherwise
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, int):
        return int(value) if -_LARGEST <= value < _LARGEST else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one, name=f"{name}.{key}", depth=depth + 1) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [plain(one, name=f"{name}[{at}]", depth=depth + 1) for at, one in enumerate(value)]
    return _foreign(value, name, depth)


def _foreign(value: Any, name: str, depth: int) -> Value:  # noqa: ANN401 - that is the point
    if isinstance(value, PurePath | date):
        return str(value)
    for way in ("item", "tolist"):  # of one element, and of many
        with suppress(AttributeError, TypeError, ValueError, RuntimeError):
            return plain(getattr(value, way)(), name=name, depth=depth + 1)
    raise UsageError(
        f"a {type(value).__name__} is not a value that can be written down",
        where=name,
        hint="log numbers, texts, lists and mappings of them; files go into an artifact",
    )


def lenient(value: object, *, name: str) -> Value:
    """Return a value of a config, where what can't be written down as it is becomes text."""
    try:
        return plain(value, name=name)
    except UsageError:
        if isinstance(value, Mapping):
            return {str(key): lenient(one, name=f"{name}.{key}") for key, one in value.items()}
        return str(value)


def flat(data: Mapping[str, object], above: str = "") -> Iterator[tuple[str, Value]]:
    """Yield what was measured by its name, `train.loss` for what is nested."""
    for key, value in data.items():
        name = f"{above}{key}"
        if isinstance(value, Mapping):
            yield from flat(cast("Mapping[str, object]", value), f"{name}.")
        else:
            yield name, plain(value, name=name)


def numbers(values: Mapping[str, Value]) -> dict[str, Number]:
    """Return those that are metrics: finite or not, but numbers; nothing of W&B's own bookkeeping."""
    return {
        key: value
        for key, value in values.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and not key.startswith("_")
    }
