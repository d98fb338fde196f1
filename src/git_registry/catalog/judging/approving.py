"""Approvals that refs hold: who gave one to a commit, and what it does as they saw it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import Commit, read_commit
from git_registry.catalog.judging.stepping import difference
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

APPROVALS = "refs/approvals/"
PROPOSALS = "refs/heads/proposals/"


def by_ref(catalog: Catalog, commit: Commit, limits: Limits) -> Iterator[Approval]:
    """Yield the approvals of a commit, or of the proposal that it merges."""
    for seen in (commit.id, *commit.parents[1:2]):
        for owner in _approvers(catalog.repository, seen):
            principal = identities.of_ref_name(owner)
            if principal is not None:
                try:
                    yield approval(catalog, principal, seen, commit.parents[:1], limits)
                except RegistryError:
                    continue  # a proposal that can't be read is one that nobody has seen


def _approvers(repository: Repository, seen: str) -> Iterator[str]:
    for name, target in listed.matching(repository, f"{APPROVALS}*/{seen}"):
        if target == seen:
            yield name.removeprefix(APPROVALS).partition("/")[0]


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
    events, after = found[0]
    return Approval(
        principal=principal,
        commit=seen,
        events=tuple(one for one in events if all(one in others for others, _ in found)),
        after=after,
        owners=owners(catalog, seen),
    )


def _done(
    catalog: Catalog, base: str | None, seen: str, limits: Limits
) -> tuple[tuple[Event, ...], Snapshot]:
    """Return what a commit does since another, and the organization as it is there."""
    before = catalog.reader.root(base) if base else EMPTY_TREE
    step = difference(catalog, before, read_commit(catalog.reader, seen, limits).tree, limits)
    return meaning(Step(*step.snapshots, step.changes)).events, step.snapshots[1]


def owners(catalog: Catalog, commit: str) -> frozenset[str]:
    """Return whose proposals are at a commit."""
    found = listed.pointing(catalog.repository, commit, PROPOSALS)
    names = (name.removeprefix(PROPOSALS).partition("/")[0] for name in found)
    return frozenset(filter(None, map(identities.of_ref_name, names)))
