"""Automations as rows: what starts them, whom they ask, whether they are on, and what was sent last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from git_registry.sdk import automating, delivering
from git_registry.web.addresses import Address, of
from git_registry.web.shortening import shortened
from git_registry.wording.amounts import amount
from git_registry.wording.automations import answer, receiver, state

if TYPE_CHECKING:
    from git_registry.automation.queued import Paused
    from git_registry.sdk.automating import AutomationView
    from git_registry.web.site import Site

MOST = 50
"""Automations that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The newest delivery of an automation.

    Attributes:
        state: `delivered`, `queued` or `dead`.
        at: when it was tried last; None before the first try.
        answer: what that came to.
    """

    state: str
    at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationRow:
    """One row.

    Attributes:
        there: the page of what it is about.
        starts: from which events, and what they have to match.
        asks: what is done and who is asked; of a URL no more than its host.
        state: `on`, `off`, `paused`, `unreadable`.
        sent: what was sent last; None if nothing was, or nobody here knows.
    """

    name: str
    place: str
    there: Address
    description: str
    starts: Sequence[str]
    match: str
    asks: str
    state: str
    sent: Sent | None
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Automated:
    """The automations of a registry and of what is in it.

    Attributes:
        more: how many are not among the rows.
        is_kept: does this repository know what was sent?
    """

    rows: Sequence[AutomationRow]
    more: int
    is_kept: bool


def automated(site: Site, registry: str) -> Automated:
    """Return the automations of a registry; what was sent is known as of now alone."""
    catalog = site.catalog
    views = automating.automations(catalog, registry)
    is_kept = not site.at and delivering.is_kept(catalog)
    paused = {one.automation: one for one in delivering.paused(catalog)} if is_kept else {}
    rows = [_row(view, paused, _sent(site, view) if is_kept else None) for view in views[:MOST]]
    return Automated(rows=rows, more=max(0, len(views) - MOST), is_kept=is_kept)


def _row(view: AutomationView, paused: Mapping[str, Paused], sent: Sent | None) -> AutomationRow:
    document = view.document
    return AutomationRow(
        name=view.name,
        place=view.place,
        there=of(view.place),
        description=shortened((document and document.description) or ""),
        starts=document.events if document else (),
        match=shortened(amount(document.match)) if document and document.match else "",
        asks=receiver(document.action) if document else "",
        state=state(view, paused),
        sent=sent,
        problem=view.problem,
    )


def _sent(site: Site, view: AutomationView) -> Sent | None:
    return next(_newest(site, view), None)


def _newest(site: Site, view: AutomationView) -> Iterator[Sent]:
    for one in delivering.deliveries(site.catalog, view.path, most=1):
        last = one.latest
        at = datetime.fromtimestamp(last.at, UTC) if last else None
        yield Sent(state=one.queued.state, at=at, answer=answer(last) if last else "")
