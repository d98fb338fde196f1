"""Selectors as arguments: the shell completes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from git_registry.cli.completing import Completed
from git_registry.model.layout import PROJECTS
from git_registry.sdk.mounts import Trust, as_fetched, mounts

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog
    from git_registry.model.snapshot import Snapshot


def _names(catalog: Catalog, incomplete: str) -> Iterator[str]:
    if incomplete.startswith(PROJECTS):
        yield from _in_projects(catalog, incomplete)
        return
    now = catalog.registries().now()
    mount, inside, below = incomplete.partition("/")
    there = _mounted(catalog, mount) if inside and mount not in now.registries() else None
    if there is not None:
        yield from (f"{mount}/{name}" for name in _in_registries(there.now(), below))
        return
    yield from _in_registries(now, incomplete)
    if not inside:
        yield PROJECTS
        yield from (f"{one.name}/" for one in mounts(catalog) if one.trust is Trust.TRUSTED)


def _mounted(catalog: Catalog, name: str) -> Catalog | None:
    """Return a mounted repository as it was fetched last: no remote is asked while a word is completed."""
    known = {one.name for one in mounts(catalog) if one.trust is Trust.TRUSTED}
    return as_fetched(catalog, name) if name in known else None


def _in_registries(now: Snapshot, incomplete: str) -> Iterator[str]:
    registry, slash, _ = incomplete.partition("/")
    collection, colon, _ = incomplete.partition(":")
    if colon:
        yield from (f"{collection}:{alias}" for alias in now.alias_names(collection))
        yield f"{collection}:latest"
    elif slash:
        yield from now.collections(registry)
    else:
        yield from (f"{name}/" for name in now.registries())


def _in_projects(catalog: Catalog, incomplete: str) -> Iterator[str]:
    from git_registry.catalog import projects

    name, slash, below = incomplete.removeprefix(PROJECTS).partition("/")
    if not slash:
        yield from (PROJECTS + one for one in projects.projects(catalog.repository))
        return
    there = projects.on_project(catalog, name)
    if there is None:
        return
    now, (artifact, colon, _) = there.now(), below.partition(":")
    if colon:
        named = f"{PROJECTS}{name}/{artifact}"
        yield from (f"{named}:{alias}" for alias in now.alias_names(f"{name}/{artifact}"))
        yield f"{named}:latest"
    elif below.startswith("runs/"):
        from git_registry.sdk import projecting

        yield from (view.path for view in projecting.runs(catalog, name))
    else:
        yield from (PROJECTS + path for path in now.collections(name))


SELECTOR = Completed("selector", _names)
"""What names a registry, a collection or a version."""
