"""Proposing what was done here, or what a verb is about to do (DESIGN §6)."""

from __future__ import annotations

from dataclasses import dataclass

from git_registry.catalog import pending, proposals
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.proposals import Proposal
from git_registry.catalog.proposing import Placed, name_of, owner, put
from git_registry.errors import Conflict, Refused, UsageError
from git_registry.repository import branches, history, remote
from git_registry.repository.adopt import adopt
from git_registry.repository.refs import RefMoved
from git_registry.repository.tips import BRANCHES


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What became of a proposal.

    Attributes:
        placed: where it is.
        base: the commit of the default branch that it is held against; None if there is none yet.
        went_back: is the default branch here what was published again?
    """

    placed: Placed
    base: str | None
    went_back: bool = False


def begin(catalog: Catalog, name: str = "") -> Catalog:
    """Return the clone as it is published now; what is committed to it is proposed.

    Raises:
        NetworkError: the remote can't be reached.
        UsageError: who we are is not known.
    """
    owner(catalog)  # asked before anything is fetched, or uploaded
    proposals.refresh(catalog)
    return catalog.proposing(name)


def propose(catalog: Catalog, name: str = "", *, keep: bool = False) -> Proposed:
    """Propose what was committed here and nobody published.

    On the default branch that is all it has of its own: it goes back to what is published, as the change is
    on the proposal now. On any other branch it is that branch.

    Args:
        catalog: the clone.
        name: what it is called; by default as the branch is, or by what it does.
        keep: shall the default branch here keep the commits?

    Raises:
        Refused: the remote does not take it; or it names blobs that wait here for the store.
        UsageError: there is nothing to propose.
    """
    owner(catalog)
    proposals.refresh(catalog)
    repository, branch = catalog.repository, catalog.written_branch()
    default = remote.default_branch(repository)
    tip, base = repository.branch(branch), branches.published(repository, default)
    if tip is None or (base is not None and history.is_ancestor(repository, tip, base)):
        raise UsageError(
            "there is nothing here that is not published",
            where=branch,
            hint="`git registry promote … --propose` proposes without committing here",
        )
    pending.require_none(repository, tip, since=base)
    placed = put(catalog, name or _name(catalog, branch, tip, default), tip)
    went_back = branch == default and base is not None and not keep and _go_back(catalog, default, tip, base)
    return Proposed(placed=placed, base=base, went_back=went_back)


def withdraw(catalog: Catalog, name: str) -> Proposal:
    """Remove one of our own proposals; return what it was.

    Raises:
        NotFound: there is none of that name.
        Refused: the remote does not take it: it is somebody else's.
        Conflict: it was amended meanwhile.
    """
    proposals.refresh(catalog)
    repository = catalog.repository
    found = proposals.find(repository, name)
    remove(catalog, found)
    return found


def remove(catalog: Catalog, proposal: Proposal) -> None:
    """Remove a proposal where it is published, unless it is at another commit by now; raise as `withdraw`."""
    repository = catalog.repository
    where, ref = remote.destination(repository, remote.default_branch(repository)), BRANCHES + proposal.branch
    if where is None:
        done = repository.git("update-ref", "-d", ref, proposal.commit, check=False)
        if done.code != 0:
            raise Conflict("the proposal was amended meanwhile", where=proposal.name)
        return
    pushed = remote.push(repository, where.remote, [f":{ref}"], expect={ref: proposal.commit})
    if pushed.refused:
        raise Refused(f"{pushed.refuser} refused to remove it", where=proposal.name, hint=pushed.said)
    if not pushed.ok:
        raise Conflict("the proposal was amended meanwhile", where=proposal.name)


def _name(catalog: Catalog, branch: str, tip: str, default: str) -> str:
    own = f"proposals/{owner(catalog)}/"
    if branch != default:
        return branch.removeprefix(own)
    step = next(history.steps(catalog.repository, tip, oldest_first=False, with_changes=False))
    return name_of(step.message)


def _go_back(catalog: Catalog, branch: str, tip: str, base: str) -> bool:
    """Bring the default branch back to what is published, unless it moved or a local edit is in the way."""

    def choose(now: str | None) -> str:
        if now != tip:
            raise RefMoved(BRANCHES + branch, now)
        return base

    try:
        adopt(catalog.repository, branch, choose, reason="registry: what was here is proposed")
    except Conflict as problem:
        catalog.notify(f"proposed; {branch} here still holds it: {problem}")
        return False
    return True
