"""What we say of somebody's proposal, in refs that only we write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from git_registry.catalog import objections, proposals
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.oneself import require
from git_registry.catalog.proposals import Proposal
from git_registry.catalog.review_refs import APPROVALS, OBJECTIONS
from git_registry.errors import Conflict, NotFound, Refused
from git_registry.policy import identities
from git_registry.repository import remote
from git_registry.repository.objects import NOTHING


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who says something of a proposal.

    Attributes:
        principal: `user:alice`.
        name: how they are written in refs.
    """

    principal: str
    name: str

    def approval(self, commit: str) -> str:
        """Return the ref that says that they approve a commit."""
        return f"{APPROVALS}{self.name}/{commit}"

    def objection(self, commit: str) -> str:
        """Return the ref that says what they ask for in place of a commit."""
        return f"{OBJECTIONS}{self.name}/{commit}"

    def objections(self, catalog: Catalog, proposal: Proposal) -> tuple[str, ...]:
        """Return the refs that say what they ask for in a proposal as it is."""
        asked = objections.objections(catalog, proposal.commit)
        mine = (one for one in asked if one.principal == self.principal)
        return tuple(self.objection(one.earlier or proposal.commit) for one in mine)

    def owns(self, proposal: Proposal) -> bool:
        """Is it their own?"""
        return proposal.owner == self.principal


def reviewer(catalog: Catalog) -> Reviewer:
    """Return who we are.

    Raises:
        Refused: who that is approves nothing.
        UsageError: who we are is not known.
    """
    principal = require(catalog)
    name = identities.ref_name(principal)
    if name is None or not principal.startswith("user:"):
        raise Refused(
            f"{principal} approves nothing and asks for nothing: users do",
            where="registry.user",
            hint="git config registry.user user:NAME",
        )
    return Reviewer(principal, name)


def write(catalog: Catalog, moved: Mapping[str, str | None]) -> bool:
    """Have refs of ours hold commits, or be gone where that is None, all of them or none; was there any need?

    Raises:
        Conflict: another clone of ours wrote them meanwhile.
        Refused: the remote does not take it.
    """
    repository = catalog.repository
    held = {ref: repository.ref(ref) for ref in moved}
    wanted = {ref: commit for ref, commit in moved.items() if held[ref] != commit}
    if not wanted:
        return False
    where = remote.destination(repository, remote.default_branch(repository))
    if where is not None:
        done = remote.push(
            repository,
            where.remote,
            [f"{commit or ''}:{ref}" for ref, commit in wanted.items()],
            expect={ref: held[ref] for ref in wanted},
            atomic=len(wanted) > 1,
        )
        if done.refused:
            raise Refused(f"{done.refuser} refused it; nothing was said", where=where.remote, hint=done.said)
        if not done.ok:
            raise _elsewhere(where.remote)
    lines = (f"update {ref} {commit or NOTHING} {held[ref] or NOTHING}\n" for ref, commit in wanted.items())
    here = repository.git("update-ref", "--stdin", input="".join(lines).encode(), check=False)
    if where is None and here.code != 0:
        raise _elsewhere(str(repository.gitdir))
    return True


def take_back(
    catalog: Catalog, name: str, refs: Callable[[Reviewer, Proposal], Iterable[str]], nothing: str
) -> Proposal:
    """Remove what we said of a proposal as it is now; return the proposal.

    Args:
        catalog: the clone.
        name: the proposal's.
        refs: gives the refs that hold it.
        nothing: what is said of us if there are none.

    Raises:
        NotFound: there is no such proposal, or we said nothing of it.
        Refused: the remote does not take it.
        UsageError: who we are is not known.
    """
    who = reviewer(catalog)
    proposals.refresh(catalog)
    found = proposals.find(catalog.repository, name)
    if not write(catalog, dict.fromkeys(refs(who, found))):
        raise NotFound(f"{who.principal} {nothing} at {found.commit[:8]}", where=found.name)
    return found


def _elsewhere(where: str) -> Conflict:
    return Conflict("you said something else there meanwhile", where=where, hint="look at it, and try again")
