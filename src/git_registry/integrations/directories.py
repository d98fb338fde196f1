"""What is above the files: registries, projects, collections, and the names their versions go by."""

from __future__ import annotations

from git_registry.catalog import projects
from git_registry.catalog.catalog import Catalog
from git_registry.errors import NotFound
from git_registry.index.numbers import at_hand
from git_registry.sdk import selecting
from git_registry.sdk.selecting import Place

from .paths import PROJECT_ROOT

_SHOWN_DIGITS = 8


def registries(catalog: Catalog) -> list[str]:
    """Return the registries, and `projects` if there are any."""
    return [*catalog.now().registries(), *([PROJECT_ROOT] if projects.projects(catalog.repository) else ())]


def names_of_projects(catalog: Catalog) -> list[str]:
    """Return the projects whose branches are here.

    Raises:
        NotFound: there are none, and so there is no such directory.
    """
    found = projects.projects(catalog.repository)
    if not found:
        raise NotFound("there are no projects here", hint="`git registry log` logs into one")
    return found


def require(place: Place) -> str:
    """Return where a directory is: that of a registry or project, or of a collection.

    Raises:
        NotFound: there is no such collection.
    """
    return selecting.collection(*place) if place.selector.collection else place.selector.registry


def collections(place: Place) -> list[str]:
    """Return the names of a registry's collections, or of a project's artifacts."""
    paths = place.catalog.now().collections(place.selector.registry)
    return [path.rpartition("/")[2] for path in paths]


def versions(place: Place) -> list[tuple[str, str]]:
    """Return what names each linked version, `:v3`, and its id: by number, then by alias.

    Where a shallow clone can't count, by digest. `latest` is understood, and not listed.

    Raises:
        NotFound: there is no such collection.
    """
    now, path = place.catalog.now(), selecting.whole(place.catalog, place.selector)
    linked, known = now.versions(path), at_hand(place.catalog).of(path)
    numbered = sorted((known[one].number, one) for one in linked if one in known)
    return [
        *((f":v{number}", one) for number, one in numbered),
        *((f"@{one[:_SHOWN_DIGITS]}", one) for one in sorted(linked) if one not in known),
        *((f":{alias}", one) for alias, one in now.aliases(path).items() if one in linked),
    ]
