"""The page of a collection, or of a project's artifact: its versions, what was measured, what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.errors import InvalidDocument, NotFound
from git_registry.index.events.history import Wanted
from git_registry.model.layout import PROJECTS
from git_registry.model.selector import of_version
from git_registry.sdk import auditing, listing, selecting
from git_registry.sdk.views import CollectionView
from git_registry.web import addresses, happenings
from git_registry.web.addresses import HOME, Address, of
from git_registry.web.columns import columns
from git_registry.web.here import require_here
from git_registry.web.measured import choices, chosen, figures, plots
from git_registry.web.page import Crumb, Page
from git_registry.web.paging import paged
from git_registry.web.timeline import timeline
from git_registry.web.versions import Place, address_of, rows

if TYPE_CHECKING:
    from git_registry.index.search.row import Row
    from git_registry.web.site import Site

SIZE, NEWEST, PLOTTED = 100, 20, 200
"""Versions on a page, versions whose metrics are looked for, versions in a plot."""

LATEST = 12
"""Events that are told of all that happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointing:
    """An alias, and the version that it points at; that has no page if it is not linked any more."""

    alias: str
    guarded: bool
    version: str
    there: Address | None


def page(site: Site, registry: str, collection: str, number: str = "1") -> Page:
    """Return the page of a collection."""
    return _page(site, f"{registry}/{collection}", number)


def artifact(site: Site, project: str, collection: str, number: str = "1") -> Page:
    """Return the page of an artifact of a project."""
    return _page(site, f"{PROJECTS}{project}/{collection}", number)


def _page(site: Site, name: str, number: str) -> Page:
    require_here(site.catalog, name)
    view = listing.show(site.catalog, name)
    if not isinstance(view, CollectionView):
        raise NotFound("this is no collection", where=name)
    place, order = _place(site, name), site.query.get("sort", "")
    newest = place.search(0, PLOTTED if number == "1" else NEWEST).rows
    pages = paged(of(name), number, size=SIZE, total=view.versions, **_asked(site, order))
    is_newest = number == "1" and not order
    found = newest[:SIZE] if is_newest else place.search(pages.offset, SIZE, order).rows
    metrics = chosen(newest, site.several.get("metrics", ()))
    return Page(
        template="collection.html",
        title=name,
        crumbs=_crumbs(name),
        scripts=("plots.js", "choosing.js"),
        section="projects" if place.project else "registries",
        values={
            "view": view,
            "place": place,
            "title": (view.document and view.document.title) or name.rpartition("/")[2],
            "pages": pages,
            "versions": rows(found, place, metrics),
            "last": next(iter(rows(newest[:1], place, ())), None),
            "aliases": _aliases(view, place),
            "columns": list(columns(metrics, order)),
            "choices": choices(newest, metrics),
            **(_more(site, view, place, (newest, metrics)) if number == "1" else {}),
        },
    )


def _more(
    site: Site, view: CollectionView, place: Place, measured: tuple[Sequence[Row], Sequence[str]]
) -> Mapping[str, object]:
    """Return what stands on the first page alone."""
    history = auditing.history(site.catalog, place.name, Wanted(limit=LATEST))
    # A page in a file stays as it is until something happens, so its axis doesn't end now.
    end = site.now if site.links.is_live and not site.at else None
    return {
        "figures": figures(*measured),
        "plots": plots(*measured, lambda row: (row.version, site.link(address_of(row, place)))),
        "card": listing.card(site.catalog, place.name),
        "timeline": timeline(place, _alias_names(view, place), end),
        "happened": happenings.rows(history, place.catalog.now()),
    }


def _place(site: Site, name: str) -> Place:
    there, selector = selecting.place(site.catalog, name)
    guarded: frozenset[str] = frozenset()
    if not selector.project:
        try:
            access = there.now().access(selector.registry)
            guarded = frozenset(alias.casefold() for alias in access.protected_aliases)
        except InvalidDocument as problem:
            site.catalog.notify(f"which aliases are protected can't be read: {problem}")
    return Place(
        asked=site.catalog,
        catalog=there,
        path=selector.path,
        name=name,
        project=selector.registry if selector.project else "",
        guarded=guarded,
    )


def _asked(site: Site, order: str) -> Mapping[str, object]:
    """Return what links to other pages and orders keep."""
    metrics = ",".join(site.several.get("metrics", ()))
    return {name: value for name, value in (("sort", order), ("metrics", metrics)) if value}


def _crumbs(name: str) -> Sequence[Crumb]:
    is_logged = name.startswith(PROJECTS)
    first = Crumb("Projects", addresses.PROJECTS) if is_logged else Crumb("Registries", HOME)
    above, _, last = name.rpartition("/")
    return (first, Crumb(above.rpartition("/")[2], of(above)), Crumb(last, of(name)))


def _alias_names(view: CollectionView, place: Place) -> Sequence[str]:
    return sorted(view.aliases, key=lambda alias: (not place.guards(alias), alias))


def _aliases(view: CollectionView, place: Place) -> Sequence[Pointing]:
    """Return the aliases, protected ones first."""
    return [_pointing(alias, view.aliases[alias], place) for alias in _alias_names(view, place)]


def _pointing(alias: str, version: str, place: Place) -> Pointing:
    now = place.catalog.now()
    pointed = now.alias(place.path, alias)
    is_there = bool(pointed and now.find(place.path, pointed))
    return Pointing(
        alias=alias,
        guarded=place.guards(alias),
        version=version,
        there=of(of_version(place.name, version)) if is_there else None,
    )
