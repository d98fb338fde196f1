"""A version: what it is, where it comes from, how it is used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from git_registry.catalog.catalog import Catalog
from git_registry.errors import UsageError
from git_registry.index.events.history import Wanted
from git_registry.index.numbers import at_hand
from git_registry.model.layout import PROJECTS
from git_registry.model.selector import of_version
from git_registry.sdk import auditing, happenings, listing, projecting, selecting
from git_registry.sdk.expiring import deadline
from git_registry.sdk.views import VersionView, place_of
from git_registry.web import addresses, lineage, values
from git_registry.web.addresses import HOME, Address
from git_registry.web.aliases import Pointer, guarded, protected
from git_registry.web.happenings import Told, rows
from git_registry.web.here import require_here
from git_registry.web.page import Crumb, Data, Moved, Page
from git_registry.web.site import Site
from git_registry.web.version import files, metrics, usage

EVENTS = 100
"""What happened to it last; the audit page has all of it."""

MOST_PROTECTED = 3
"""Protected aliases whose versions it may be compared with."""

_LINKED = "version-linked"


def page(site: Site, **_parts: str) -> Page | Moved:
    """Return the page of a version; an alias, and digits where there is a number, have it too.

    Raises:
        NotFound: there is no such version.
        UsageError: the digits fit several.
    """
    view = listing.show(site.catalog, _selector(site))
    if not isinstance(view, VersionView):
        raise UsageError("this is no version", where=site.here.path)
    there = addresses.of(view.path)
    return _page(site, view) if there.parts == site.here.parts else Moved(there)


def graph(site: Site, **_parts: str) -> Data:
    """Return what a version was made from and what was made from it.

    Raises:
        NotFound: there is no such version.
    """
    return lineage.data(site, _selector(site))


def _selector(site: Site) -> str:
    """Return what a person would type for it.

    Raises:
        NotFound: its registry is not in this repository. What is mounted would have to be asked for far away.
    """
    selector = addresses.selector(site.here.parts)
    require_here(site.catalog, selector)
    return selector


def _page(site: Site, view: VersionView) -> Page:
    there, _ = selecting.place(site.catalog, view.collection)
    known = at_hand(there)
    found, earlier = files.tree(site.catalog, view), metrics.before(there, view, known)
    come = lineage.lineage(site, view.path)
    which = protected(site.catalog, view.collection)
    events, linked = _events(site, there, view)
    return Page(
        template="version.html",
        title=view.path,
        crumbs=_crumbs(view, site.here),
        values={
            "view": view,
            "aliases": which.of(view.aliases),
            "is_latest": known.latest(place_of(view.collection)) == view.id,
            "linked": linked,
            "expires": deadline(view.manifest, view.notes) if view.manifest else None,
            "metadata": values.rows(view),
            "groups": list(usage.groups(view, found.example, happenings.url(site.catalog))),
            "files": found,
            "lineage": come,
            "earlier": earlier,
            "others": _others(view, earlier, guarded(there.now(), view.collection, which, known)),
            "metrics": metrics.rows(view, earlier),
            "run": _measured(site.catalog, view, come),
            "events": events,
        },
        scripts=("plots.js", "lineage.js"),
        section="projects" if view.collection.startswith(PROJECTS) else "registries",
        # The store may be read the next time.
        is_lasting=not found.problem,
    )


def _others(
    view: VersionView, earlier: VersionView | None, pointers: Iterable[Pointer]
) -> Sequence[tuple[str, str]]:
    """Return what else it may be compared with: an alias, and the selector of the version that has it."""
    near = {view.path, earlier and earlier.path}
    found = ((one.name, of_version(view.collection, one.version.removesuffix("?"))) for one in pointers)
    return [(alias, selector) for alias, selector in islice(found, MOST_PROTECTED) if selector not in near]


def _crumbs(view: VersionView, here: Address) -> tuple[Crumb, ...]:
    *above, collection, version = here.parts
    first = Crumb("Projects", addresses.PROJECTS) if above[1:] else Crumb("Registries", HOME)
    return (
        first,
        Crumb(above[-1], Address(tuple(above))),
        Crumb(collection, Address((*above, collection))),
        Crumb(view.version or version, here),
    )


def _events(site: Site, there: Catalog, view: VersionView) -> tuple[Sequence[Told], Told | None]:
    """Return what happened to it last, and when it was linked last."""

    def told(wanted: Wanted) -> Sequence[Told]:
        return rows(auditing.history(site.catalog, view.path, wanted), there.now())

    events = told(Wanted(limit=EVENTS))
    linked = [one for one in events if one.kind == _LINKED]
    if not linked and len(events) == EVENTS:
        linked = list(told(Wanted(kinds=frozenset({_LINKED}), limit=1)))
    return events, linked[0] if linked else None


def _measured(catalog: Catalog, view: VersionView, come: lineage.Lineage) -> Address | None:
    """Return the page of the run that made it, if that is here and measured something over time."""
    made = view.manifest.run if view.manifest else None
    there = next((one.there for one in come.origins if one.kind == "run" and one.there), None)
    if made is None or there is None:
        return None
    run = projecting.run(catalog, made.project, made.id)
    return there if run.document and run.document.history else None
