"""How a command ends that proposes something: where that is, what it does, and whom it was told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from shlex import join

from git_registry.catalog import proposals
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.oneself import myself
from git_registry.catalog.proposing import Placed
from git_registry.catalog.transaction import Outcome
from git_registry.cli import shapes
from git_registry.cli.answers import written
from git_registry.cli.answers.review import Answer
from git_registry.cli.session import Session
from git_registry.errors import NotFound, RegistryError
from git_registry.index.numbers import settled
from git_registry.model.events import Event
from git_registry.repository import remote
from git_registry.sdk import mounts
from git_registry.sdk.forges.asking import Wording, ask
from git_registry.sdk.forges.request import Asked, How
from git_registry.sdk.looked_at import remember
from git_registry.sdk.proposing import waiting
from git_registry.sdk.requests import Told
from git_registry.sdk.reviewing import review, review_proposal
from git_registry.wording.summary import Summary
from git_registry.wording.verdict import numbered

_TOLD = 3
"""Reasons why no approval helps that are told in the last line; the review has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A proposal that a command made, or found as it would have made it.

    Attributes:
        catalog: the clone, seen from what is published.
        placed: where the proposal is.
        base: the commit of the default branch that it is held against; None if there is none yet.
        events: what it does.
        last: lines to print at the end.
    """

    catalog: Catalog
    placed: Placed
    base: str | None
    events: Sequence[Event]
    last: Sequence[str] = ()

    @property
    def name(self) -> str:
        """Return what the proposal is called: `bob/promote-churn`."""
        return self.placed.branch.removeprefix("proposals/")


def finish(session: Session, catalog: Catalog, outcome: Outcome) -> None:
    """Say what was proposed instead of being committed, and ask for review of it."""
    if outcome.mount and not catalog.mount:
        catalog = mounts.opened(catalog, outcome.mount)
    placed = outcome.placed or Placed(branch=outcome.branch, commit=None)
    conclude(session, Made(catalog=catalog, placed=placed, base=catalog.tip(), events=outcome.events))


def conclude(session: Session, made: Made, wording: Wording | None = None) -> None:
    """Ask for review of a proposal if that is wanted, and say what became of all of it."""
    if made.placed.commit is None:
        _nothing(session, made)
        return
    summary = _summary(made)
    wording = replace(wording or Wording(), body="\n".join(Answer(summary).request()) if summary else "")
    asked = ask(made.catalog, made.placed, wording) if session.request else None
    # Whoever proposes it has seen it, though they read no more than the first lines.
    if summary and summary.review.proposal:
        remember(made.catalog, summary.review.proposal)
    if session.output.json:
        session.output.document(_shape(made, summary, asked))
    else:
        for line in _lines(made, summary, asked):
            session.output.line(line)
    if asked and asked.problem and not session.output.json:
        session.output.note(f"the {asked.noun} is yours to open: {asked.problem}")


def _nothing(session: Session, made: Made) -> None:
    if session.output.json:
        session.output.document(_shape(made, None, None))
    else:
        session.output.line("Nothing to propose: it is so already")
    remark = _aside(made.catalog)
    if remark:
        session.output.note(remark)


def remarked(session: Session, missing: NotFound) -> None:
    """Say with something that is not published that it may well be here."""
    with suppress(RegistryError), replace(session, proposal=None).open() as catalog:
        missing.hint = "; ".join(filter(None, (_aside(catalog), missing.hint)))


def _aside(catalog: Catalog) -> str:
    """Return what to say of commits here that nobody published; empty if there are none.

    What is proposed is not made of them, which surprises whoever looks for a version that only they have.
    """
    branch = waiting(catalog)
    if branch is None:
        return ""
    return (
        f"it is read as published, without the commits that are on {branch} here alone; "
        "`git registry propose` takes those, `git registry sync` publishes them"
    )


def _summary(made: Made) -> Summary | None:
    """Return what there is to say to who reviews it; None if it can't be told, which is noted."""
    catalog, placed = made.catalog, made.placed
    try:
        found = review_proposal(catalog, made.name) if _is_found(made) else review(catalog, _alone(made))
    except RegistryError as problem:
        catalog.notify(f"what merging {placed.branch} would do can't be told: {problem}")
        return None
    return Summary(found, settled(catalog.seen_from(catalog.branch, found.judgement.base)))


