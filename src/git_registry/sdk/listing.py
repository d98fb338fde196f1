"""What is there: the registries, the collections of one, the versions of one; and the same of a project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from git_registry.catalog.catalog import Catalog
from git_registry.errors import InvalidDocument, NotFound, UsageError
from git_registry.index.numbers import Numbers, numbers
from git_registry.index.opening import ask
from git_registry.model import layout
from git_registry.model import selector as selectors
from git_registry.model.documents.manifest import FileEntry
from git_registry.model.selector import Selector
from git_registry.sdk import mounts, selecting
from git_registry.sdk.mounts import Trust
from git_registry.sdk.views import (
    CollectionView,
    RegistryView,
    VersionView,
    collection_view,
    collection_views,
    registry_view,
    version_view,
    version_views,
)

if TYPE_CHECKING:
    from git_registry.sdk.projecting import ProjectView, RunView


def registries(catalog: Catalog) -> Sequence[RegistryView]:
    """Return all registries, by name; those of mounted repositories last, as they were fetched last.

    What can't be read without asking, because it is not trusted, is told.
    """
    return [registry_view(one, name) for one in places(catalog) for name in one.now().registries()]


def places(catalog: Catalog) -> Iterator[Catalog]:
    """Yield the clone and its mounted repositories, seen from where the registries are; see `registries`."""
    here = selecting.registries(catalog)
    yield here
    yield from _mounted(here)


def _mounted(catalog: Catalog) -> Iterator[Catalog]:
    """Yield the mounted repositories that were fetched; to who may read none of one, it is not there."""
    for one in mounts.mounts(catalog):
        if one.trust in (Trust.UNTRUSTED, Trust.CHANGED):
            catalog.notify(
                f"{one.name} is not shown: `git registry mount trust {one.name}` reads {one.shown}"
            )
        there = mounts.as_fetched(catalog, one.name) if one.trust is Trust.TRUSTED else None
        if there is not None:
            yield there


def collections(catalog: Catalog, registry: str) -> Sequence[CollectionView]:
    """Return the collections of a registry, or the artifacts of a project (`projects/churn`), by name.

    Raises:
        NotFound: there is no such registry or project; the nearest name is suggested.
        UsageError: it names a collection.
    """
    there, selector = selecting.place(catalog, registry)
    if selector.collection is not None:
        raise UsageError(f"{selector} is a collection", hint=f"`git registry list {selector}`")
    now = there.now()
    return collection_views(now, list(now.collections(selector.registry)), _countable(there))


def versions(catalog: Catalog, collection: Selector) -> Sequence[VersionView]:
    """Return a collection's linked versions, newest first.

    The catalog shows the branch that the selector is about: see `selecting.place`.

    Raises:
        NotFound: there is no such collection; the nearest name is suggested. Or the clone can't count them.
    """
    path = selecting.whole(catalog, collection)
    catalog.read_ahead(path)
    return list(version_views(catalog.now(), path, numbers(catalog, [path])))


def listed(catalog: Catalog, collection: Selector) -> Sequence[VersionView]:
    """Return the same for a list: without numbers where they can't be counted, last created first.

    Raises:
        NotFound: there is no such collection; the nearest name is suggested.
    """
    path, known = selecting.whole(catalog, collection), _countable(catalog)
    catalog.read_ahead(path)
    found = list(version_views(catalog.now(), path, known))
    if known.at_hand:
        return found
    return sorted(found, key=lambda one: one.manifest.created if one.manifest else "", reverse=True)


def show(catalog: Catalog, text: str) -> RegistryView | CollectionView | VersionView | ProjectView | RunView:
    """Return the one thing a selector names: a registry, a collection or a version, a project or its run.

    Where they can't be counted, versions have no numbers.

    Raises:
        NotFound: there is nothing by that name; the nearest is suggested.
        UsageError: the text is no selector.
    """
    run = selectors.parse_run(text)
    if run:
        from git_registry.sdk import projecting  # most of what is shown is in a registry

        return projecting.run(catalog, *run)
    there, selector = selecting.place(catalog, text)
    if selector.collection is None:
        return _whole(there, selector)
    path, now = selecting.collection(there, selector), there.now()
    if not selector.names_version:
        return collection_view(now, path, _countable(there))
    found = selecting.version(there, selector)
    return version_view(now, path, found.id, _countable(there))


def _whole(there: Catalog, selector: Selector) -> RegistryView | ProjectView:
    if not selector.project:
        return registry_view(there, selector.registry)
    from git_registry.sdk import projecting

    return projecting.project(there, selector.registry)


def _countable(catalog: Catalog) -> Numbers:
    """Return the numbers, for which a shallow clone fetches history; none if it shall stay as it is."""
    if catalog.repository.is_shallow:
        try:
            ask(catalog, lambda _moment: None)  # what it has read before it became shallow may be enough
        except NotFound:
            return Numbers(catalog, at_hand=False)
    return Numbers(catalog)


def card(catalog: Catalog, subject: str) -> str:
    """Return the card of a registry, collection, project or artifact, Markdown; empty if it has none.

    Where it can't be read, it says why.
    """
    there, selector = selecting.place(catalog, subject)
    path = layout.card_path(selector.path)
    if there.now().entry(path) is None:
        return ""
    try:
        return there.tree(there.tip()).content(path, at_most=layout.LARGEST_CARD).decode(errors="replace")
    except InvalidDocument as problem:
        return f"(unreadable: {problem})"


def files(catalog: Catalog, view: VersionView) -> Sequence[FileEntry] | None:
    """Return a version's files, read from the store where its manifest does not list them.

    Raises:
        StoreError: they can't be read, or are not what the manifest's digest names.
    """
    if view.manifest is None or view.manifest.file_list is None:
        return view.manifest.files if view.manifest else None
    from git_registry.sdk.blobs import blobs  # the store's libraries, only where a list is kept there

    there, _ = mounts.entered(catalog, view.collection)
    return blobs(there).entries(view.manifest, view.path)
