"""What somebody's approval of a proposal counts for: of who lacks the role it is taken, and is nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from git_registry.catalog import proposals
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.foreseeing import Foreseen
from git_registry.catalog.judging.ruling import rules_at
from git_registry.catalog.proposals import Proposal
from git_registry.errors import RegistryError
from git_registry.policy import roles
from git_registry.policy.explaining import Explained, explain
from git_registry.policy.needs import Need, need
from git_registry.policy.roles import NOBODY, Held
from git_registry.policy.rules import Rules
from git_registry.repository import branches, remote


@dataclass(frozen=True, slots=True)
class Weight:
    """What an approval counts for.

    Attributes:
        lacking: what role they have instead of any that is asked for, `viewer of model`; empty if they have
            one, or nobody's approval is asked for.
        is_authors: does a gate ask that somebody else approves, as it is their own?
    """

    lacking: str = ""
    is_authors: bool = False


def weight(catalog: Catalog, proposal: Proposal, principal: str) -> Weight:
    """Return what it counts for that somebody approves a proposal, by the rules as they are.

    Where that can't be told nothing is held against it.
    """
    repository = catalog.repository
    tip = branches.published(repository, remote.default_branch(repository))
    if tip is None:
        return Weight()
    try:
        return _weight(catalog, proposal, principal, tip)
    except RegistryError:
        return Weight()


def _weight(catalog: Catalog, proposal: Proposal, principal: str, tip: str) -> Weight:
    rules, below = rules_at(catalog, tip), proposals.below(catalog.repository)
    foreseen = Foreseen(catalog, rules, tip, proposal.commit, catalog.clock(), proposals=below)
    evidence = [foreseen.evidence(proposal.owner)]
    explained = list(explain(rules, foreseen.events, *foreseen.step.snapshots, evidence))
    asked = list(dict.fromkeys(_asked(rules, explained, proposal.owner)))
    return Weight(
        lacking=""
        if any(_reaches(rules, principal, one) for one in asked)
        else _has(rules, principal, asked),
        is_authors=any(principal in passage.outcome.without for one in explained for passage in one.passages),
    )


def _asked(rules: Rules, events: Iterable[Explained], owner: str) -> Iterator[Need]:
    """Yield what approvals could bear: what its owner may not do, and what gates ask for."""
    for one in events:
        wanted = need(rules, one.event)
        if one.by != owner and wanted.role != NOBODY:
            yield wanted
        for passage in one.passages:
            if passage.outcome.by:
                yield Need(role=passage.outcome.by, registries=(passage.collection.partition("/")[0],))


def _held(rules: Rules, principal: str, wanted: Need) -> Iterator[tuple[str, Held]]:
    yield from ((one, roles.held(rules, principal, one)) for one in wanted.registries)
    if not wanted.registries:
        yield "the organization", roles.in_organization(rules, principal)


def _reaches(rules: Rules, principal: str, wanted: Need) -> bool:
    return all(held.reaches(wanted.role) for _, held in _held(rules, principal, wanted))


def _has(rules: Rules, principal: str, asked: Iterable[Need]) -> str:
    found = (pair for wanted in asked for pair in _held(rules, principal, wanted))
    return ", ".join(dict.fromkeys(f"{held} of {where}" for where, held in found))
