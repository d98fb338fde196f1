"""What a proposal does, and what somebody who decides about it wants to know (DESIGN §6)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from git_registry.catalog import proposals
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.objections import Objection, objections
from git_registry.catalog.oneself import in_full
from git_registry.catalog.proposals import Proposal
from git_registry.errors import Conflict, NotFound, RegistryError, UsageError
from git_registry.model.documents.organization import Team
from git_registry.model.events import Event
from git_registry.policy.explaining import Explained, Passage
from git_registry.policy.rules import Rules
from git_registry.repository import branches, history, remote
from git_registry.repository.revision import commit_named
from git_registry.review.awaiting import Awaited, awaited
from git_registry.review.later import parted
from git_registry.review.ordering import is_protected, ordered
from git_registry.sdk.altered import Altered, altered
from git_registry.sdk.foretelling import BORNE_LATER
from git_registry.sdk.replacing import Replacement, arriving, replacements
from git_registry.sdk.requests import Judgement, Told, judgement
from git_registry.sdk.spot_checking import Checked, Look, Spots, files
from git_registry.sdk.starting import Starting, starting
from git_registry.sdk.under_review import UnderReview
from git_registry.sdk.vouching import Vouched, vouched

__all__ = ["Conflicting", "Look", "Review", "review", "review_proposal"]

_PEOPLE = re.compile(r"(?:\A|\n\n)(?:[A-Za-z-]+-by: [^\n]*(?:\n|\Z))+\Z")
"""Who made a commit, at the end of its message: `Co-authored-by` and the like."""

_MOST = 40
"""Versions whose blobs are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What there is to say.

    Attributes:
        judgement: what the check says of it.
        told: who asks for it, merges it and approved it, as it was judged.
        why: what the message of its last commit says below the first line; empty if nothing.
        events: what it does, in the order of review.
        later: the gates that ask something of the commit that merges it, which is yet to be made; a forge's
            request has none, for there they are judged as not passed.
        replacements: the versions that come, each beside the one whose place it takes.
        uncompared: how many more come.
        vouched: the values that gates read, and who wrote them.
        awaited: the approvals that are missing.
        blobs: what was found of the bytes of the versions that come.
        unlooked: how many more versions have bytes nobody looked at.
        look: how closely that was.
        altered: the automations that come or change.
        unread: how many more do.
        starting: the automations that it would start.
        objections: who asks for changes.
        proposal: the proposal, where it is one; a forge's request is none.
    """

    judgement: Judgement
    told: Told
    why: str = ""
    events: tuple[Explained, ...] = ()
    later: tuple[Passage, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    uncompared: int = 0
    vouched: tuple[Vouched, ...] = ()
    awaited: tuple[Awaited, ...] = ()
    blobs: tuple[Checked, ...] = ()
    unlooked: int = 0
    look: Look = Look.SIZES
    altered: tuple[Altered, ...] = ()
    unread: int = 0
    starting: tuple[Starting, ...] = ()
    objections: tuple[Objection, ...] = ()
    proposal: Proposal | None = None

    @property
    def protected(self) -> tuple[Explained, ...]:
        """Return what goes through gates, or takes more than a member's role."""
        return tuple(filter(is_protected, self.events))

    @property
    def others(self) -> tuple[Explained, ...]:
        """Return the rest of what it does."""
        return tuple(one for one in self.events if not is_protected(one))


class Conflicting(Conflict):
    """What is to be reviewed can't be merged as it is.

    Attributes:
        base, head: the commits.
        proposal: the proposal, where it is one.
    """

    def __init__(self, problem: Conflict, base: str, head: str, proposal: Proposal | None) -> None:
        super().__init__(problem.message, where=problem.where, hint=problem.hint)
        self.base, self.head, self.proposal = base, head, proposal


def review(catalog: Catalog, told: Told, look: Look = Look.SIZES) -> Review:
    """Review a request: what `judgement` says, and what it stands on. Nothing is fetched.

    Args:
        catalog: the clone, in which both commits are.
        told: the request.
        look: how closely the blobs are looked at of the versions that come.

    Raises:
        Conflicting: it can't be merged as it is.
        NotFound: a revision is not here, or history is cut off.
        Refused: whose an account is can't be told.
        UsageError: a name is none, or a revision two.
    """
    return _reviewed(catalog, told, look, None)


