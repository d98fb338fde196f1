"""How a command ends that proposes something: where that is, what it does, and whom it was told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.proposing import Placed
from git_registry.catalog.transaction import Outcome
from git_registry.cli import shapes
from git_registry.cli.answers import written
from git_registry.cli.session import Session
from git_registry.model.events import Event
from git_registry.sdk import mounts
from git_registry.sdk.forges.asking import Wish, ask
from git_registry.sdk.forges.request import Asked, How


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


def conclude(session: Session, made: Made, wish: Wish | None = None) -> None:
    """Ask for review of a proposal if that is wanted, and say what became of all of it."""
    if made.placed.commit is None:
        _nothing(session, made)
        return
    asked = ask(made.catalog, made.placed, wish or Wish()) if session.request else None
    if session.output.json:
        session.output.document(_shape(made, asked))
        return
    for line in (*_lines(made), *_asked_lines(asked), *made.last):
        session.output.line(line)
    if asked and asked.problem:
        session.output.note(f"the {asked.noun} is yours to open: {asked.problem}")


def _nothing(session: Session, made: Made) -> None:
    if session.output.json:
        session.output.document(_shape(made, None))
    else:
        session.output.line("Nothing to propose: it is so already")


def _lines(made: Made) -> Iterator[str]:
    yield from written.lines(made.catalog, made.events)
    placed, at = made.placed, f"at {(made.placed.commit or '')[:8]}"
    if placed.is_as_it_was:
        yield f"Proposed already as {made.name}, {at}"
    elif placed.replaced:
        yield f"Proposed as {made.name}, {at}; what was approved of {placed.replaced[:8]} counts no more"
    else:
        yield f"Proposed as {made.name}, {at}"
    if not placed.is_published:
        yield f"It is only here, on the branch {placed.branch}"


def _asked_lines(asked: Asked | None) -> Iterator[str]:
    match asked:
        case None:
            return
        case Asked(how=How.BY_MAIL, text=str(text)):
            yield from ("", text)
        case Asked(how=How.BY_HAND, url=str(url)):
            yield f"Open the {asked.noun}: {url}"
        case _:
            done = "opened" if asked.how is How.OPENED else "brought up to date"
            yield f"{asked.noun.capitalize()} {done}{f': {asked.url}' if asked.url else ''}"


def _shape(made: Made, asked: Asked | None) -> shapes.Shape:
    placed = made.placed
    return {
        "proposal": made.name if placed.commit else None,
        "branch": placed.branch if placed.commit else None,
        "commit": placed.commit,
        "base": made.base,
        "replaced": placed.replaced,
        "published": placed.is_published,
        "events": written.event_shapes(made.catalog, placed.commit, made.events),
        "request": _request_shape(asked) if asked else None,
    }


def _request_shape(asked: Asked) -> shapes.Shape:
    return {
        "how": asked.how.value,
        "url": asked.url,
        "command": asked.command,
        "text": asked.text,
        "problem": asked.problem or None,
    }
