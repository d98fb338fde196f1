"""What would become of proposals if they were merged now: by us, or by whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property

from git_registry.catalog import past
from git_registry.catalog import proposals as reviewed
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.ruling import rules_at
from git_registry.catalog.objections import Objection, all_objections, objections
from git_registry.catalog.oneself import myself
from git_registry.catalog.proposals import Proposal
from git_registry.errors import Conflict, RegistryError
from git_registry.index.numbers import Numbers, settled
from git_registry.model.events import Event
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Verdict, Violation
from git_registry.repository import branches, history, remote
from git_registry.repository.identity import parse_date
from git_registry.review.awaiting import Missing, missing
from git_registry.sdk.foreseeing import foreseen
from git_registry.sdk.foretelling import BORNE_LATER
from git_registry.sdk.views import with_numbers

AT_ONCE = 50
"""Proposals that are judged for a list unless more are asked for."""


class State(StrEnum):
    """What would become of a proposal."""

    MERGED = "merged"
    IDLE = "nothing to merge"
    CONFLICTS = "conflicts"
    OBJECTED = "changes requested"
    READY = "may be merged"
    WAITING = "needs approval"
    REFUSED = "refused"
    UNJUDGED = "not judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What would become of one proposal.

    Attributes:
        merger: who could merge it now; empty if neither we nor its owner could.
        able: who could approve all of what is missing; of those who can't alone, everybody.
        missing: the approvals that are missing; none if there is more in the way.
        why: what stands in the way, each reason once, in sentences.
        events: what merging it would do, as far as that could be told.
    """

    state: State
    merger: str = ""
    able: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    why: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A proposal as a list has it.

    Attributes:
        subject: the first line of its message.
        at: when it was committed, as its committer says.
        approvers: who approved it as it is.
        objections: who asks for changes of it as it is.
        is_ours: is it our own?
    """

    proposal: Proposal
    subject: str
    at: datetime
    approvers: tuple[str, ...]
    objections: tuple[Objection, ...]
    is_ours: bool
    prospect: Prospect


def subject(catalog: Catalog, commit: str) -> str:
    """Return what a list of proposals calls the one at a commit: the first line of its message."""
    return history.subject(history.message(catalog.repository, commit))


def prospect(catalog: Catalog, proposal: Proposal) -> Prospect:
    """Return what would become of a proposal that was fetched."""
    looking = _Looking.over(catalog)
    found = looking.prospect(proposal)
    if found.state is State.READY and any(objections(catalog, proposal.commit)):
        return replace(found, state=State.OBJECTED)
    return found


def listed(
    catalog: Catalog, *, merged: bool = False, mine: bool = False, at_most: int | None = AT_ONCE
) -> list[Listed]:
    """Return what is proposed, the newest first, as the remote has it now.

    Args:
        catalog: the clone.
        merged: what is merged already as well, or would change nothing?
        mine: our own alone?
        at_most: how many are judged; None for all of them.

    Raises:
        NetworkError: the remote can't be reached.
    """
    reviewed.refresh(catalog)
    past.require_whole(catalog)
    return as_fetched(catalog, merged=merged, mine=mine, at_most=at_most)


def as_fetched(
    catalog: Catalog, *, merged: bool = False, mine: bool = False, at_most: int | None = AT_ONCE
) -> list[Listed]:
    """Return the same, as it was fetched last; no remote is asked."""
    looking = _Looking.over(catalog)
    found = sorted(looking.all(), key=lambda one: (one.at, one.proposal.name), reverse=True)
    known = _Known.of(looking, found)
    done: list[Listed] = []
    judged = 0
    for one in found:
        if mine and not one.is_ours:
            continue
        if looking.is_merged(one.proposal):
            done += [one] if merged else []
            continue
        if at_most is None or judged < at_most:
            judged += 1
            one = replace(one, prospect=_with(one, known.prospect(looking, one)))
        if merged or one.prospect.state is not State.IDLE:
            done.append(one)
    return done


def _with(one: Listed, found: Prospect) -> Prospect:
    return replace(found, state=State.OBJECTED) if one.objections and found.state is State.READY else found


@dataclass(slots=True)
class _Known:
    """What would become of proposals, for as long as nothing is another that it follows from.

    That is where the default branch is, who we are, what is proposed by whom, and who approved it. Each is
    held against the history of what it changes, which takes longer than to list a thousand.
    """

    follows_from: object = None
    prospects: dict[Proposal, Prospect] = field(default_factory=dict)

    @classmethod
    def of(cls, looking: _Looking, every: Sequence[Listed]) -> _Known:
        """Return what is known by now; nothing if it may be otherwise."""
        seen = (looking.tip, looking.us, frozenset((one.proposal, one.approvers) for one in every))
        known = looking.catalog.remembered(cls)
        if known.follows_from != seen:
            known.follows_from, known.prospects = seen, {}
        return known

    def prospect(self, looking: _Looking, one: Listed) -> Prospect:
        """Return what would become of one of them."""
        known = self.prospects.get(one.proposal)
        if known is not None:
            return known
        found = looking.prospect(one.proposal)
        if found.state is not State.REFUSED or found.events:
            self.prospects[one.proposal] = found  # what can't be read now may be by the next time
        return found


@dataclass(frozen=True)
class _Looking:
    """One look at all of them.

    Attributes:
        tip: the commit that the default branch is at where it is published; None if there is none.
        merged: the commits that it holds already, of those that proposals are at.
    """

    catalog: Catalog
    rules: Rules
    tip: str | None
    us: str | None
    merged: frozenset[str] = field(default=frozenset())

    @classmethod
    def over(cls, catalog: Catalog) -> _Looking:
        """Return a look at what was fetched last."""
        repository = catalog.repository
        tip = branches.published(repository, remote.default_branch(repository))
        merged = frozenset(reviewed.merged(repository, tip)) if tip else frozenset()
        return cls(catalog, rules_at(catalog, tip), tip, myself(catalog), merged)

    def is_merged(self, proposal: Proposal) -> bool:
        return proposal.commit in self.merged

    def all(self) -> Iterator[Listed]:
        approved = reviewed.all_approvers(self.catalog.repository)
        objected = all_objections(self.catalog)
        for one, date, subject in reviewed.dated(self.catalog.repository):
            state = State.MERGED if self.is_merged(one) else State.UNJUDGED
            yield Listed(
                proposal=one,
                subject=subject,
                at=parse_date(date).astimezone(UTC),
                approvers=approved.get(one.commit, ()),
                objections=objected.get(one.commit, ()),
                is_ours=one.owner == self.us,
                prospect=Prospect(state=state),
            )

    def prospect(self, proposal: Proposal) -> Prospect:
        if self.tip is None or self.is_merged(proposal):
            return Prospect(state=State.MERGED if self.tip else State.UNJUDGED)
        try:
            return self._judged(proposal, self.tip)
        except Conflict as problem:
            return Prospect(state=State.CONFLICTS, why=(problem.message,))
        except RegistryError as problem:
            return Prospect(state=State.REFUSED, why=(str(problem),))

    def _judged(self, proposal: Proposal, tip: str) -> Prospect:
        merge = foreseen(self.catalog, proposal, tip, self.rules)
        if not merge.step.changes:
            return Prospect(state=State.IDLE)
        found: tuple[Violation, ...] = ()
        for merger in dict.fromkeys((self.us or proposal.owner, proposal.owner)):
            found = tuple(one for one in merge.violations(merger) if one.rule not in BORNE_LATER)
            if not found:
                return Prospect(state=State.READY, merger=merger, events=merge.events)
        # Who could approve is told as its owner would be: who merges is asked to approve nothing.
        verdict = Verdict(found)
        waits = verdict.word == "needs approval"
        return Prospect(
            state=State.WAITING if waits else State.REFUSED,
            able=verdict.able if waits else (),
            missing=missing(found) if waits else (),
            why=tuple(dict.fromkeys(map(self._told, found))),
            events=merge.events,
        )

    def _told(self, one: Violation) -> str:
        message = with_numbers(one.message, one.path, one.versions, self._known)
        return str(replace(one, message=message))

    @cached_property
    def _known(self) -> Numbers:
        there = self.catalog.registries()
        return settled(there.seen_from(there.branch, self.tip))
