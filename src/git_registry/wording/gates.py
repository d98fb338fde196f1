"""What a protected alias asks of a version, or of the commit that moves it, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from git_registry.policy.gates import kind_of
from git_registry.policy.roles import ADMIN
from git_registry.wording.amounts import amount
from git_registry.wording.sizes import counted

if TYPE_CHECKING:
    from git_registry.model.documents.access import Approvals, Gate
    from git_registry.model.documents.record import Value

_SIGNS: Mapping[str, str] = {
    "$eq": "is",
    "$ne": "is not",
    "$gt": ">",
    "$gte": "≥",
    "$lt": "<",
    "$lte": "≤",
    "$in": "is one of",
    "$nin": "is none of",
    "$regex": "matches",
}


def gate(one: Gate) -> str:
    """Return what a gate asks for: `auc ≥ 0.9`, `1 approval by an admin, not its author`."""
    match kind_of(one):
        case "holds":
            return f"{one.holds} points at it before"
        case "metrics":
            return ", ".join(_conditions(one.metrics))
        case "metadata":
            return ", ".join(_conditions(one.metadata))
        case "content":
            return f"every file is known by its {one.content}"
        case "approvals":
            assert one.approvals
            return _approvals(one.approvals)
        case "signed":
            return "an admin signed the commit"
    return "what this version does not know, so nothing passes"


def _approvals(asked: Approvals) -> str:
    role = asked.role or ADMIN
    whose = f"{'an' if role[0] in 'aeiou' else 'a'} {role} or above" if role != ADMIN else "an admin"
    return f"{counted(asked.count, 'approval')} by {whose}" + (", not its author" if asked.not_author else "")


def _conditions(asked: Mapping[str, Value]) -> Iterator[str]:
    for field, condition in asked.items():
        if field.startswith("$"):
            yield f"{field} {amount(condition)}"
        elif isinstance(condition, Mapping) and condition and all(name in _SIGNS for name in condition):
            yield " and ".join(f"{field} {_SIGNS[name]} {amount(value)}" for name, value in condition.items())
        else:
            yield f"{field} is {amount(condition)}"
