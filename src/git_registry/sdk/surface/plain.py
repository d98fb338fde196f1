"""From what scripts hold in their hands to what a document can say."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import PurePath
from typing import Any

from git_registry.errors import UsageError
from git_registry.model.documents.record import Number, Value

_LARGEST = 1 << 63
_DEEPEST = 12
"""Levels of nesting; a document has sixteen, and what holds this takes some."""
_MOST = 100_000
"""Values in one; nobody reads more, and what holds itself would never end."""
_LONGEST_NAME = 256


class _Plain:
    """One value being made plain; counts how much there is in it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._count = 0

    def of(self, value: object, name: str, depth: int = 0) -> Value:
        self._count += 1
        if depth > _DEEPEST or self._count > _MOST:
            raise UsageError(
                f"nested deeper than {_DEEPEST} levels, or more than {_MOST:,} values", where=self._name
            )
        if isinstance(value, enum.Enum):
            value = value.value
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return text(value)
        if isinstance(value, float):  # NumPy's is a subclass that writes itself otherwise
            return float(value)
        if isinstance(value, int):
            return int(value) if -_LARGEST <= value < _LARGEST else str(value)
        return self._many(value, name, depth)

    def _many(self, value: object, name: str, depth: int) -> Value:
        if isinstance(value, Mapping):
            return {text(str(key)): self.of(one, f"{name}.{key}", depth + 1) for key, one in value.items()}
        if isinstance(value, set | frozenset):
            value = sorted(value, key=str)
        if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
            return [self.of(one, f"{name}[{at}]", depth + 1) for at, one in enumerate(value)]
        return self._foreign(value, name, depth)

    def _foreign(self, value: Any, name: str, depth: int) -> Value:  # noqa: ANN401 - that is the point
        if isinstance(value, PurePath | date):
            return text(str(value))
        for way in ("item", "tolist"):  # of one element, and of many
            with suppress(AttributeError, TypeError, ValueError, RuntimeError):
                return self.of(getattr(value, way)(), name, depth + 1)
        raise UsageError(
            f"a {type(value).__name__} is not a value that can be written down",
            where=name,
            hint="log numbers, texts, lists and mappings of them; files and tables go into an artifact",
        )


def plain(value: object, *, name: str) -> Value:
    """Return a value as documents hold it: numbers of NumPy, PyTorch and the like become plain ones.

    Args:
        value: anything that is a value: no model, no figure.
        name: what it is called, for the error.

    Raises:
        UsageError: it is none, is nested too deeply, or there is too much in it.
    """
    return _Plain(name).of(value, name)


def lenient(value: object, *, name: str) -> Value:
    """Return a value of a config, where what can't be written down as it is becomes text."""
    try:
        return plain(value, name=name)
    except UsageError:
        if isinstance(value, Mapping) and len(value) < _MOST:
            return {text(str(key)): _told(one, f"{name}.{key}") for key, one in value.items()}
        return _word(value)


def _told(value: object, name: str) -> Value:
    try:
        return plain(value, name=name)
    except UsageError:
        return _word(value)


def _word(value: object) -> str:
    """Return a word for what can't be written down; what holds others may be without end."""
    if isinstance(value, Mapping | Sequence | set | frozenset):
        return f"({type(value).__name__} that is too deep or too large)"
    return text(str(value))


def text(said: str) -> str:
    """Return a text as UTF-8 can say it; a name of a file may hold what it can't."""
    return str(said).encode("utf-8", "backslashreplace").decode()


def check_name(name: str) -> str:
    """Return the name of a metric or a setting.

    Raises:
        UsageError: it has none, is too long, or holds what can't be printed.
    """
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        shown = name[:_LONGEST_NAME].encode("unicode_escape").decode()
        raise UsageError(f"a name is 1 to {_LONGEST_NAME} characters that can be printed", where=shown)
    return name


def flat(data: Mapping[str, object]) -> Iterator[tuple[str, Value]]:
    """Yield what was measured by its name, `train.loss` for what is nested.

    Raises:
        UsageError: something is no value, a name is none, or it is nested too deeply.
    """
    if not isinstance(data, Mapping):
        raise UsageError(f"what is logged is a mapping of names to values, not a {type(data).__name__}")
    yield from _flat(data, "", 0)


def _flat(data: Mapping[Any, object], above: str, depth: int) -> Iterator[tuple[str, Value]]:
    if depth > _DEEPEST:
        raise UsageError(f"nested deeper than {_DEEPEST} levels", where=above)
    for key, value in data.items():
        name = f"{above}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.", depth + 1)
        else:
            yield check_name(name), plain(value, name=name)


def numbers(values: Mapping[str, Value]) -> dict[str, Number]:
    """Return those that are metrics: finite or not, but numbers; nothing of W&B's own bookkeeping."""
    return {
        key: value
        for key, value in values.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and not key.startswith("_")
    }
