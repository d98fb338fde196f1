"""The home page: registries as cards, the starred ones first, and what happened last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from git_registry.errors import InvalidDocument
from git_registry.index.events.history import Wanted
from git_registry.sdk import auditing, overview
from git_registry.web.addresses import HOME, Address, of
from git_registry.web.happenings import rows
from git_registry.web.page import Crumb, Page
from git_registry.web.shortening import shortened
from git_registry.wording.happened import told

if TYPE_CHECKING:
    from datetime import datetime

    from git_registry.sdk.auditing import History
    from git_registry.sdk.overview import RegistryOverview
    from git_registry.web.site import Site

LATEST = 10
"""Events that are told of all that happened."""

_DESCRIBED = 400
"""Letters of a description on a card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The last that happened in a registry, and whose step it was."""

    at: datetime
    words: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A registry.

    Attributes:
        path: what a person calls it; with its repository's name, if that is another one.
        there: its page; None for a registry of another repository.
        types: what its collections may hold; none for anything.
        changed: what happened there last; None where nothing is known to have.
        problem: why its document can't be read.
    """

    path: str
    there: Address | None
    title: str
    description: str
    types: Sequence[str]
    collections: int
    versions: int
    changed: Change | None
    is_starred: bool
    problem: str


def page(site: Site) -> Page:
    """Return the home page."""
    catalog = site.catalog
    name, problem = _organization(site)
    happened = auditing.history(catalog, None, Wanted(limit=LATEST))
    return Page(
        template="home.html",
        title="Registries",
        crumbs=(Crumb("Registries", HOME),),
        values={
            "name": name,
            "problem": problem,
            "cards": _cards(site),
            "latest": rows(happened, catalog.now()),
        },
    )


def _organization(site: Site) -> tuple[str, str]:
    """Return what the organization is called, and why that can't be told."""
    try:
        return site.catalog.now().organization().name, ""
    except InvalidDocument as unreadable:
        return "Registries", str(unreadable)


def _cards(site: Site) -> Sequence[Card]:
    """Return a card for each registry; stars are of this clone alone, and an export is for others."""
    found = [_card(one) for one in overview.registries(site.catalog)]
    if site.links.is_live:
        return found
    unstarred = (replace(card, is_starred=False) for card in found)
    return sorted(unstarred, key=lambda card: (card.there is None, card.path))


def _card(one: RegistryOverview) -> Card:
    view, document = one.view, one.view.document
    return Card(
        path=view.path,
        there=of(view.path) if "/" not in view.path else None,
        title=shortened((document and document.title) or view.path),
        description=shortened((document and document.description) or "", _DESCRIBED),
        types=document.types if document else (),
        collections=view.collections,
        versions=one.versions,
        changed=_change(one.latest),
        is_starred=one.starred,
        problem=view.problem,
    )


def _change(found: History) -> Change | None:
    for one in found.events:
        return Change(at=one.committer.at, words=told(one.event, found.numbers), by=one.author.name)
    return None
