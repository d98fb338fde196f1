"""Approvals that refs hold: who gave one to a commit, and what it does as they saw it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import Commit, read_commit
from git_registry.catalog.judging.stepping import difference
from git_registry.catalog.review_refs import APPROVALS, PROPOSALS
from git_registry.errors import RegistryError
from git_registry.model.diff import meaning
from git_registry.model.diff.step import Step
from git_registry.model.events import Event
from git_registry.model.snapshot import Snapshot
from git_registry.policy import identities
from git_registry.policy.evidence import Approval
from git_registry.repository import history, listed
from git_registry.repository.objects import EMPTY_TREE
from git_registry.repository.repository import Repository

if TYPE_CHECKING:
    from git_registry.catalog.judging.standing import Standing


def by_ref(
    catalog: Catalog,
    commit: Commit,
    limits: Limits,
    proposals: str = PROPOSALS,
    then: Standing | None = None,
) -> Iterator[Approval]:
    """Yield the approvals of a commit, or of the proposal that it merges, while somebody proposes that.

    Nobody does if it was withdrawn, or amended: the proposal is another commit then. That whoever proposes it
    now did when it was approved is seen to where proposals are written: see `proposed_elsewhere`.

    Args:
        catalog: the repository.
        commit: the step that they could be about.
        limits: what is looked at.
        proposals: below which refs proposals are.
        then: the refs as they were, if it is not about now.
    """
    for seen in (commit.id, *commit.parents[1:2]):
        given = list(then.approvers(seen) if then else approvers(catalog.repository, seen))
        if not given:
            continue
        whose = frozenset(then.owners(seen)) if then else owners(catalog, seen, proposals)
        if not whose:
            continue
        try:
            # What they saw is the same for all of them.
            found = approval(catalog, "", seen, commit.parents[:1], limits)
        except RegistryError:
            continue  # a proposal that can't be read is one that nobody has seen
        yield from (replace(found, principal=one, owners=whose) for one in given)


def approvers(repository: Repository, seen: str) -> Iterator[str]:
    """Yield the principals who approved a commit."""
    yield from (principal for _, principal in approved(repository, f"*/{seen}"))


def approved(repository: Repository, pattern: str = "") -> Iterator[tuple[str, str]]:
    """Yield each approval, or those of which the rest of the ref fits: the commit, and who approved it."""
    for name, target in listed.matching(repository, f"{APPROVALS}{pattern}"):
        whose, _, seen = name.removeprefix(APPROVALS).partition("/")
        principal = identities.of_ref_name(whose)
        if target == seen and principal is not None:
            yield target, principal


def all_approvers(repository: Repository) -> dict[str, tuple[str, ...]]:
    """Return commit → who approved it, of all commits that anybody did."""
    found: dict[str, tuple[str, ...]] = {}
    for commit, principal in approved(repository):
        found[commit] = (*found.get(commit, ()), principal)
    return found


def approval(catalog: Catalog, principal: str, seen: str, onto: Sequence[str], limits: Limits) -> Approval:
    """Return what somebody approved who approved a commit, to be merged onto another.

    That is what it does since the last step of the other's line that it knows, and not what was merged there
    before. What a merge brought into that line besides was no step, and nobody saw it there: taken for the
    base alone, it would show the proposal undoing what only it had done.

    Raises:
        InvalidDocument: it changes too much to be looked at.
    """
    repository = catalog.repository
    bases = (
        {find(repository, onto[0], seen) for find in (history.fork, history.merge_base)} if onto else {None}
    )
    found = [_done(catalog, base, seen, limits) for base in bases]
    return Approval(
        principal=principal,
        events=frozenset.intersection(*(frozenset(events) for events, _ in found)),
        after=found[0][1],
    )


def _done(
    catalog: Catalog, base: str | None, seen: str, limits: Limits
) -> tuple[tuple[Event, ...], Snapshot]:
    """Return what a commit does since another, and the organization as it is there."""
    before = catalog.reader.root(base) if base else EMPTY_TREE
    step = difference(catalog, before, read_commit(catalog.reader, seen, limits).tree, limits)
    return meaning(Step(*step.snapshots, step.changes)).events, step.snapshots[1]


def owners(catalog: Catalog, commit: str, proposals: str = PROPOSALS) -> frozenset[str]:
    """Return whose proposals, of those below a prefix, are at a commit."""
    found = listed.pointing(catalog.repository, commit, proposals)
    names = (name.removeprefix(proposals).partition("/")[0] for name in found)
    return frozenset(filter(None, map(identities.of_ref_name, names)))
