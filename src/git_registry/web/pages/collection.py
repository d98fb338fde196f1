"""The page of a collection, or of a project's artifact: its versions, what was measured, what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from git_registry.errors import NotFound
from git_registry.index.events.history import Wanted
from git_registry.model.layout import PROJECTS
from git_registry.sdk import auditing, listing, selecting
from git_registry.sdk.views import CollectionView
from git_registry.web import addresses, happenings
from git_registry.web.addresses import HOME, of
from git_registry.web.aliases import Pointer, pointers, protected
from git_registry.web.collection.metrics import choices, chosen, figures, plots
from git_registry.web.collection.timeline import timeline
from git_registry.web.collection.usage import snippets
from git_registry.web.collection.versions import Place, address_of, columns, rows
from git_registry.web.here import require_here
from git_registry.web.page import Crumb, Page
from git_registry.web.paging import paged
from git_registry.web.shortening import shortened

if TYPE_CHECKING:
    from git_registry.index.search.row import Row
    from git_registry.web.site import Site

SIZE, NEWEST, PLOTTED = 100, 20, 200
"""Versions on a page, versions whose metrics are looked for, versions in a plot."""

LATEST = 12
"""Events that are told of all that happened."""


def page(site: Site, registry: str, collection: str, number: str = "1") -> Page:
    """Return the page of a collection; the later ones have more of its versions.

    Raises:
        NotFound: there is no such collection or page.
    """
    return _page(site, f"{registry}/{collection}", number)


def artifact(site: Site, project: str, collection: str, number: str = "1") -> Page:
    """Return the page of an artifact of a project, which is a collection.

    Raises:
        NotFound: there is no such project, artifact or page.
    """
    return _page(site, f"{PROJECTS}{project}/{collection}", number)


def _page(site: Site, name: str, number: str) -> Page:
    require_here(site.catalog, name)
    view = listing.show(site.catalog, name)
    if not isinstance(view, CollectionView):
        raise NotFound("this is no collection", where=name)
    place, order = _place(site, name), site.query.get("sort", "")
    aliases = pointers(place.catalog.now(), view, place.protected)
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
            "title": shortened((view.document and view.document.title) or name.rpartition("/")[2]),
            "pages": pages,
            "versions": rows(found, place, metrics),
            "last": next(iter(rows(newest[:1], place, ())), None),
            "aliases": aliases,
            "columns": columns(metrics, order),
            "choices": choices(newest, metrics),
            **(_more(site, place, aliases, (newest, metrics)) if number == "1" else {}),
        },
    )


def _more(
    site: Site, place: Place, aliases: Sequence[Pointer], measured: tuple[Sequence[Row], Sequence[str]]
) -> Mapping[str, object]:
    """Return what stands on the first page alone."""
    history = auditing.history(site.catalog, place.name, Wanted(limit=LATEST))
    # A page in a file stays as it is until something happens, so its axis doesn't end now.
    end = site.now if site.links.is_live and not site.at else None
    return {
        "figures": figures(*measured),
        "plots": plots(*measured, lambda row: (row.version, site.link(address_of(row, place)))),
        "snippets": list(snippets(place, _used(aliases) if measured[0] else "")),
        "card": listing.card(site.catalog, place.name),
        "timeline": timeline(place, [one.name for one in aliases], end),
        "happened": happenings.rows(history, place.catalog.now()),
    }


def _used(aliases: Sequence[Pointer]) -> str:
    """Return the alias that a version is used by in examples."""
    return next((one.name for one in aliases if one.there), "latest")


def _place(site: Site, name: str) -> Place:
    there, selector = selecting.place(site.catalog, name)
    return Place(
        asked=site.catalog,
        catalog=there,
        path=selector.path,
        name=name,
        project=selector.registry if selector.project else "",
        protected=protected(site.catalog, name),
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
