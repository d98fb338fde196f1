"""What happened: the events of the organization, or of a part of it, with the step each happened in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from git_registry.index.chains import happenings
from git_registry.index.events.renames import parts
from git_registry.index.events.sources import EVERYTHING, Source, Subject, sources
from git_registry.index.events.steps import Step, signature
from git_registry.index.moment import Moment
from git_registry.model.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events.

    Attributes:
        subject: what they are about.
        kinds: only of these; all if empty.
        since, until: only of steps committed then, both ends included.
        by: only of steps whose author's or committer's name or address contains this, ignoring case.
        credited: commits of steps that are theirs besides, though somebody else made them.
        newest_first: which steps come first; the events of one step stay in their order.
        offset: how many are left out, from the first on.
        limit: so many at most.
    """

    subject: Subject = EVERYTHING
    kinds: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    by: str = ""
    credited: frozenset[str] = frozenset()
    newest_first: bool = True
    offset: int = 0
    limit: int | None = None

    def is_by(self, name: str, email: str) -> bool:
        """Is this somebody whose steps are wanted?"""
        return self.by.casefold() in f"{name} <{email}>".casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Step):
    """An event, and the step it happened in."""

    event: Event


_People = Mapping[int, tuple[str, str]]


def recorded(moment: Moment, wanted: Wanted) -> Sequence[Recorded]:
    """Return the events that are wanted, in order."""
    people = _known(moment)
    bounds = _bounds(wanted, people)
    found: dict[tuple[int, int], tuple[Any, ...]] = {}
    for source in sources(moment, wanted.subject):
        found |= {(row[0], row[1]): row for row in _rows(moment, wanted, source, bounds)}
    onward = -1 if wanted.newest_first else 1
    ordered = sorted(found, key=lambda key: (onward * key[0], key[1]))
    return [_recorded(found[key], people) for key in ordered[wanted.offset :][: wanted.limit]]


def positioned(moment: Moment, wanted: Wanted) -> Iterator[tuple[int, Event]]:
    """Yield the position of each event that is wanted, in no order: who made the step is not read."""
    bounds = _bounds(wanted, _known(moment))
    for source in sources(moment, wanted.subject):
        for position, kind, detail in _keys(moment, wanted, source, bounds, "e.position, e.kind, e.detail"):
            yield position, happenings.event(kind, detail)


def counted(moment: Moment, wanted: Wanted) -> int:
    """Return how many events are wanted, whatever the offset and the limit."""
    bounds = _bounds(wanted, _known(moment))
    several = tuple(sources(moment, wanted.subject))
    if len(several) > 1:
        return len({key for source in several for key in _keys(moment, wanted, source, bounds, _KEY)})
    return sum(count for source in several for (count,) in _keys(moment, wanted, source, bounds, "count(*)"))


_KEY = "e.position, e.ordinal"


def _keys(
    moment: Moment, wanted: Wanted, source: Source, bounds: Source, what: str
) -> Iterator[tuple[Any, ...]]:
    where = f"{source.where} AND {bounds.where}"
    # To count all there are, an index is read that holds less than half as much as they do.
    index = source.index or ("event_place" if where == "TRUE AND TRUE" else "")
    for part, last in parts(moment):
        query = _COUNT.format(
            what=what,
            part=part,
            indexed=f"INDEXED BY {index}" if index else "",
            step=_STEP.format(part=part) if "s." in bounds.where else "",
            where=where,
        )
        first = _first(moment, part, wanted.since)
        yield from moment.rows(query, moment.line.on.id, first, last, *source.values, *bounds.values)


def _known(moment: Moment) -> _People:
    return {one: (name, email) for one, name, email in moment.rows("SELECT id, name, email FROM person")}


def _bounds(wanted: Wanted, people: _People) -> Source:
    """Return what every row has to be like, whatever it is about; `s` is its step."""
    where = ["TRUE"]
    if wanted.kinds:
        where.append(f"e.kind IN ({', '.join('?' * len(wanted.kinds))})")
    for sign, date in ((">=", wanted.since), ("<=", wanted.until)):
        if date is not None:
            where.append(f"s.committed {sign} {int(date.timestamp())}")
    if wanted.by:
        marks = ", ".join(str(one) for one, named in people.items() if wanted.is_by(*named))
        theirs = f"s.author IN ({marks}) OR s.committer IN ({marks})"
        # There may be more of them than a query may have values.
        where.append(f"({theirs} OR s.commit_id IN (SELECT value FROM json_each(?)))")
    credited = (json.dumps(sorted(wanted.credited)),) if wanted.by else ()
    return Source(" AND ".join(where), (*sorted(wanted.kinds), *credited))


_STEP = " CROSS JOIN {part}.step AS s ON s.chain = e.chain AND s.position = e.position"
_COUNT = (
    "SELECT {what} FROM {part}.event AS e {indexed}{step}"
    " WHERE e.chain = ? AND e.position BETWEEN ? AND ? AND {where}"
)
_QUERY = (
    "SELECT e.position, e.ordinal, e.kind, e.detail,"
    " s.commit_id, s.author, s.authored, s.committer, s.committed, s.subject, s.proposal"
    f" FROM {{part}}.event AS e {{indexed}}{_STEP}"
    " WHERE e.chain = ? AND e.position BETWEEN ? AND ? AND {where}"
    " ORDER BY e.position {order}, e.ordinal LIMIT ?"
)


def _rows(moment: Moment, wanted: Wanted, source: Source, bounds: Source) -> Iterator[tuple[Any, ...]]:
    for part, last in parts(moment):
        query = _QUERY.format(
            part=part,
            indexed=f"INDEXED BY {source.index}" if source.index else "",
            where=f"{source.where} AND {bounds.where}",
            order="DESC" if wanted.newest_first else "ASC",
        )
        values = (
            *source.values,
            *bounds.values,
            -1 if wanted.limit is None else wanted.offset + wanted.limit,
        )
        yield from moment.rows(query, moment.line.on.id, _first(moment, part, wanted.since), last, *values)


def _first(moment: Moment, part: str, since: datetime | None) -> int:
    """Return the position before which nothing was committed since."""
    if since is None:
        return 0
    asked = (
        f"SELECT position FROM {part}.step WHERE chain = ? AND latest >= ? ORDER BY latest, position LIMIT 1"
    )
    found = moment.rows(asked, moment.line.on.id, int(since.timestamp()))
    return int(found[0][0]) if found else moment.line.end + 1


def _recorded(row: tuple[Any, ...], people: _People) -> Recorded:
    position, _, kind, detail, commit, author, authored, committer, committed, subject, proposal = row
    return Recorded(
        event=happenings.event(kind, detail),
        position=position,
        commit=commit,
        author=signature(*people[author], authored),
        committer=signature(*people[committer], committed),
        subject=subject,
        proposal=proposal,
    )
