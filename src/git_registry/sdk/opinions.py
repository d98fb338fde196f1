"""What we say of somebody's proposal, in refs that only we write: to what we have seen, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from git_registry.catalog import past, proposals
from git_registry.catalog.catalog import Catalog, Reach
from git_registry.catalog.oneself import myself
from git_registry.catalog.proposals import Proposal
from git_registry.catalog.review_refs import APPROVALS, OBJECTIONS
from git_registry.errors import Conflict, Refused, UsageError
from git_registry.policy import identities
from git_registry.repository import remote
from git_registry.repository.objects import NOTHING
from git_registry.sdk.looked_at import commit_of

_SHORTEST = 4
"""Digits of a commit's id that name it."""


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

    def owns(self, proposal: Proposal) -> bool:
        """Is it their own?"""
        return proposal.owner == self.principal


def reviewer(catalog: Catalog) -> Reviewer:
    """Return who we are.

    Raises:
        Refused: who that is approves nothing.
        UsageError: who we are is not known.
    """
    principal = myself(catalog)
    if principal is None:
        raise UsageError("who you are here is not known", hint="git config registry.user user:NAME")
    name = identities.ref_name(principal)
    if name is None or not principal.startswith("user:"):
        raise Refused(
            f"{principal} approves nothing and asks for nothing: users do",
            where="registry.user",
            hint="git config registry.user user:NAME",
        )
    return Reviewer(principal, name)


def seen(catalog: Catalog, name: str, commit: str = "") -> Proposal:
    """Return a proposal that is at the commit which was seen: the one reviewed here, or the one named.

    What is under review is fetched, so that it is the one the remote has now.

    Args:
        catalog: the clone.
        name: the proposal's.
        commit: the beginning of the commit's id, as the reviewer read it; empty for what
            `git registry review` showed in this clone.

    Raises:
        Conflict: it is at another commit by now, or was not reviewed here.
        NotFound: there is no such proposal.
        UsageError: a commit has to be named, or what names it is none.
    """
    _require_digits(catalog, commit)
    proposals.refresh(catalog)
    past.require_whole(catalog)
    found = proposals.find(catalog.repository, name)
    if commit:
        if not found.commit.startswith(commit):
            raise _other(found, f"it is at {found.commit[:8]}, not at {commit[:8]}")
        return found
    known = commit_of(catalog, found)
    if known is None:
        raise _other(found, "you have not reviewed it here")
    if found.commit != known:
        raise _other(found, f"it was amended since you reviewed it at {known[:8]}")
    return found


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


def _elsewhere(where: str) -> Conflict:
    return Conflict("you said something else there meanwhile", where=where, hint="look at it, and try again")


def _require_digits(catalog: Catalog, commit: str) -> None:
    if commit and (len(commit) < _SHORTEST or not set(commit) <= set("0123456789abcdef")):
        raise UsageError(
            f"{commit!r} is no commit's id", where="--commit", hint="at least 4 of its digits, as shown"
        )
    if not commit and catalog.reach is Reach.PUBLISHED:
        raise UsageError(
            "which commit you have seen is not known: a URL is read as it is now",
            where="--commit",
            hint="--commit ID, as `git registry review` shows it",
        )


def _other(proposal: Proposal, why: str) -> Conflict:
    return Conflict(
        f"{why}; nothing was said of it",
        where=proposal.name,
        hint=f"git registry review {proposal.name}",
    )
