"""What a reviewer looks at first."""

from __future__ import annotations

from collections.abc import Iterable

from git_registry.policy.explaining import Explained
from git_registry.policy.roles import MEMBER


def is_protected(one: Explained) -> bool:
    """Does it go through gates, or take more than a member's role? What nobody can tell does, too."""
    role, _, _ = one.takes.partition(" of ")
    return bool(one.passages) or role != MEMBER or bool(getattr(one.event, "protected", False))


def ordered(events: Iterable[Explained]) -> tuple[Explained, ...]:
    """Return events as they are reviewed: protected aliases, what else is protected, all the others.

    Of each kind those come first that nobody's role bears yet.
    """
    return tuple(sorted(events, key=_rank))


def _rank(one: Explained) -> tuple[int, bool]:
    moves = bool(one.passages) or bool(getattr(one.event, "protected", False))
    return (0 if moves else 1 if is_protected(one) else 2), one.is_met