def _is_found(made: Made) -> bool:
    """Is it where reviewers look for it?"""
    return made.placed.is_published or not remote.remotes(made.catalog.repository)


def _alone(made: Made) -> Told:
    me = myself(made.catalog)
    assert me is not None
    assert made.placed.commit is not None
    return Told(base=made.base or "", head=made.placed.commit, actor=me, authors=(me,), stepwise=False)


def _lines(made: Made, summary: Summary | None, asked: Asked | None) -> Iterator[str]:
    yield _headline(made)
    again = summary is not None and made.placed.is_as_it_was and _is_found(made)
    yield from _still(made, summary) if summary and again else _told(made, summary)
    hopeless = tuple(_hopeless(summary)) if summary else ()
    if asked and not (asked.how is How.BY_MAIL and (again or hopeless)):
        yield from _asked_lines(asked)
    yield from (*made.last, *hopeless)


def _still(made: Made, summary: Summary) -> Iterator[str]:
    """Say where the review is that was told when it came to be as it is."""
    yield f"{summary.headline}. All of it: {join(('git', 'registry', 'review', made.name))}"


def _hopeless(summary: Summary) -> Iterator[str]:
    """Say why nobody has to be asked."""
    judged = summary.review.judgement
    if judged.verdict.word == "refused":
        wrong = (numbered(one, summary.known).violation for one in judged.found)
        why = list(dict.fromkeys(str(one) for one in wrong if not one.liftable))
        more = [f"and {len(why) - _TOLD} more reasons"] if len(why) > _TOLD else []
        yield f"As it is no approval helps: {'; '.join((*why[:_TOLD], *more))}"


def _headline(made: Made) -> str:
    placed = made.placed
    proposed = f"Proposed as {made.name}, at {(placed.commit or '')[:8]}"
    if placed.is_as_it_was:
        return f"{proposed}, as it was"
    if placed.replaced:
        was = placed.replaced[:8]
        if any(proposals.approvers(made.catalog.repository, placed.replaced)):
            return f"{proposed}; what was approved of {was} counts no more"
        return f"{proposed}; it was at {was}"
    return proposed


def _told(made: Made, summary: Summary | None) -> Iterator[str]:
    if not made.placed.is_published:
        yield f"It is only here, on the branch {made.placed.branch}"
    yield from Answer(summary).lines() if summary else written.lines(made.catalog, made.events)


def _asked_lines(asked: Asked) -> Iterator[str]:
    match asked:
        case Asked(how=How.BY_MAIL, text=str(text)):
            yield from (
                "",
                "No forge is asked. To ask somebody for review, send this and what is above:",
                "",
                text,
            )
        case Asked(how=How.BY_HAND, url=str(url)):
            yield f"Open the {asked.noun}: {url}"
        case _:
            done = "opened" if asked.how is How.OPENED else "brought up to date"
            yield f"{asked.noun.capitalize()} {done}{f': {asked.url}' if asked.url else ''}"


def _shape(made: Made, summary: Summary | None, asked: Asked | None) -> shapes.Shape:
    placed = made.placed
    return {
        "proposal": made.name if placed.commit else None,
        "branch": placed.branch if placed.commit else None,
        "commit": placed.commit,
        "base": made.base,
        "replaced": placed.replaced,
        "published": placed.is_published,
        "events": written.event_shapes(made.catalog, placed.commit, made.events),
        "verdict": summary.verdict if summary else None,
        "request": _request_shape(asked, summary) if asked else None,
    }


def _request_shape(asked: Asked, summary: Summary | None) -> shapes.Shape:
    lines = Answer(summary).lines() if summary else ()
    return {
        "how": asked.how.value,
        "url": asked.url,
        "command": asked.command,
        "text": "\n".join((asked.text, "", *lines)) if asked.text else None,
        "problem": asked.problem or None,
    }
