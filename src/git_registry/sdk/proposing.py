"""Proposing what was done here, or what a verb is about to do (DESIGN §6)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from git_registry.catalog import pending, proposals
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.oneself import require
from git_registry.catalog.proposals import Proposal
from git_registry.catalog.proposing import Placed, name_of, named, owner, put, require_registries
from git_registry.errors import Conflict, NetworkError, Refused, UsageError
from git_registry.model.diff import diff
from git_registry.model.events import Event
from git_registry.model.layout import PROJECTS
from git_registry.model.snapshot import Snapshot
from git_registry.repository import branches, history, remote
from git_registry.repository.adopt import adopt
from git_registry.repository.refs import RefMoved
from git_registry.repository.tips import BRANCHES


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What became of a proposal.

    Attributes:
        placed: where it is.
        base: the commit of the default branch that it is held against.
        events: what it does to what it was cut from.
        went_back: is the default branch here what was published again?
    """

    placed: Placed
    base: str
    events: tuple[Event, ...] = ()
    went_back: bool = False


def begin(catalog: Catalog, name: str = "") -> Catalog:
    """Return the clone as it is published now; what is committed to it is proposed.

    Raises:
        NetworkError: the remote can't be reached.
        UsageError: who we are is not known, no proposal may be called that, or nothing is published yet.
    """
    owner(catalog)  # asked before anything is fetched, or uploaded
    if name:
        named(catalog, name)
    default = remote.default_branch(catalog.repository)
    try:
        proposals.refresh(catalog)
    except NetworkError as problem:
        if _NO_SUCH_REF not in problem.message:
            raise
        raise _unpublished(default) from None
    if branches.published(catalog.repository, default) is None:
        raise _unpublished(default)
    return catalog.proposing(name)


_NO_SUCH_REF = "couldn't find remote ref"
"""What git says of a branch that a remote lacks."""


def _unpublished(default: str) -> UsageError:
    return UsageError(
        "nothing is published yet that it could be merged into",
        where=default,
        hint="`git registry sync` publishes what is here",
    )


def waiting(catalog: Catalog) -> str | None:
    """Return the branch here if it has commits that nobody published: only `propose` proposes those."""
    repository = catalog.repository
    base = branches.published(repository, remote.default_branch(repository))
    here = repository.current_branch()
    tip = repository.branch(here) if here and not here.startswith(PROJECTS) else None
    return here if base and tip and not history.is_ancestor(repository, tip, base) else None


def propose(catalog: Catalog, name: str = "", *, keep: bool = False) -> Proposed:
    """Propose what was committed here and nobody published.

    On the default branch that is all it has of its own: it goes back to what is published, as the change is
    on the proposal now. On any other branch it is that branch. Where neither has anything, it is the
    proposal of this name that was kept here.

    Args:
        catalog: the clone.
        name: what it is called; by default as the branch is, or by what it does.
        keep: shall the default branch here keep the commits?

    Raises:
        Refused: the remote does not take it; or it names blobs that wait here for the store.
        UsageError: there is nothing to propose, or who we are is not known.
    """
    begin(catalog, name)
    source = _source(catalog, name)
    repository, base, tip = catalog.repository, source.base, source.tip
    pending.require_none(repository, tip, since=base)
    placed = put(catalog, name or _name(catalog, source), tip)
    done = Proposed(placed=placed, base=base, events=tuple(_events(catalog, source)))
    if source.branch != source.default or keep:
        return done
    return replace(done, went_back=_go_back(catalog, source.branch, tip, base))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What is to be proposed: a branch here that is ahead of what is published."""

    branch: str
    tip: str
    default: str
    base: str


def _source(catalog: Catalog, name: str) -> _Source:
    repository = catalog.repository
    default = remote.default_branch(repository)
    base = branches.published(repository, default)
    assert base is not None
    kept = (named(catalog, name),) if name else ()
    here = catalog.written_branch()
    require_registries(here)
    for branch in (here, *kept):
        tip = repository.branch(branch)
        if tip is not None and not history.is_ancestor(repository, tip, base):
            return _Source(branch=branch, tip=tip, default=default, base=base)
    raise UsageError(
        "there is nothing here that is not published",
        where=here,
        hint="`git registry promote … --propose` proposes without committing here",
    )


def _events(catalog: Catalog, source: _Source) -> tuple[Event, ...]:
    start = history.merge_base(catalog.repository, source.base, source.tip)
    before = Snapshot(catalog.tree(start)) if start else None
    return diff(before, Snapshot(catalog.tree(source.tip)))


def withdraw(catalog: Catalog, name: str) -> Proposal:
    """Remove a proposal, our own of this name if there is one; return what it was.

    An organization admin removes anybody's, as the server has it: `bob/promote-churn`.

    Raises:
        NotFound: there is none of that name.
        Refused: it is somebody else's, and we are no organization admin.
        Conflict: it was amended meanwhile.
        UsageError: two people have one of that name, or who we are is not known.
    """
    proposals.refresh(catalog)
    repository = catalog.repository
    own = f"{owner(catalog)}/{name}"
    found = next((one for one in proposals.proposals(repository) if one.name == own), None)
    found = found or proposals.find(repository, name)
    _require_removable(catalog, found)
    remove(catalog, found)
    return found


def _require_removable(catalog: Catalog, proposal: Proposal) -> None:
    principal = require(catalog)
    if proposal.owner == principal:
        return
    from git_registry.sdk.allowing import may_remove  # who withdraws their own asks no rules

    there = catalog.proposing()
    if not may_remove(there, proposal, principal, there.tip()):
        raise Refused(
            f"it is {proposal.owner}'s; you are {principal}",
            where=proposal.name,
            hint="its owner withdraws it, or an organization admin",
        )


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


def _name(catalog: Catalog, source: _Source) -> str:
    if source.branch != source.default:
        return source.branch
    step = next(history.steps(catalog.repository, source.tip, oldest_first=False, with_changes=False))
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
