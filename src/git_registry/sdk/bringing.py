"""What a proposal brings to the default branch: looked at, and within limits, before it is merged."""

from __future__ import annotations

from collections.abc import Mapping

from git_registry.catalog import pending
from git_registry.catalog.judging.foreseeing import Foreseen
from git_registry.catalog.judging.found import Found, misshapen
from git_registry.catalog.proposals import Proposal
from git_registry.catalog.publishing import destination
from git_registry.errors import Conflict, InvalidDocument
from git_registry.repository import history, remote
from git_registry.repository.objects import BlobId
from git_registry.repository.tips import BRANCHES
from git_registry.sdk.allowing import NotAllowed

Changes = Mapping[str, BlobId | None]
"""Path → the blob that comes there; None where a file goes."""

_DONE = "nothing is left to do; its owner removes it: `git registry propose --withdraw NAME`"


def require_unmerged(foreseen: Foreseen, proposal: Proposal) -> None:
    """Raise `Conflict` if the default branch holds a proposal already."""
    if history.is_ancestor(foreseen.catalog.repository, foreseen.head, foreseen.base):
        raise Conflict("it is merged already", where=proposal.name, hint=_DONE)


def brought(foreseen: Foreseen, proposal: Proposal, branch: str) -> Changes:
    """Return what merging a proposal changes on the default branch.

    Raises:
        Conflict: it changes nothing, or can't be merged as it is.
        NotAllowed: it changes more than a server looks at, or has trees that git does not write.
        Refused: it names blobs that wait here for the store.
    """
    changes, name = _changes(foreseen, proposal, branch), proposal.name
    if not changes:
        raise Conflict(f"there is nothing to merge: {branch} has all that it does", where=name, hint=_DONE)
    pending.require_none_in(foreseen.catalog.repository, changes)
    return changes


def _changes(foreseen: Foreseen, proposal: Proposal, branch: str) -> Changes:
    try:
        step = foreseen.step
    except Conflict as problem:
        raise Conflict(
            problem.message,
            where=proposal.name,
            hint=f"{proposal.owner} proposes it again, on what {branch} is by now: "
            "the same command with --propose, or `git rebase` and `git registry propose`",
        ) from None
    except InvalidDocument as problem:
        raise NotAllowed(
            "it may not be merged",
            where=proposal.name,
            hint=f"git registry review {proposal.name}",
            found=[Found(violation=misshapen(problem))],
        ) from None
    return {path: BlobId(now.id) if now else None for path, _, now in step.changes}


def require_standing(foreseen: Foreseen, proposal: Proposal, branch: str) -> None:
    """Raise `Conflict` if a proposal is at another commit on the remote by now, or there no more."""
    repository = foreseen.catalog.repository
    where = destination(repository, branch)
    if where is None:
        return
    now = remote.remote_tip(repository, where.remote, BRANCHES + proposal.branch)
    if now != proposal.commit:
        raise Conflict(
            "it was amended meanwhile" if now else "it was withdrawn meanwhile",
            where=proposal.name,
            hint=f"git registry review {proposal.name}" if now else "",
        )
