"""Approvals that are missing, in words."""

from __future__ import annotations

from collections.abc import Iterable

from git_registry.cli.sizes import counted
from git_registry.review.awaiting import Awaited, Missing

NOBODY = "nobody who is there"


def needed(missing: Iterable[Missing]) -> str:
    """Return what is missing in all: `approval by team:leads or user:ada, and 1 more approval by …`."""
    return ", and ".join(f"{amount(one, short=True)} by {' or '.join(one.who) or NOBODY}" for one in missing)


def amount(one: Missing | Awaited, *, short: bool = False) -> str:
    """Return how much is missing: `1 approval`, `2 more approvals`; `approval` alone where there is one."""
    if one.is_begun:
        return counted(one.more, "more approval")
    return "approval" if short and one.more == 1 else counted(one.more, "approval")
