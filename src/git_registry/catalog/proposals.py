"""What is under review: proposals, who approved them and who asks for changes, as last fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.approving import approvers
from git_registry.catalog.review_refs import APPROVALS, OBJECTIONS, PROPOSALS
from git_registry.errors import NotFound, UsageError
from git_registry.policy import identities
from git_registry.repository import listed, remote
from git_registry.repository.repository import Repository
from git_registry.repository.tips import BRANCHES

__all__ = ["Objection", "Proposal", "approvers", "below", "find", "objections", "proposals", "refresh"]

_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One that waits, or waited, for review.

    Attributes:
        name: `bob/promote-churn`.
        owner: the principal whose it is.
        commit: what it is at.
    """

    name: str
    owner: str
    commit: str

    @property
    def branch(self) -> str:
        """Return its branch's short name, where it is published."""
        return f"{PROPOSALS.removeprefix(BRANCHES)}{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Somebody asks for changes of one commit, and in what words."""

    principal: str
    text: str


def refresh(catalog: Catalog) -> None:
    """Fetch what is under review, and the default branch; nothing where there is no remote.

    Approvals are mirrored here under their own names; who clears one away there has it gone here, too.

    Raises:
        NetworkError: the remote can't be reached.
    """
    repository = catalog.repository
    found = remote.destination(repository, remote.default_branch(repository))
    if found is None:
        return
    reviewed = f"+{PROPOSALS}*:{below(repository)}*"
    mirrored = [f"+{one}*:{one}*" for one in (APPROVALS, OBJECTIONS)]
    default = [f"+{found.ref}:{found.tracking}"] if found.tracking else []
    remote.fetch(repository, found.remote, [*default, reviewed, *mirrored], options=("--prune",))


def below(repository: Repository) -> str:
    """Return what the names of the refs begin with that hold proposals; of a remote, those fetched."""
    found = remote.destination(repository, remote.default_branch(repository))
    if found is None:
        return PROPOSALS
    tracking = remote.tracking(repository, found.remote, f"{PROPOSALS}x")
    if tracking is None:
        raise UsageError(
            f"what {found.remote} has on branches is not fetched, proposals neither",
            where=f"remote.{found.remote}.fetch",
            hint=f"git config --add remote.{found.remote}.fetch "
            f"'+refs/heads/*:refs/remotes/{found.remote}/*'",
        )
    return tracking.removesuffix("x")


def proposals(repository: Repository) -> Iterator[Proposal]:
    """Yield all that is proposed, by name."""
    start = below(repository)
    for ref, commit in listed.matching(repository, start):
        name = ref.removeprefix(start)
        owner = identities.of_ref_name(name.partition("/")[0])
        if owner is not None:
            yield Proposal(name=name, owner=owner, commit=commit)


def find(repository: Repository, name: str) -> Proposal:
    """Return the proposal of this name: `bob/promote-churn`, or what comes after the slash if one has that.

    Raises:
        NotFound: there is none.
        UsageError: two people have one of that name.
    """
    wanted = name.removeprefix(BRANCHES).removeprefix(PROPOSALS.removeprefix(BRANCHES))
    every = list(proposals(repository))
    found = [one for one in every if one.name == wanted] or [
        one for one in every if one.name.partition("/")[2] == wanted
    ]
    if len(found) > 1:
        raise UsageError(f"{' and '.join(one.name for one in found)} are called that", where=name)
    if not found:
        raise NotFound(
            "there is no such proposal",
            where=name,
            hint=f"there are {', '.join(one.name for one in every[:_NAMED])}" if every else "there are none",
        )
    return found[0]


def objections(catalog: Catalog, commit: str) -> Iterator[Objection]:
    """Yield who asks for changes of a commit."""
    for ref, target in listed.matching(catalog.repository, f"{OBJECTIONS}*/{commit}"):
        principal = identities.of_ref_name(ref.removeprefix(OBJECTIONS).partition("/")[0])
        if principal is not None:
            yield Objection(principal=principal, text=_text(catalog, target))


def _text(catalog: Catalog, commit: str) -> str:
    raw = catalog.repository.git("log", "-1", "--format=%B", commit, "--", check=False)
    return raw.text.strip()
