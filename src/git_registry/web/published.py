"""What of a page others don't see yet, and what of theirs it does not show."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.catalog import projects
from git_registry.catalog.catalog import Catalog
from git_registry.model.layout import PROJECTS
from git_registry.model.names import PLACE
from git_registry.sdk.standing import standing
from git_registry.web.site import Site
from git_registry.wording.standing import notice


def notices(site: Site) -> Iterator[str]:
    """Yield, for each branch a page of now is read from, where it stands next to what is published.

    Of two that went different ways the one here is shown, as commands do; whoever looks is told.
    """
    if not site.at:
        yield from filter(None, (notice(standing(one)) for one in _branches(site)))


def _branches(site: Site) -> Iterator[Catalog]:
    yield site.catalog
    match site.here.parts:
        case (first, name, *_) if f"{first}/" == PROJECTS and not PLACE.problem(name):
            yield projects.begun(site.catalog, name)
