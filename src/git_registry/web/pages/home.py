"""The home page: registries as cards, what happened last."""

from __future__ import annotations

from git_registry.index.events.history import Wanted
from git_registry.sdk import auditing, listing
from git_registry.web.addresses import HOME
from git_registry.web.happenings import rows
from git_registry.web.page import Crumb, Page
from git_registry.web.site import Site

LATEST = 8
"""Events that are told of all that happened."""


def page(site: Site) -> Page:
    """Return the home page."""
    catalog = site.catalog
    latest = auditing.history(catalog, None, Wanted(limit=LATEST))
    return Page(
        template="home.html",
        title="Registries",
        crumbs=(Crumb("Registries", HOME),),
        values={
            "organization": catalog.now().organization(),
            "registries": listing.registries(catalog),
            "latest": rows(latest, catalog.now()),
        },
    )
