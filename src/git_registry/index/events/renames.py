"""Under which paths a collection was known, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from git_registry.index.chains import happenings
from git_registry.index.kinds import KINDS
from git_registry.index.moment import Moment
from git_registry.index.storage.database import OPEN
from git_registry.model.events import CollectionRenamed
from git_registry.model.layout import Kind

_RENAMES = (
    "SELECT e.position, e.kind, e.detail FROM {part}.counter AS c"
    " CROSS JOIN {part}.event AS e ON e.chain = c.chain AND e.position = c.since AND e.place = c.place"
    " WHERE c.chain = ? AND +c.since <= ? AND e.kind = ? ORDER BY e.position"
)
"""Without the plus, SQLite looks at every event up to then, for each rename."""


@dataclass(frozen=True, slots=True)
class Rename:
    """A collection moved from one path to another, in the step at a position."""

    position: int
    before: str
    after: str


def parts(moment: Moment) -> Iterator[tuple[str, int]]:
    """Yield which tables hold the line, and the last position in each.

    `main` has the chain's own steps, `temp` those beyond it. The `now_` views have both, but there no index
    can be named, and none finds what comes last.
    """
    yield "main", moment.line.position
    if moment.line.end > moment.line.position:
        yield "temp", moment.line.end


def renames(moment: Moment) -> Sequence[Rename]:
    """Return every rename, the oldest first."""
    found = []
    for part, last in parts(moment):
        # Each rename has a row among the counters, and there are few of these.
        rows = moment.rows(_RENAMES.format(part=part), moment.line.on.id, last, CollectionRenamed.kind)
        for position, kind, detail in rows:
            event = happenings.event(kind, detail)
            assert isinstance(event, CollectionRenamed)
            found.append(Rename(position, event.before or "", event.path))
    return found


def known_as(path: str, all_renames: Iterable[Rename]) -> Mapping[str, int]:
    """Return each path a collection was known under, with the last position it was known so.

    What was at a path earlier on counts, too: its numbers go on there.
    """
    known = {path: OPEN}
    for rename in sorted(all_renames, key=lambda one: one.position, reverse=True):
        if rename.position <= known.get(rename.after, -1):
            known[rename.before] = max(known.get(rename.before, -1), rename.position - 1)
    return known


def carried(moment: Moment, rename: Rename, kinds: Iterable[Kind], name: str) -> bool:
    """Did an alias, or a version, move along with its collection?"""
    marks = ", ".join(str(KINDS[kind]) for kind in kinds)
    asked = (
        " SELECT 1 FROM {part}.entry WHERE chain = ? AND place = ?"
        f" AND kind IN ({marks}) AND name = ? AND since = ?"
    )
    place = moment.place(rename.after)
    return any(
        moment.rows(asked.format(part=part), moment.line.on.id, place, name, rename.position)
        for part, _ in parts(moment)
    )
