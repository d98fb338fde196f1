"""What an alias named, from when to when, and by whom.

An alias names a version while its document can be read and the version is linked, in a collection and a
registry that are there: what a verb says that was asked then. Events alone do not tell: a document may break,
or a registry go, with not a word about the alias.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.rolling import Documents
from git_registry.errors import InvalidDocument
from git_registry.index.events.history import Wanted, positioned
from git_registry.index.events.renames import Rename, carried, known_as, renames
from git_registry.index.events.sources import ALIAS_KINDS, Subject
from git_registry.index.events.steps import Step, steps
from git_registry.index.events.stretches import Stretch, all_standing, common, files, joined, standing
from git_registry.index.moment import Moment
from git_registry.index.storage.database import OPEN
from git_registry.model.documents.alias import Alias
from git_registry.model.events import AliasChange
from git_registry.model.layout import Kind, alias_path
from git_registry.model.snapshot import REGULAR, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The time an alias named a version, or none any more.

    Attributes:
        collection: its path when the term began.
        version: the id; None while it named none.
        since: the step that began it.
        until: the step that ended it; None if it lasts.
    """

    collection: str
    version: str | None
    since: Step
    until: Step | None


def terms(
    moment: Moment, catalog: Catalog, path: str, alias: str, *, last: int | None = None
) -> Sequence[Term]:
    """Return the terms of an alias of a collection, in the order they began; each ends where one begins.

    Args:
        moment: up to when.
        catalog: the clone.
        path: of the collection.
        alias: of which name.
        last: of how many that began last; None for all.
    """
    moved = renames(moment)
    known = known_as(path, moved)
    told = _told(moment, path, alias)
    named = [
        one
        for collection, last in known.items()
        for one in _named(_Place(moment, catalog, collection, alias, told))
        if one.during.since <= last
    ]
    found = list(_with_gaps(_carried(sorted(named, key=lambda one: one.during), moved)))
    found = found if last is None else found[max(len(found) - last, 0) :]
    taken = steps(moment, {at for one in found for at in (one.during.since, one.during.until) if at < OPEN})
    return [
        Term(
            collection=one.collection,
            version=one.version,
            since=taken[one.during.since],
            until=taken.get(one.during.until),
        )
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class Departure:
    """A rename that took an alias to another collection, which is not the one asked about.

    Attributes:
        step: in which it was.
        collection: the path from then on.
    """

    step: Step
    collection: str


def departures(moment: Moment, path: str, alias: str) -> Sequence[Departure]:
    """Return the renames that took an alias of a collection to where its terms are not told, oldest first."""
    moved = renames(moment)
    known = known_as(path, moved)
    left = [
        one
        for one in moved
        if one.before == path
        and one.position > known.get(one.after, -1)
        and carried(moment, one, (Kind.ALIAS,), alias)
    ]
    taken = steps(moment, [one.position for one in left])
    return [Departure(taken[one.position], one.after) for one in left]


@dataclass(frozen=True, slots=True)
class _Named:
    """What was named at a path, and when."""

    collection: str
    version: str | None
    during: Stretch


_Told = Mapping[tuple[str, int], str | None]
"""(collection, position) → the version that an alias points at from then on, where an event says so."""


def _told(moment: Moment, path: str, alias: str) -> _Told:
    wanted = Wanted(subject=Subject(path=path, alias=alias), kinds=frozenset(ALIAS_KINDS))
    return {
        (event.path, position): event.after
        for position, event in positioned(moment, wanted)
        if isinstance(event, AliasChange)
    }


@dataclass(frozen=True, slots=True)
class _Place:
    """An alias at a path."""

    moment: Moment
    catalog: Catalog
    collection: str
    alias: str
    told: _Told


def _named(place: _Place) -> Iterator[_Named]:
    """Yield what an alias named at a path, and when."""
    moment, collection = place.moment, place.collection
    pointed: dict[str, list[Stretch]] = {}
    for version, stretch in _pointed(place):
        pointed.setdefault(version, []).append(stretch)
    above = Kind.PROJECT if place.catalog.project else Kind.REGISTRY
    within = standing(moment, collection.partition("/")[0], above)
    there = joined(common(within, standing(moment, collection, Kind.COLLECTION)))
    linked = all_standing(moment, collection, Kind.VERSION, pointed)
    for version, stretches in pointed.items():
        for during in joined(common(common(stretches, linked.get(version, ())), there)):
            yield _Named(collection, version, during)


def _pointed(place: _Place) -> Iterator[tuple[str, Stretch]]:
    documents = Documents(place.catalog.reader)
    for stretch, entry in files(place.moment, place.collection, Kind.ALIAS, place.alias):
        at = (place.collection, stretch.since)
        version = place.told[at] if at in place.told else _said(documents, place, entry)
        if version is not None:
            yield version, stretch


def _said(documents: Documents, place: _Place, entry: Entry) -> str | None:
    """Return what a document says that no event tells of: it is spelled anew, moved along, or unreadable."""
    if entry.mode != REGULAR:
        return None
    try:
        return documents.read(entry.id, alias_path(place.collection, place.alias), Alias).version
    except InvalidDocument:
        return None


def _carried(named: Iterable[_Named], moved: Iterable[Rename]) -> Sequence[_Named]:
    """Return the same, but what went on at another path when its collection was renamed is one."""
    came_from = {(one.after, one.position): one.before for one in moved}
    found: list[_Named] = []
    lasting: dict[tuple[str, int], int] = {}
    for one in named:
        before = came_from.get((one.collection, one.during.since), one.collection)
        index = lasting.get((before, one.during.since))
        if index is not None and found[index].version == one.version:
            found[index] = replace(found[index], during=Stretch(found[index].during.since, one.during.until))
        else:
            index = len(found)
            found.append(one)
        lasting[one.collection, one.during.until] = index
    return found


def _with_gaps(named: Iterable[_Named]) -> Iterator[_Named]:
    """Yield the same, and between them and after them when nothing was named."""
    last: _Named | None = None
    for one in named:
        if last and last.during.until < one.during.since:
            yield _Named(last.collection, None, Stretch(last.during.until, one.during.since))
        yield one
        last = one if last is None or one.during.until >= last.during.until else last
    if last and last.during.until < OPEN:
        yield _Named(last.collection, None, Stretch(last.during.until, OPEN))
