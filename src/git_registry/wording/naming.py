"""Versions as people name them: what one was made from, and what a run made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_registry.index.numbers import at_hand
from git_registry.model.layout import PROJECTS
from git_registry.model.selector import of_version
from git_registry.sdk.views import shown

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog
    from git_registry.index.numbers import Numbers
    from git_registry.model.documents.manifest import Input
    from git_registry.model.documents.run import Made


def input_named(one: Input, known: Numbers) -> str:
    """Return what a version was made from, as a person names it: by the name its collection has by now."""
    used_as = f" as {one.used_as}" if one.used_as else ""
    elsewhere = f" in {one.repository}" if one.repository else ""
    if one.uri:
        return f"{one.uri}{f' ({one.digest})' if one.digest else ''}{used_as}"
    assert one.version
    if one.project:
        name = f"@{one.version[:8]}" if one.repository else _logged(one, known.catalog)
        return f"{PROJECTS}{one.project}/{one.artifact}{name}{elsewhere}{used_as}"
    assert one.registry
    place = one.registry if one.repository else _present(known.catalog, one.registry, one.version)
    name = f"@{one.version[:8]}" if one.repository else shown(known, place, one.version)
    return f"{of_version(place, name)}{elsewhere}{used_as}"


def _logged(one: Input, catalog: Catalog) -> str:
    """Return `:v3`, or `@3fa94c1b` where the project is not here."""
    from git_registry.catalog import projects  # few inputs were logged and not linked

    assert one.project
    assert one.version
    there = projects.on_project(catalog, one.project)
    name = shown(at_hand(there), f"{one.project}/{one.artifact}", one.version) if there else ""
    return f":{name}" if name.startswith("v") else f"@{one.version[:8]}"


def _present(catalog: Catalog, path: str, version: str) -> str:
    """Return where a version stands, if its collection was renamed since somebody used it."""
    if catalog.now().find(path, version):
        return path
    from git_registry.sdk import whereabouts  # few inputs have moved

    rename = whereabouts.moved(catalog, path, version)
    return rename.event.path if rename else path


def made(one: Made, project: str, known: Numbers) -> str:
    """Return the selector of a version that a run made, `projects/churn/xgb:v0?`, by digits if need be."""
    path = f"{project}/{one.artifact}"
    return of_version(PROJECTS + path, shown(known, path, one.version))
