"""Approving a proposal where no forge keeps that: a ref of ours, at the commit that we saw (DESIGN §5)."""

from __future__ import annotations

from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.proposals import Proposal
from git_registry.repository import branches, remote
from git_registry.sdk.looked_at import seen
from git_registry.sdk.missing_blobs import tell_missing
from git_registry.sdk.opinions import reviewer, take_back, write
from git_registry.sdk.prospects import Prospect, prospect
from git_registry.sdk.weighing import Weight, weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """What became of an approval.

    Attributes:
        by: who approved.
        is_new: was it not approved by them before?
        is_settled: had they asked for changes of this commit, and do so no more?
        is_own: is the proposal their own?
        weight: what it counts for.
        prospect: what would become of the proposal now.
    """

    proposal: Proposal
    by: str
    is_new: bool
    is_settled: bool
    is_own: bool
    weight: Weight
    prospect: Prospect


def approve(catalog: Catalog, name: str, commit: str = "") -> Approved:
    """Approve a proposal at the commit that was seen; what we asked to be changed in it is settled then.

    Args:
        catalog: the clone.
        name: the proposal's.
        commit: the id of the commit that was seen; by default the one reviewed here.

    Raises:
        Conflict: the proposal is at another commit by now, or was not reviewed here: nothing is approved.
        NotFound: there is no such proposal.
        Refused: we approve nothing, or the remote does not take it.
        UsageError: who we are is not known.
    """
    who = reviewer(catalog)
    found = seen(catalog, name, commit)
    objections = who.objections(catalog, found)
    is_new = catalog.repository.ref(who.approval(found.commit)) is None
    write(catalog, {who.approval(found.commit): found.commit, **dict.fromkeys(objections)})
    foreseen = prospect(catalog, found)
    base = branches.published(catalog.repository, remote.default_branch(catalog.repository))
    if base is not None:
        tell_missing(catalog, base, found.commit, foreseen.events)
    return Approved(
        proposal=found,
        by=who.principal,
        is_new=is_new,
        is_settled=bool(objections),
        is_own=who.owns(found),
        weight=weight(catalog, found, who.principal),
        prospect=foreseen,
    )


def withdraw(catalog: Catalog, name: str) -> Proposal:
    """Take our approval of a proposal as it is back; return and raise as `take_back` does."""
    return take_back(catalog, name, lambda who, found: [who.approval(found.commit)], "has not approved it")
