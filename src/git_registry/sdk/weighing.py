"""What somebody's approval of a proposal counts for: of who lacks the role it is taken, and is nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.foreseeing import Foreseen
from git_registry.catalog.proposals import Proposal
from git_registry.errors import RegistryError
from git_registry.model.events import Event
from git_registry.policy import roles
from git_registry.policy.coverage import covering
from git_registry.policy.explaining import Explained, explain
from git_registry.policy.needs import Need, need
from git_registry.policy.roles import NOBODY, Held
from git_registry.policy.rules import Rules
from git_registry.repository import branches, remote
from git_registry.sdk.foreseeing import foreseen


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
    merge = foreseen(catalog, proposal, tip)
    rules, evidence = merge.rules, [merge.evidence(proposal.owner)]
    explained = list(explain(rules, merge.events, *merge.step.snapshots, evidence))
    asked = list(dict.fromkeys(_asked(rules, explained, proposal.owner)))
    return Weight(
        lacking=""
        if any(_reaches(rules, principal, one) for one in asked)
        else _has(rules, principal, asked),
        is_authors=any(
            principal in passage.outcome.without.difference(passage.outcome.given)
            for one in explained
            for passage in one.passages
        ),
    )


def counted(merge: Foreseen, merger: str) -> tuple[str, ...]:
    """Return whose approvals count for something that a merge does, sorted.

    An approval is looked at as the rules look at it: it stands when the merge is made, at that very commit,
    and while it is proposed (`judging.approving.by_ref`). It counts if it covers an event, and who gave it
    has the role which that takes, or is one of those whom a gate counts; needed or not.

    Args:
        merge: what it does.
        merger: who makes it: some gates don't count theirs.
    """
    evidence, rules = merge.evidence(merger), merge.rules
    before, after = merge.step.snapshots
    found: set[str] = set()
    for one in explain(rules, merge.events, before, after, [evidence]):
        givers = {given.principal for given in covering(evidence.approvals(), one.event, after)}
        found.update(giver for giver in givers if _may(rules, giver, one.event))
        found.update(giver for passage in one.passages for giver in passage.outcome.given)
    return tuple(sorted(found))


def _may(rules: Rules, principal: str, event: Event) -> bool:
    try:
        return principal.startswith("user:") and _reaches(rules, principal, need(rules, event))
    except RegistryError:
        return False  # whoever judges says why


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
