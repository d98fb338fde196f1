"""Which proposals were reviewed in this clone, and at which commit: that is what `approve` approves."""

from __future__ import annotations

from git_registry.catalog import proposals
from git_registry.catalog.catalog import Catalog, Reach
from git_registry.catalog.proposals import Proposal
from git_registry.catalog.review_refs import REVIEWED
from git_registry.repository import listed


def remember(catalog: Catalog, proposal: Proposal) -> None:
    """Note that a review of a proposal, at its commit, was shown here. No remote is told.

    Of proposals that are gone nothing is kept. A URL has no clone that could remember it.
    """
    if catalog.reach is Reach.PUBLISHED:
        return
    repository = catalog.repository
    there = {one.name for one in proposals.proposals(repository)}
    known = (ref for ref, _ in listed.matching(repository, REVIEWED))
    gone = "".join(f"delete {ref}\n" for ref in known if ref.removeprefix(REVIEWED) not in there)
    # First these: `bob/x` that is gone would be in the way of `bob/x/y`.
    for lines in filter(None, (gone, f"update {REVIEWED}{proposal.name} {proposal.commit}\n")):
        done = repository.git("update-ref", "--stdin", input=lines.encode(), check=False)
    if done.code != 0:
        catalog.notify(f"that you reviewed {proposal.name} could not be noted here: approve it with --commit")


def commit_of(catalog: Catalog, proposal: Proposal) -> str | None:
    """Return the commit at which a proposal was last reviewed here; None if it never was."""
    return catalog.repository.ref(f"{REVIEWED}{proposal.name}")
