"""What is wrong with a push, and where."""

from __future__ import annotations

from typing import NamedTuple

from git_registry.errors import InvalidDocument, RegistryError
from git_registry.policy.verdict import Verdict, Violation


class Found(NamedTuple):
    """One thing that is wrong.

    Attributes:
        violation: what.
        ref: the ref it would come to, a full name.
        commit: the step that does it; empty if it is no step's.
    """

    violation: Violation
    ref: str = ""
    commit: str = ""


def misshapen(problem: RegistryError) -> Violation:
    """Return what doesn't follow the format, or goes beyond a limit, as a violation."""
    rule = "format" if isinstance(problem, InvalidDocument) else problem.kind
    return Violation(rule=rule, message=problem.message, path=problem.where, hint=problem.hint)


def verdict(found: tuple[Found, ...]) -> Verdict:
    """Return the verdict on all that was found."""
    return Verdict(tuple(one.violation for one in found))
