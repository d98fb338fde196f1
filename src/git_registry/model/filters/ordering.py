"""What a list is sorted by: W&B's `name`, `+name`, `-created_at`."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from git_registry.errors import UsageError
from git_registry.model.filters.fields import as_key, nearest


class Order(NamedTuple):
    """Sort by a field, the least first or last."""

    field: str
    descending: bool


def order(text: str, allowed: Collection[str]) -> Order:
    """Read an order.

    Raises:
        UsageError: it names none of the allowed fields; the hint lists them.
    """
    name = text.removeprefix(text[:1]) if text.startswith(("+", "-")) else text
    if name not in allowed:
        guess = nearest(name, allowed) or as_key(name.lstrip("+-"), allowed)
        hint = f"{guess}fields: {' '.join(allowed)}; '-' in front for descending"
        raise UsageError(f"can't sort by {name!r}", where="order", hint=hint)
    return Order(name, text.startswith("-"))
