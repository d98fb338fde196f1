"""What is there: the registries, the collections of one, the versions of one."""

from __future__ import annotations

from collections.abc import Sequence

from git_registry.catalog.catalog import Catalog
from git_registry.errors import InvalidDocument, NotFound
from git_registry.index.numbers import Numbers, numbers
from git_registry.index.opening import ask
from git_registry.model import layout
from git_registry.model.documents.manifest import FileEntry
from git_registry.model.selector import Selector
from git_registry.sdk import selecting
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


def registries(catalog: Catalog) -> Sequence[RegistryView]:
    """Return all registries, by name."""
    now = catalog.now()
    return [registry_view(now, name) for name in now.registries()]


def collections(catalog: Catalog, registry: str) -> Sequence[CollectionView]:
    """Return a registry's collections, by name.

    Raises:
        NotFound: there is no such registry; the nearest name is suggested.
    """
    now = catalog.now()
    paths = list(now.collections(selecting.registry_named(now, registry)))
    return collection_views(now, paths, _countable(catalog))


def versions(catalog: Catalog, collection: Selector) -> Sequence[VersionView]:
    """Return a collection's linked versions, newest first.

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


def show(catalog: Catalog, text: str) -> RegistryView | CollectionView | VersionView:
    """Return the one thing a selector names: a registry, a collection, or a version.

    Where they can't be counted, versions have no numbers.

    Raises:
        NotFound: there is nothing by that name; the nearest is suggested.
        UsageError: the text is no selector.
    """
    now = catalog.now()
    selector = selecting.parse(now, text)
    if selector.collection is None:
        return registry_view(now, selector.registry)
    path = selecting.collection(catalog, selector)
    if not selector.names_version:
        return collection_view(now, path, _countable(catalog))
    found = selecting.version(catalog, selector)
    return version_view(now, path, found.id, _countable(catalog))


def _countable(catalog: Catalog) -> Numbers:
    """Return the numbers, for which a shallow clone fetches history; none if it shall stay as it is."""
    if catalog.repository.is_shallow:
        try:
            ask(catalog, lambda _moment: None)  # what it has read before it became shallow may be enough
        except NotFound:
            return Numbers(catalog, at_hand=False)
    return Numbers(catalog)


def card(catalog: Catalog, subject: str) -> str:
    """Return the card of a registry or collection, Markdown; empty if it has none, else what it can't be."""
    path = layout.card_path(subject)
    if catalog.now().entry(path) is None:
        return ""
    try:
        return catalog.tree(catalog.tip()).content(path, at_most=layout.LARGEST_CARD).decode(errors="replace")
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

    return blobs(catalog).entries(view.manifest, view.path)