def review_proposal(
    catalog: Catalog, name: str, look: Look = Look.SIZES, *, commit: str | None = None
) -> Review:
    """Review a proposal as it was fetched last, with its approvals and objections, as its owner's to merge.

    Args:
        catalog: the clone.
        name: the proposal's.
        look: how closely the blobs are looked at of the versions that come.
        commit: the commit that it has to be at, by all of its id; None for whatever it is at.

    Raises:
        Conflict: it is at another commit.
        Conflicting: it can't be merged as it is.
        NotFound: there is no such proposal, or nothing yet that it could be merged into.
        UsageError: two people have one of that name, or what names the commit is no id.
    """
    repository = catalog.repository
    found = proposals.find(repository, name)
    if commit is not None:
        _require_at(found, commit)
    base = branches.published(repository, remote.default_branch(repository))
    if base is None:
        raise NotFound("there is nothing yet that it could be merged into", where=found.name)
    approvers = proposals.approvers(repository, found.commit)
    told = Told(
        base=base,
        head=found.commit,
        actor=found.owner,
        authors=(found.owner,),
        approved_by=tuple(f"{one}@{found.commit}" for one in approvers),
        stepwise=False,
    )
    return _reviewed(catalog, told, look, found)


def _require_at(proposal: Proposal, commit: str) -> None:
    if not re.fullmatch("[0-9a-f]{40}", commit):
        raise UsageError(
            f"{commit!r} is not all of a commit's id",
            where="--commit",
            hint="all 40 digits, as `git registry review` shows them",
        )
    if proposal.commit != commit:
        raise Conflict(
            f"it is at {proposal.commit}, not at {commit}",
            where=proposal.name,
            hint=shlex.join(("git", "registry", "review", proposal.name)),
        )


def _reviewed(catalog: Catalog, told: Told, look: Look, proposal: Proposal | None) -> Review:
    catalog = catalog.registries()
    try:
        judged = judgement(catalog, told)
    except Conflict as problem:
        base, head = (
            commit_named(catalog.repository, catalog.reader, one) or one for one in (told.base, told.head)
        )
        raise Conflicting(problem, base, head, proposal) from None
    later: tuple[Passage, ...] = ()
    if proposal is not None:
        judged, later = _for_whoever_merges(judged)
    seen = UnderReview(
        catalog=catalog.seen_from(catalog.branch, judged.base),
        base=judged.base,
        head=judged.head,
        tree=judged.tree,
    )
    events = ordered(judged.events)
    happened = [one.event for one in events]
    compared, uncompared = replacements(seen, happened, partial(files, seen, look=look))
    changed, unread = altered(seen, happened)
    checked, unlooked = _checked(seen, happened, Spots(seen, look))
    return Review(
        judgement=judged,
        told=told,
        why=_why(catalog, judged.head),
        events=events,
        later=later,
        replacements=compared,
        uncompared=uncompared,
        vouched=tuple(vouched(seen, [passage for one in events for passage in one.passages])),
        awaited=awaited(
            judged.verdict.violations, _teams(seen.rules), (judged.actor, *map(in_full, told.authors))
        ),
        blobs=checked,
        unlooked=unlooked,
        look=look,
        altered=changed,
        unread=unread,
        starting=starting(seen, happened),
        objections=tuple(objections(catalog, judged.head)),
        proposal=proposal,
    )


def _why(catalog: Catalog, commit: str) -> str:
    return _PEOPLE.sub("", history.body(history.message(catalog.repository, commit)))


def _for_whoever_merges(judged: Judgement) -> tuple[Judgement, tuple[Passage, ...]]:
    """Return a judgement without what it says of the commit that merges, and the gates that ask for that."""
    events, later = parted(judged.events, [one.removeprefix("gate ") for one in BORNE_LATER])
    found = tuple(one for one in judged.found if one.violation.rule not in BORNE_LATER)
    return replace(judged, events=events, found=found), later


def _checked(seen: UnderReview, happened: list[Event], spots: Spots) -> tuple[tuple[Checked, ...], int]:
    views = [view for one in arriving(happened) if (view := seen.new(*one)) is not None]
    return tuple(map(spots.checked, views[:_MOST])), max(len(views) - _MOST, 0)


def _teams(rules: Rules) -> Mapping[str, Team]:
    try:
        return rules.organization().teams
    except RegistryError:
        return {}  # which the verdict says
