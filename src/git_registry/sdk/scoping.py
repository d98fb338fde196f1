"""A part of the organization: all of it, a registry, a collection, or one version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.errors import RegistryError
from git_registry.index.numbers import Numbers
from git_registry.model.layout import version_files
from git_registry.model.selector import Selector
from git_registry.sdk import listing, mounts, selecting
from git_registry.sdk.views import VersionView, named, version_view


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a verb looks at.

    Attributes:
        seen: the clone, seen from the branch it is on.
        path: `model` or `model/churn`, as on that branch; empty for the whole organization.
        version: the one version of the collection that is meant; None for all.
    """

    seen: Catalog
    path: str = ""
    version: VersionView | None = None

    @property
    def name(self) -> str:
        """Return what a person calls it, as `model/churn:v3` or `projects/churn`; empty for everything."""
        return self.version.path if self.version else self.path and named(self.seen, self.path)

    @property
    def files(self) -> tuple[str, ...]:
        """Return the files and directories that hold it and nothing else; none for the whole organization."""
        if self.version is None:
            return (self.path,) if self.path else ()
        return tuple(version_files(self.path, self.version.id))


def scope(catalog: Catalog, selected: str | None) -> Scope:
    """Return what a selector means; None is everything, and a mount's name everything in that.

    Raises:
        NotFound: there is nothing by that name; the nearest is suggested.
        UsageError: the text is no selector.
    """
    if selected is None:
        return Scope(seen=selecting.registries(catalog))
    seen, below = mounts.entered(catalog, selected)
    if seen.mount and not below:
        return Scope(seen=seen)
    seen, selector = selecting.place(catalog, selected)
    view = listing.show(catalog, selected) if selector.collection else None
    return Scope(seen=seen, path=selector.path, version=view if isinstance(view, VersionView) else None)


def collections(catalog: Catalog, within: Scope) -> Iterator[str]:
    """Yield the paths of its collections on its branch, which the catalog shows, sorted."""
    if "/" in within.path:
        yield within.path
        return
    now = catalog.now()
    for registry in [within.path] if within.path else now.registries():
        yield from now.collections(registry)


def versions(catalog: Catalog, within: Scope) -> Iterator[VersionView]:
    """Yield its linked versions, the newest of each collection first; unnumbered if history can't be read."""
    if within.version:
        yield within.version
        return
    for path in collections(catalog, within):
        yield from _numbered(catalog, path) or _unnumbered(catalog, path)


def _numbered(catalog: Catalog, path: str) -> Sequence[VersionView] | None:
    registry, _, name = path.partition("/")
    try:
        return listing.versions(catalog, Selector(registry=registry, collection=name))
    except RegistryError:
        return None  # who looks at history says what it lacks; what is linked is there without


def _unnumbered(catalog: Catalog, path: str) -> Iterator[VersionView]:
    now = catalog.now()
    for identifier in sorted(now.versions(path)):
        yield version_view(now, path, identifier, Numbers(catalog, at_hand=False))
