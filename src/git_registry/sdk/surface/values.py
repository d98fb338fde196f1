"""What people put into an artifact's metadata and metrics, as documents have it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import cast

from git_registry.errors import UsageError
from git_registry.model.documents.record import Number, Value
from git_registry.sdk.surface.plain import plain

MOST_KEYS = 100


def metadata(given: Mapping[str, object] | None) -> dict[str, Value]:
    """Return metadata that any JSON reader understands: NaN is null there.

    Raises:
        UsageError: it is no mapping, has more than 100 keys, or holds an infinity or what is no value.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise UsageError(f"metadata must be a dict, not {type(given).__name__}")
    if len(given) > MOST_KEYS:
        raise UsageError(f"Artifact must not have more than {MOST_KEYS} metadata keys, and has {len(given)}")
    return {str(key): _finite(plain(one, name=str(key)), str(key)) for key, one in given.items()}


def metrics(given: Mapping[str, object] | None) -> dict[str, Number]:
    """Return metrics as numbers of Python's own.

    Raises:
        UsageError: one is no number.
    """
    said = {str(key): plain(one, name=str(key)) for key, one in (given or {}).items()}
    for key, one in said.items():
        if isinstance(one, bool) or not isinstance(one, int | float):
            raise UsageError(f"a metric is a number, not {one!r}", where=key)
    return cast("dict[str, Number]", said)


def _finite(value: Value, name: str) -> Value:
    if isinstance(value, float):
        if math.isinf(value):
            raise UsageError(f"{value} is no number in JSON", where=name)
        return None if math.isnan(value) else value
    if isinstance(value, Mapping):
        return {key: _finite(one, f"{name}.{key}") for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_finite(one, name) for one in value]
    return value
