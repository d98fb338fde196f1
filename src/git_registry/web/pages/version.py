"""A version: what it is, where it comes from, how it is used."""

from __future__ import annotations

from git_registry.errors import NotFound
from git_registry.web import lineage
from git_registry.web.addresses import PROJECTS, selector
from git_registry.web.page import Data
from git_registry.web.site import Site


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
    registry = site.here.parts[0]
    if registry not in (*PROJECTS.parts, *site.catalog.now().registries()):
        raise NotFound(f"there is no registry {registry!r} here", hint="the home page shows those that are")
    return selector(site.here.parts)
