"""Numbers in filters: how people type them, and what to say to those who typed something else."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from git_registry.errors import UsageError
from git_registry.model.filters.fields import Field
from git_registry.model.filters.values import shown

_INTEGER = re.compile(r"[+-]?[0-9]{1,400}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_LIKE_ONE = re.compile(r"[+-]?(?:[0-9][0-9_,]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?")
_CONSTANTS: Mapping[str, float | None] = {
    "null": None,
    "NaN": math.nan,
    "Infinity": math.inf,
    "-Infinity": -math.inf,
}

_HINTS: Mapping[str, str] = {
    "size": "in bytes, 1000000 for 1 MB",
    "number": "its number as `number = {digits}`, its name as `version = v{digits}`",
}
_SIGNS: Mapping[str, str] = {"$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}


def number(field: Field, text: str, at: str) -> int | float | None:
    """Return the number a person means, who may write `.95` or `+1.`, or None for `null`.

    Raises:
        UsageError: it is none.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if not _NUMBER.fullmatch(text):
        raise no_number(field, text, at)
    return float(text)


def is_like_a_number(text: str) -> bool:
    """Would a person take it for a number? `1_000` is like one."""
    return bool(_LIKE_ONE.fullmatch(text))


def no_number(field: Field, operand: object, at: str) -> UsageError:
    """Return the error that a field holds numbers, and `operand` is none."""
    hint = _HINTS.get(field.name, "a number is written 0.95, 1000 or 1e-3")
    message = f"{field.name} is a number, found {shown(operand)}"
    return UsageError(message, where=at, hint=hint.format(digits=_digits(operand)))


def no_order(operator: str, operand: object, at: str) -> UsageError:
    """Return the error that versions are compared by their numbers."""
    digits = _digits(operand)
    document = f'{{"number": {{"{operator}": {digits}}}}}'
    return UsageError(
        "versions are no numbers: v10 would come before v9",
        where=at,
        hint=f"numbers are in order: number {_SIGNS[operator]} {digits}, in a filter {document}",
    )


def _digits(operand: object) -> str:
    digits = str(operand).strip("\"'").removeprefix("v")
    return digits if digits.isdecimal() and len(digits) < 10 else "9"
