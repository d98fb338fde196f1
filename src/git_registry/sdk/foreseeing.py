"""What merging a proposal into the default branch would do, by the rules that hold there."""

from __future__ import annotations

from git_registry.catalog import proposals
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.foreseeing import Foreseen
from git_registry.catalog.judging.ruling import rules_at
from git_registry.catalog.proposals import Proposal
from git_registry.policy.rules import Rules


def foreseen(catalog: Catalog, proposal: Proposal, tip: str, rules: Rules | None = None) -> Foreseen:
    """Return the step that merging a proposal would be.

    Args:
        catalog: the clone.
        proposal: one that was fetched.
        tip: the commit of the default branch that it would be merged into.
        rules: those at `tip`, if somebody has read them.

    Raises:
        UsageError: what is proposed is not fetched here.
    """
    rules = rules or rules_at(catalog, tip)
    below = proposals.below(catalog.repository)
    return Foreseen(catalog, rules, tip, proposal.commit, catalog.clock(), proposals=below)
