"""What can't be merged as it is: there is nothing to judge yet."""

from __future__ import annotations

from git_registry.sdk.reviewing import Conflicting
from git_registry.wording.verdict import subject


def headline(conflict: Conflicting, number: str = "") -> str:
    """Return what is the matter, in a sentence; `number` is what a forge calls it, if somebody says."""
    return f"{subject(number, conflict.proposal)} conflicts with what is published: {next_step(conflict)}"


def next_step(conflict: Conflicting) -> str:
    """Return what is to be done about it."""
    if conflict.proposal:
        return "propose it again, by the command that proposed it"
    return "merge what is published into it, or make the change again, and push"
