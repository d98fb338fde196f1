"""Aliases as pages show them: which are protected, and the versions that they point at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.errors import InvalidDocument
from git_registry.model.layout import PROJECTS
from git_registry.model.selector import of_version
from git_registry.sdk.views import place_of, shown
from git_registry.web.addresses import Address, of

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog
    from git_registry.index.numbers import Numbers
    from git_registry.model.snapshot import Snapshot
    from git_registry.sdk.views import CollectionView


@dataclass(frozen=True, slots=True)
class Alias:
    """A name of a version; a protected one only admins may move."""

    name: str
    is_protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """An alias, and the version that it points at.

    Attributes:
        version: as it is shown: `v3`, `@3fa94c1b`.
        there: that version's page; None if it is not linked.
    """

    name: str
    is_protected: bool
    version: str
    there: Address | None


@dataclass(frozen=True, slots=True)
class Protected:
    """The protected aliases of a registry, without their case."""

    names: frozenset[str] = frozenset()

    def __contains__(self, alias: str) -> bool:
        return alias.casefold() in self.names

    def of(self, names: Iterable[str]) -> Sequence[Alias]:
        """Return aliases of one version, in their order."""
        return [Alias(name, name in self) for name in names]


def protected(catalog: Catalog, collection: str) -> Protected:
    """Return the aliases that are protected in a collection; none in an artifact of a project.

    None either where nobody can read which: that is told.
    """
    if collection.startswith(PROJECTS):
        return Protected()
    try:
        return protecting(catalog.now().access(collection.partition("/")[0]).protected_aliases)
    except InvalidDocument as problem:
        catalog.notify(f"which aliases are protected can't be read: {problem}")
        return Protected()


def protecting(names: Iterable[str]) -> Protected:
    """Return protected aliases by their names."""
    return Protected(frozenset(name.casefold() for name in names))


def pointers(now: Snapshot, view: CollectionView, which: Protected) -> Sequence[Pointer]:
    """Return the aliases of a collection, the protected ones first.

    Args:
        now: the branch that it is on.
        view: the collection.
        which: its protected aliases.
    """
    names = sorted(view.aliases, key=lambda name: (name not in which, name))
    return [_pointer(now, view, name, is_protected=name in which) for name in names]


def guarded(now: Snapshot, collection: str, which: Protected, known: Numbers) -> Iterator[Pointer]:
    """Yield the protected aliases of a collection, by name: those that point at a version that is linked.

    Args:
        now: the branch that it is on.
        collection: what a person calls it.
        which: its protected aliases.
        known: the numbers of its versions.
    """
    place = place_of(collection)
    for name in now.alias_names(place):
        pointed = _pointed(now, place, name) if name in which else None
        if pointed and now.find(place, pointed):
            version = shown(known, place, pointed)
            there = of(of_version(collection, version))
            yield Pointer(name=name, is_protected=True, version=version, there=there)


def _pointed(now: Snapshot, place: str, name: str) -> str | None:
    """Return the id of the version that an alias points at; None if nobody can read which."""
    with suppress(InvalidDocument):
        return now.alias(place, name)
    return None


def _pointer(now: Snapshot, view: CollectionView, name: str, *, is_protected: bool) -> Pointer:
    place, version = place_of(view.path), view.aliases[name]
    pointed = now.alias(place, name)
    is_there = bool(pointed and now.find(place, pointed))
    there = of(of_version(view.path, version)) if is_there else None
    return Pointer(name=name, is_protected=is_protected, version=version, there=there)
