"""What there is, at a glance: as much as a page shows, however much there is besides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.errors import UsageError
from git_registry.index.events.history import Wanted
from git_registry.index.numbers import numbers
from git_registry.index.opening import ask
from git_registry.index.search.place_rows import Places
from git_registry.sdk import auditing, listing, selecting, starring
from git_registry.sdk.auditing import History
from git_registry.sdk.searching import Search, search
from git_registry.sdk.views import CollectionView, RegistryView, collection_views, place_of, registry_view


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryOverview:
    """A registry among all.

    Attributes:
        view: its document, and how many collections it has.
        versions: how many are linked in it.
        latest: the last that happened there.
        starred: does it stand first for whoever has this clone?
    """

    view: RegistryView
    versions: int
    latest: History
    starred: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionOverview:
    """A collection among those of its registry.

    Attributes:
        view: its document, its aliases, how many versions, and the latest.
        changed: when anything happened to it last, as documents write dates.
    """

    view: CollectionView
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionsPage:
    """Some collections, and how many there are in all."""

    collections: tuple[CollectionOverview, ...]
    total: int


def registries(catalog: Catalog) -> tuple[RegistryOverview, ...]:
    """Return all registries: starred ones first, then by name; those of mounted repositories last.

    Raises:
        NotFound: the clone lacks history and may not fetch it.
    """
    stars = frozenset(starring.starred(catalog))
    found = [one for there in listing.places(catalog) for one in _registries(there, stars)]
    return tuple(sorted(found, key=lambda one: not one.starred))


def _registries(there: Catalog, stars: frozenset[str]) -> Iterator[RegistryOverview]:
    names = list(there.now().registries())
    counted = ask(there, lambda moment: {name: moment.tally(name) for name in names})
    for name in names:
        view = registry_view(there, name)
        yield RegistryOverview(
            view=view,
            versions=counted[name],
            latest=auditing.history(there, name, Wanted(limit=1)),
            starred=view.path in stars,
        )


def collections(
    catalog: Catalog, registry: str, *, offset: int = 0, limit: int | None = None, order: str = "name"
) -> CollectionsPage:
    """Return some collections of a registry, or some artifacts of a project (`projects/churn`).

    Args:
        catalog: the clone.
        registry: whose.
        offset: how many to leave out from the beginning.
        limit: how many at most; None for all.
        order: what they are sorted by, `name`, `title`, `created_at` or `updated_at`; `-` in front for
            descending.

    Raises:
        NotFound: there is no such registry or project; the nearest name is suggested. Or the clone lacks
            history and may not fetch it.
        UsageError: it names a collection, or they can't be sorted so.
    """
    there, selector = selecting.place(catalog, registry)
    if selector.collection is not None:
        raise UsageError(f"{selector} is a collection", hint="name its registry")
    found = search(
        there,
        Search(
            kind="collection",
            within=(selector.registry,),
            project=selector.registry if selector.project else "",
            order="" if order == "name" else order,
            offset=offset,
            limit=limit,
        ),
    )
    ask(there, lambda moment: Places(moment).read(found.rows, "updated"))
    views = collection_views(there.now(), [place_of(row.path) for row in found.rows], numbers(there))
    shown = zip(views, found.rows, strict=True)
    assert found.total is not None  # without words, all are counted
    return CollectionsPage(
        collections=tuple(
            CollectionOverview(view=view, changed=row.facts["updated_at"]) for view, row in shown
        ),
        total=found.total,
    )
