"""Versions that a proposal brings, or lets aliases point at, beside those whose place they take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from git_registry.model.events import AliasChange, Event, VersionChange
from git_registry.sdk.comparing import Comparison, Listed, side_by_side
from git_registry.sdk.under_review import UnderReview
from git_registry.sdk.views import VersionView

MOST = 40
"""So many are compared; what is left out is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """One version, beside the one before it.

    Attributes:
        collection: where both are.
        aliases: which are to point at it; none if it is linked and no more.
        comparison: the one before, if there is one, and the version.
    """

    collection: str
    aliases: tuple[str, ...]
    comparison: Comparison

    @property
    def version(self) -> VersionView:
        """Return the version that comes."""
        return self.comparison.versions[-1]

    @property
    def before(self) -> VersionView | None:
        """Return the version whose place it takes: an alias's, else the latest so far."""
        return self.comparison.versions[0] if len(self.comparison.versions) > 1 else None


_Pair = tuple[str, str | None, str]
"""Collection, the id before, the id that comes."""


def replacements(
    seen: UnderReview, events: Sequence[Event], listed: Listed
) -> tuple[tuple[Replacement, ...], int]:
    """Return what takes whose place, in the order of the events, and how many were not compared.

    Args:
        seen: what is reviewed.
        events: what it does.
        listed: gives a version's files.
    """
    pairs = _pairs(seen, events)
    found = tuple(islice(_compared(seen, pairs, listed), MOST))
    return found, max(len(pairs) - MOST, 0)


def arriving(events: Iterable[Event]) -> Iterator[tuple[str, str]]:
    """Yield collection and id of each version that is linked, or that an alias is to point at, once."""
    found: dict[tuple[str, str], None] = {}
    for event in events:
        if isinstance(event, AliasChange) and event.after is not None:
            found[event.path, event.after] = None
        elif isinstance(event, VersionChange) and event.kind == "version-linked":
            found[event.path, event.version] = None
    yield from found


def _pairs(seen: UnderReview, events: Sequence[Event]) -> dict[_Pair, list[str]]:
    """Return each pair, and the aliases that go from the one to the other."""
    pairs: dict[_Pair, list[str]] = {}
    for event in events:
        if isinstance(event, AliasChange) and event.after is not None:
            pairs.setdefault((event.path, event.before, event.after), []).append(event.alias)
    pointed = {(collection, after) for collection, _, after in pairs}
    for collection, version in arriving(events):
        if (collection, version) not in pointed:
            pairs[collection, seen.known.latest(collection), version] = []
    return pairs


def _compared(seen: UnderReview, pairs: dict[_Pair, list[str]], listed: Listed) -> Iterator[Replacement]:
    for (collection, before, after), aliases in pairs.items():
        view = seen.new(collection, after)
        was = seen.old(collection, before) if before and before != after else None
        if view is not None:
            versions = (was, view) if was else (view,)
            yield Replacement(
                collection=collection, aliases=tuple(aliases), comparison=side_by_side(versions, listed)
            )
