"""What every event of one step is judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from git_registry.model.snapshot import Snapshot
from git_registry.policy.rules import Rules

if TYPE_CHECKING:
    from git_registry.policy.evidence import Evidence


class Case(NamedTuple):
    """One step of the default branch, and all there is to judge it by.

    Attributes:
        rules: those that held before the push, never any that come with it.
        before: the organization before the step, for gates.
        after: the organization after it, for gates and for what must hold of any.
        evidence: who, and whose approvals and signatures.
    """

    rules: Rules
    before: Snapshot
    after: Snapshot
    evidence: Evidence
