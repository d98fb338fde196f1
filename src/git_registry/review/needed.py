"""Approvals that are missing, in words: the same ones in a review, a list, advice and a refused merge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from git_registry.review.awaiting import Awaited, Missing

NOBODY = "nobody who is there"


def needed(missing: Iterable[Missing], *, named: int | None = None) -> str:
    """Return what is missing in all: `approval by team:leads or user:ada, and 1 more approval by …`.

    Args:
        missing: what is.
        named: how many of those are named who could give one; None for all.
    """
    return ", and ".join(f"{_briefly(one)} by {either(one.who, named)}" for one in missing)


def amount(one: Missing | Awaited) -> str:
    """Return how much is missing: `1 approval`, `2 more approvals`."""
    more = "more " if one.is_begun else ""
    return f"{one.more:,} {more}approval{'' if one.more == 1 else 's'}"


def either(who: Sequence[str], named: int | None = None) -> str:
    """Return `team:leads or user:ada`; of many, as many as are `named` and how many more there are."""
    shown = list(who[:named])
    more = [f"{len(who) - len(shown)} more"] if len(who) > len(shown) else []
    return " or ".join([*shown, *more]) or NOBODY


def _briefly(one: Missing) -> str:
    """Return how much is missing: `approval` alone where there is one."""
    return "approval" if one.more == 1 and not one.is_begun else amount(one)
