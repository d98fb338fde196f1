"""The home page: registries as cards, the starred ones first, and what happened last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.errors import InvalidDocument
from git_registry.index.events.history import Wanted
from git_registry.sdk import auditing, listing, starring
from git_registry.sdk.views import RegistryView
from git_registry.web.addresses import HOME, Address, of
from git_registry.web.happenings import rows
from git_registry.web.latest import Latest, latest
from git_registry.web.page import Crumb, Page

if TYPE_CHECKING:
    from git_registry.web.site import Site

LATEST = 10
"""Events that are told of all that happened."""


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
    changed: Latest | None
    is_starred: bool
    problem: str


def page(site: Site) -> Page:
    """Return the home page."""
    catalog = site.catalog
    name, problem = _organization(site)
    # Stars are of this clone, and nobody else's business: an export is for others.
    starred = starring.starred(catalog) if site.links.is_live else ()
    cards = [_card(site, view, starred) for view in listing.registries(catalog)]
    happened = auditing.history(catalog, None, Wanted(limit=LATEST))
    return Page(
        template="home.html",
        title="Registries",
        crumbs=(Crumb("Registries", HOME),),
        values={
            "name": name,
            "problem": problem,
            "cards": sorted(cards, key=lambda card: not card.is_starred),
            "latest": rows(happened, catalog.now()),
        },
    )


def _organization(site: Site) -> tuple[str, str]:
    """Return what the organization is called, and why that can't be told."""
    try:
        return site.catalog.now().organization().name, ""
    except InvalidDocument as unreadable:
        return "Registries", str(unreadable)


def _card(site: Site, view: RegistryView, starred: Collection[str]) -> Card:
    document, is_here = view.document, "/" not in view.path
    return Card(
        path=view.path,
        there=of(view.path) if is_here else None,
        title=(document and document.title) or view.path,
        description=(document and document.description) or "",
        types=document.types if document else (),
        collections=view.collections,
        changed=latest(site.catalog, view.path) if is_here else None,
        is_starred=view.path in starred,
        problem=view.problem,
    )
