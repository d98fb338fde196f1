"""Values of documents as people read them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from git_registry.model.documents.record import Value
from git_registry.model.plain import not_finite


def amount(value: Value) -> str:
    """Return one value on one line: numbers and text as they are, lists and mappings as in YAML."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {amount(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(amount, value)) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        return not_finite(value)
    return str(value)


def named_values(values: Mapping[str, Value]) -> str:
    """Return `auc=0.93 logloss=0.21`."""
    return " ".join(f"{name}={amount(value)}" for name, value in values.items())
