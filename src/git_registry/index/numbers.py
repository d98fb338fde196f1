"""The version numbers of a branch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from git_registry.catalog.catalog import Catalog
from git_registry.index.moment import Moment
from git_registry.index.opening import ask
from git_registry.model.numbers import Numbered

T = TypeVar("T")


@dataclass(frozen=True)
class Numbers:
    """The numbers at the commit a catalog reads; each is looked up when it is asked for.

    Attributes:
        catalog: the clone.
        at_hand: is there anything to ask? A shallow clone that shall not fetch can't count.
    """

    catalog: Catalog
    at_hand: bool = True
    _whole: dict[str, dict[str, Numbered]] = field(default_factory=dict, repr=False)
    _published: dict[str, bool] = field(default_factory=dict, repr=False)

    def of(self, collection: str) -> dict[str, Numbered]:
        """Return id → number of every version that ever was linked in a collection."""
        if not self.at_hand:
            return {}
        if collection not in self._whole:
            self._whole[collection] = self._told(lambda moment: moment.numbers(collection))
        return self._whole[collection]

    def get(self, collection: str, version: str) -> Numbered | None:
        """Return a version's number and step, or None if it never was linked on this branch."""
        if collection in self._whole or not self.at_hand:
            return self._whole.get(collection, {}).get(version)

        def one(moment: Moment) -> dict[str, Numbered]:
            found = moment.numbered(collection, version)
            return {version: found} if found else {}

        return self._told(one).get(version)

    def _told(self, question: Callable[[Moment], dict[str, Numbered]]) -> dict[str, Numbered]:
        """Return some numbers, and learn in the same breath which of their steps are published."""

        def both(moment: Moment) -> tuple[dict[str, Numbered], dict[str, bool]]:
            found = question(moment)
            return found, {one.commit: moment.is_published(one.commit) for one in found.values()}

        found, published = ask(self.catalog, both)
        self._published.update(published)
        return found

    def find(self, collection: str, wanted: int) -> str | None:
        """Return the id that has a number, linked or retired."""
        return self._ask(lambda moment: moment.with_number(collection, wanted))

    def highest(self, collection: str) -> int | None:
        """Return the highest number given so far, or None."""
        return self._ask(lambda moment: moment.highest(collection))

    def latest(self, collection: str) -> str | None:
        """Return the linked version with the highest number, or None if nothing is linked."""
        return self._ask(lambda moment: moment.latest(collection))

    def is_published(self, numbered: Numbered) -> bool:
        """Is the number permanent: does the upstream's own line hold its step?"""
        commit = numbered.commit
        if commit not in self._published:
            self._published[commit] = ask(self.catalog, lambda moment: moment.is_published(commit))
        return self._published[commit]

    def _ask(self, question: Callable[[Moment], T | None]) -> T | None:
        return ask(self.catalog, question) if self.at_hand else None


def numbers(catalog: Catalog, collections: Iterable[str] = ()) -> Numbers:
    """Return the numbers at the commit that is read; those of `collections` are all read at once.

    A shallow clone fetches the history it lacks first, unless `registry.deepen` is false.

    Raises:
        NotFound: the clone is shallow and may not be deepened.
    """
    known = Numbers(catalog)
    for collection in collections:
        known.of(collection)
    return known


def at_hand(catalog: Catalog) -> Numbers:
    """Return the numbers for what is said or printed: nothing is fetched for it.

    There are none in a clone that lacks history.
    """
    return Numbers(catalog, at_hand=not catalog.repository.is_shallow)
