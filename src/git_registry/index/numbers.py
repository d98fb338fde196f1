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
    _one: dict[tuple[str, str], Numbered | None] = field(default_factory=dict, repr=False)
    _latest: dict[str, str | None] = field(default_factory=dict, repr=False)
    _tallies: dict[str, int] = field(default_factory=dict, repr=False)
    _published: dict[str, bool] = field(default_factory=dict, repr=False)

    def of(self, collection: str) -> dict[str, Numbered]:
        """Return id → number of every version that ever was linked in a collection."""
        if not self.at_hand:
            return {}
        if collection not in self._whole:

            def whole(moment: Moment) -> dict[str, Numbered]:
                found = moment.numbers(collection)
                self._look_for_published(moment, found.values())
                return found

            self._whole[collection] = ask(self.catalog, whole)
        return self._whole[collection]

    def get(self, collection: str, version: str) -> Numbered | None:
        """Return a version's number and step, or None if it never was linked on this branch."""
        if collection in self._whole or not self.at_hand:
            return self._whole.get(collection, {}).get(version)
        if (collection, version) not in self._one:
            self.learn([(collection, version)])
        return self._one[collection, version]

    def learn(self, versions: Iterable[tuple[str, str]], latest: Iterable[str] = ()) -> None:
        """Look up many in one question: a question for each row of a list costs more than the list.

        Args:
            versions: collection and id of each whose number will be asked for.
            latest: the collections whose latest version will be, and how many are linked there.
        """
        wanted, newest = list(versions), list(latest)

        def look_up(moment: Moment) -> None:
            self._one.update({one: moment.numbered(*one) for one in wanted})
            self._latest.update({one: moment.latest(one) for one in newest})
            self._tallies.update({one: moment.tally(one) for one in newest})
            self._look_for_published(moment, (self._one[one] for one in wanted))

        if self.at_hand:
            ask(self.catalog, look_up)

    def _look_for_published(self, moment: Moment, found: Iterable[Numbered | None]) -> None:
        commits = {one.commit for one in found if one}
        self._published.update({commit: moment.is_published(commit) for commit in commits})

    def find(self, collection: str, wanted: int) -> str | None:
        """Return the id that has a number, linked or retired."""
        return self._ask(lambda moment: moment.with_number(collection, wanted))

    def highest(self, collection: str) -> int | None:
        """Return the highest number given so far, or None."""
        return self._ask(lambda moment: moment.highest(collection))

    def latest(self, collection: str) -> str | None:
        """Return the linked version with the highest number, or None if nothing is linked."""
        if collection not in self._latest:
            self.learn((), [collection])
        return self._latest.get(collection)

    def tally(self, collection: str) -> int | None:
        """Return how many versions are linked; None where history is not at hand."""
        if collection not in self._tallies:
            self.learn((), [collection])
        return self._tallies.get(collection)

    def is_published(self, numbered: Numbered) -> bool:
        """Is the number permanent: does the upstream's own line hold its step?"""
        commit = numbered.commit
        if commit not in self._published:
            self._published[commit] = ask(self.catalog, lambda moment: moment.is_published(commit))
        return self._published[commit]

    def _ask(self, question: Callable[[Moment], T | None]) -> T | None:
        return ask(self.catalog, question) if self.at_hand else None


def settled(catalog: Catalog) -> Numbers:
    """Return the numbers at a commit that counts as published, whatever this clone follows; as `at_hand`."""
    return _Settled(catalog, at_hand=not catalog.repository.is_shallow)


class _Settled(Numbers):
    def is_published(self, numbered: Numbered) -> bool:  # noqa: ARG002
        return True


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
