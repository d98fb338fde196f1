"""The numbers of the versions that an answer names, read with it in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from git_registry.catalog.catalog import Catalog
from git_registry.index.events.renames import parts
from git_registry.index.moment import Moment
from git_registry.index.numbers import Numbers
from git_registry.model.events import AliasChange, Event
from git_registry.model.numbers import Numbered

# Of the numbers a version had at a place, the last counts.
_NUMBER = (
    "SELECT number, came FROM {part}.number WHERE chain = ? AND place = ? AND version = ? AND since <= ?"
    " ORDER BY since DESC LIMIT 1"
)
_COMMIT = "SELECT commit_id FROM {part}.step WHERE chain = ? AND position = ?"


@dataclass(frozen=True)
class Recalled(Numbers):
    """Numbers of which some are known already, so that a long history asks nothing for each of its lines.

    Attributes:
        known: (collection, id) → number of those.
        provisional: the commits that gave numbers which may still change.
    """

    known: Mapping[tuple[str, str], Numbered | None] = field(default_factory=dict)
    provisional: frozenset[str] = frozenset()

    def get(self, collection: str, version: str) -> Numbered | None:
        """See `Numbers.get`."""
        key = (collection, version)
        return self.known[key] if key in self.known else super().get(collection, version)

    def is_published(self, numbered: Numbered) -> bool:
        """See `Numbers.is_published`."""
        return numbered.commit not in self.provisional


def recall(moment: Moment, catalog: Catalog, versions: Iterable[tuple[str, str]]) -> Recalled:
    """Return the numbers as a catalog has them, those of some versions, (collection, id), at hand."""
    named = dict.fromkeys(versions)
    places = {path: moment.place(path) for path, _ in named}
    known = {(path, version): _numbered(moment, places[path], version) for path, version in named}
    return Recalled(catalog, known=known, provisional=frozenset(_provisional(moment)))


def versions(event: Event) -> Iterator[tuple[str, str]]:
    """Yield (collection, id) of the versions that an event names."""
    sides = (
        (event.before, event.after) if isinstance(event, AliasChange) else (getattr(event, "version", None),)
    )
    yield from ((event.path, version) for version in sides if version)


def _numbered(moment: Moment, place: int | None, version: str) -> Numbered | None:
    """Return a version's number; as `Moment.numbered`, but fast on a line that goes on beyond its chain."""
    chain = moment.line.on.id
    for part, last in reversed(list(parts(moment))):
        found = moment.rows(_NUMBER.format(part=part), chain, place, version, last)
        if found:
            number, came = found[0]
            step = "main" if came <= moment.line.position else "temp"
            ((commit,),) = moment.rows(_COMMIT.format(part=step), chain, came)
            return Numbered(number, commit)
    return None


def _provisional(moment: Moment) -> Iterator[str]:
    line = moment.line
    if line.published is None:
        return
    for part, last in parts(moment):
        asked = f"SELECT commit_id FROM {part}.step WHERE chain = ? AND position > ? AND position <= ?"
        rows = moment.rows(asked, line.on.id, min(line.position, line.published), last)
        yield from (commit for (commit,) in rows)
