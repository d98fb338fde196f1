"""What is under review, and who approved it, as last fetched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.approving import all_approvers, approvers
from git_registry.catalog.review_refs import APPROVALS, OBJECTIONS, PROPOSALS
from git_registry.errors import NotFound, UsageError
from git_registry.model.proposal import proposal
from git_registry.policy import identities
from git_registry.repository import branches, history, listed, remote
from git_registry.repository.repository import Repository
from git_registry.repository.tips import BRANCHES
from git_registry.repository.upstream import Upstream

__all__ = [
    "Proposal",
    "all_approvers",
    "approvers",
    "below",
    "dated",
    "find",
    "merged",
    "proposals",
    "refresh",
]

_NAMED = 5

_LOOKED_BACK = 1_000
"""Steps of the default branch that are asked for the merge of a proposal."""


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


def refresh(catalog: Catalog) -> None:
    """Fetch what is under review, and the default branch; nothing where there is no remote.

    Approvals are mirrored here under their own names; who clears one away there has it gone here, too.

    Raises:
        NetworkError: the remote can't be reached.
    """
    repository = catalog.repository
    found = _followed(repository)
    if found is None:
        return
    reviewed = f"+{PROPOSALS}*:{below(repository)}*"
    mirrored = [f"+{one}*:{one}*" for one in (APPROVALS, OBJECTIONS)]
    default = [f"+{found.ref}:{found.tracking}"] if found.tracking else []
    remote.fetch(repository, found.remote, [*default, reviewed, *mirrored], options=("--prune",))


def below(repository: Repository) -> str:
    """Return what the names of the refs begin with that hold proposals; of a remote, those fetched."""
    found = _followed(repository)
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


def _followed(repository: Repository) -> Upstream | None:
    """Return where proposals are fetched from; None where there is no remote, or this is a server's own.

    A bare repository that remembers nothing of its remote's branches is one: people push to it.
    """
    found = remote.destination(repository, remote.default_branch(repository))
    if found is None or remote.tracking(repository, found.remote, f"{PROPOSALS}x"):
        return found
    return None if repository.is_bare_at_heart else found


def proposals(repository: Repository) -> Iterator[Proposal]:
    """Yield all that is proposed, by name."""
    start = below(repository)
    for ref, commit in listed.matching(repository, start):
        one = _proposal(ref.removeprefix(start), commit)
        if one is not None:
            yield one


def _proposal(name: str, commit: str) -> Proposal | None:
    owner = identities.of_ref_name(name.partition("/")[0])
    return Proposal(name=name, owner=owner, commit=commit) if owner is not None else None


def dated(repository: Repository) -> Iterator[tuple[Proposal, str, str]]:
    """Yield all that is proposed, each with its commit's date in Git's internal format, and its subject."""
    start = below(repository)
    form = "%(refname)%00%(objectname)%00%(committerdate:raw)%00%(contents:subject)"
    told = repository.git("for-each-ref", f"--format={form}", "--", start).text
    for ref, commit, date, subject in (row.split("\0") for row in told.split("\n") if row):
        one = _proposal(ref.removeprefix(start), commit)
        if one is not None:
            yield one, date, subject


def merged(repository: Repository, tip: str) -> Iterator[str]:
    """Yield the commits of proposals that a commit holds already."""
    told = repository.git(
        "for-each-ref", f"--merged={tip}", "--format=%(objectname)", "--", below(repository)
    )
    yield from filter(None, told.text.split("\n"))


def find(repository: Repository, name: str) -> Proposal:
    """Return the proposal of this name: `bob/promote-churn`, or `promote-churn` if one person's is called so.

    Raises:
        NotFound: there is none.
        UsageError: two people have one of that name.
    """
    wanted = name.removeprefix(BRANCHES).removeprefix(PROPOSALS.removeprefix(BRANCHES))
    every = list(proposals(repository))
    found = [one for one in every if _is_called(one.name, wanted)]
    if len(found) > 1:
        raise UsageError(f"{' and '.join(one.name for one in found)} are called that", where=name)
    if not found:
        raise _gone(repository, wanted, [one.name for one in every])
    return found[0]


def _is_called(name: str, wanted: str) -> bool:
    """Is this what was typed? With a slash that is all of a name: nobody's own name passes for another's."""
    return wanted == (name if "/" in wanted else name.partition("/")[2])


def _gone(repository: Repository, wanted: str, names: Sequence[str]) -> NotFound:
    merge = _merge_of(repository, wanted)
    if merge is not None:
        return NotFound(f"it is merged, as {merge[:8]}", where=wanted, hint=f"git show {merge[:8]}")
    near = sorted(names, key=lambda name: (-_likeness(wanted, name), name))[:_NAMED]
    hint = f"there are {', '.join(near)}" if near else "there are none"
    return NotFound("there is no such proposal", where=wanted, hint=hint)


def _likeness(wanted: str, name: str) -> float:
    """Return how much a name is like what was typed, with its owner or without."""
    typed = (name, name.partition("/")[2])
    return max(SequenceMatcher(None, wanted, one, autojunk=False).ratio() for one in typed)


def _merge_of(repository: Repository, wanted: str) -> str | None:
    """Return the newest merge of a proposal among the last steps of the default branch."""
    tip = branches.published(repository, remote.default_branch(repository))
    if tip is None:
        return None
    latest = islice(history.steps(repository, tip, oldest_first=False, with_changes=False), _LOOKED_BACK)
    named = ((step.commit, proposal(step.message)) for step in latest)
    return next((commit for commit, name in named if "/" in name and _is_called(name, wanted)), None)
