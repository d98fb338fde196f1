"""What a repository knows of a step besides what it changes: approvals, signatures, what an alias held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import Commit, read_commit
from git_registry.catalog.judging.stepping import difference
from git_registry.errors import RegistryError
from git_registry.model import layout
from git_registry.model.diff import meaning
from git_registry.model.diff.step import Step
from git_registry.model.snapshot import Snapshot
from git_registry.policy import identities
from git_registry.policy.evidence import Approval
from git_registry.repository import history, listed, signatures
from git_registry.repository.objects import EMPTY_TREE

APPROVALS = "refs/approvals/"
PROPOSALS = "refs/heads/proposals/"


@dataclass(frozen=True)
class Gathered:
    """Evidence about one step, read from the repository when it is asked for; see `policy.evidence`.

    Attributes:
        told: approvals that somebody else vouches for, by principal: a forge's, which a check was told of.
        by_refs: do approvals count that refs hold? Not where nobody judges who writes those.
    """

    catalog: Catalog
    commit: Commit | None
    principal: str | None
    now: datetime
    limits: Limits
    forge: bool = False
    told: tuple[Approval, ...] = ()
    by_refs: bool = True

    def approvals(self) -> Sequence[Approval]:
        """See `policy.evidence.Evidence`."""
        return self._approvals

    @cached_property
    def _approvals(self) -> tuple[Approval, ...]:
        return (*self.told, *(self._by_ref() if self.by_refs else ()))

    def _by_ref(self) -> Iterator[Approval]:
        if self.commit is None:
            return
        # What was seen is the commit itself, or the proposal that it merges.
        for seen in (self.commit.id, *self.commit.parents[1:2]):
            for owner in self._approvers(seen):
                principal = identities.of_ref_name(owner)
                if principal is not None:
                    try:
                        yield approval(self.catalog, principal, seen, self.commit.parents[:1], self.limits)
                    except RegistryError:
                        continue  # a proposal that can't be read is one that nobody has seen

    def _approvers(self, seen: str) -> Iterator[str]:
        repository = self.catalog.repository
        for name, target in listed.matching(repository, f"{APPROVALS}*/{seen}"):
            if target == seen:
                yield name.removeprefix(APPROVALS).partition("/")[0]

    def signing_key(self) -> str | None:
        """See `policy.evidence.Evidence`."""
        return signatures.ssh_key(self.commit.text) if self.commit else None

    def previous(self, collection: str, alias: str) -> str | None:
        """See `policy.evidence.Evidence`."""
        if self.commit is None or not self.commit.parents:
            return None
        path = layout.alias_path(collection, alias)
        moved = next(
            history.steps(
                self.catalog.repository,
                self.commit.parents[0],
                paths=(path,),
                oldest_first=False,
                with_changes=False,
            ),
            None,
        )
        if moved is None or not moved.parents:
            return None
        try:
            return Snapshot(self.catalog.tree(moved.parents[0])).alias(collection, alias)
        except RegistryError:
            return None


def approval(catalog: Catalog, principal: str, seen: str, onto: Sequence[str], limits: Limits) -> Approval:
    """Return what somebody approved who approved a commit, to be merged onto another.

    Raises:
        InvalidDocument: it changes too much to be looked at.
    """
    reader = catalog.reader
    base = history.merge_base(catalog.repository, onto[0], seen) if onto else None
    before = reader.root(base) if base else EMPTY_TREE
    step = difference(catalog, before, read_commit(reader, seen, limits).tree, limits)
    found = meaning(Step(*step.snapshots, step.changes))
    return Approval(
        principal=principal,
        commit=seen,
        events=found.events,
        after=step.snapshots[1],
        owners=owners(catalog, seen),
    )


def owners(catalog: Catalog, commit: str) -> frozenset[str]:
    """Return whose proposals are at a commit."""
    found = listed.pointing(catalog.repository, commit, PROPOSALS)
    names = (name.removeprefix(PROPOSALS).partition("/")[0] for name in found)
    return frozenset(filter(None, map(identities.of_ref_name, names)))
