"""What each alias of a collection pointed at, when: bars on an axis of dates, and the same as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from git_registry.errors import RegistryError
from git_registry.index.events.history import Wanted
from git_registry.model.selector import of_version
from git_registry.sdk import auditing
from git_registry.sdk.views import named, shown
from git_registry.web.addresses import Address, of
from git_registry.web.hues import HUES
from git_registry.wording.authors import by

if TYPE_CHECKING:
    from git_registry.index.events.steps import Step
    from git_registry.index.events.terms import Term
    from git_registry.sdk.auditing import Held
    from git_registry.web.collection.versions import Place

MOST_ALIASES, MOST_TERMS = 8, 40
WIDTH, LEFT, HEIGHT, BAR = 1000.0, 130.0, 34, 22
NARROWEST, _LETTER = 6.0, 8.5
"""Of a bar, and what a letter of its label takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The time an alias named one version.

    Attributes:
        there: the version's page; None if it is not linked any more.
        version: `v3`.
        hue: the version's colour, the same in all rows.
        x, width: where it stands on the axis.
        label: the version, if there is room to write it.
    """

    version: str
    there: Address | None
    since: Step
    until: Step | None
    by: str
    hue: int
    x: float
    width: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One alias with its bars, the oldest first."""

    alias: str
    y: int
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A date on the axis."""

    text: str
    x: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All of it; without lanes if no alias ever pointed anywhere.

    Attributes:
        is_now: does the axis end now?
    """

    lanes: Sequence[Lane]
    ticks: Sequence[Tick]
    height: int
    is_now: bool = False


def timeline(place: Place, aliases: Sequence[str], now: datetime | None) -> Timeline:
    """Return what the aliases pointed at.

    Args:
        place: their collection.
        aliases: which ones; the first few are shown.
        now: where the axis ends, unless a commit has a later date; None to let it end a little after what
            happened last, so that a page that lies in a file stays the same until something happens.
    """
    held = [(alias, found) for alias in aliases[:MOST_ALIASES] if (found := _held(place, alias))]
    times = [end.committer.at for _, found in held for one in found.terms for end in _ends(one)]
    if not times:
        return Timeline(lanes=(), ticks=(), height=0)
    axis = _axis(min(times), max(times), now)
    lanes = [_lane(alias, found, axis, number) for number, (alias, found) in enumerate(held)]
    is_now = axis.until == now
    return Timeline(
        lanes=lanes,
        ticks=list(ticks(axis, _ROOM_OF_NOW if is_now else _ROOM)),
        height=HEIGHT * len(lanes),
        is_now=is_now,
    )


def _axis(first: datetime, last: datetime, now: datetime | None) -> Axis:
    if now is None or now < last:
        # Whoever commits chooses the date: it may be the last of the calendar.
        now = last + min(max(last - first, timedelta(minutes=1)) / 25, _LAST - last)
    return Axis(first, max(now, first + timedelta(microseconds=1)))


def _ends(term: Term) -> Iterator[Step]:
    yield term.since
    if term.until:
        yield term.until


def _held(place: Place, alias: str) -> Held | None:
    with suppress(RegistryError):
        return auditing.held(place.asked, place.name, alias, Wanted(limit=MOST_TERMS))
    return None


@dataclass(frozen=True, slots=True)
class Axis:
    """The time that is shown."""

    since: datetime
    until: datetime

    def x(self, at: datetime) -> float:
        """Return where a moment stands."""
        part = (at - self.since) / (self.until - self.since)
        return LEFT + (WIDTH - LEFT) * min(max(part, 0.0), 1.0)


def _lane(alias: str, found: Held, axis: Axis, number: int) -> Lane:
    terms = sorted((one for one in found.terms if one.version), key=lambda one: one.since.committer.at)
    places = spread([_place(one, axis) for one in terms])
    bars = [_bar(one, found, *place) for one, place in zip(terms, places, strict=True)]
    return Lane(alias=alias, y=number * HEIGHT, bars=bars)


def _place(term: Term, axis: Axis) -> tuple[float, float]:
    return axis.x(term.since.committer.at), axis.x(term.until.committer.at) if term.until else WIDTH


def spread(places: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    """Return where bars begin and end so that each can be seen: wide enough, and not under the next.

    Args:
        places: where they would begin and end, in their order; there has to be room for all of them.
    """
    edges = [edge for place in places for edge in place]
    gaps = [0.0 if number % 2 else NARROWEST for number in range(len(edges))]
    for number in range(1, len(edges)):
        edges[number] = max(edges[number], edges[number - 1] + gaps[number - 1])
    end = WIDTH
    for number in reversed(range(len(edges))):
        # Those that were pushed beyond the end push back.
        end = edges[number] = min(edges[number], end - (0.0 if number % 2 else NARROWEST))
    return list(zip(edges[::2], edges[1::2], strict=True))


def _bar(term: Term, found: Held, x: float, end: float) -> Bar:
    assert term.version
    version = shown(found.numbers, term.collection, term.version)
    return Bar(
        version=version,
        there=_there(term, found, version),
        since=term.since,
        until=term.until,
        by=by(term.since),
        hue=_hue(version, term.version),
        x=round(x, 1),
        width=round(end - x, 1),
        label=version if end - x > _LETTER * len(version) + 12 else "",
    )


def _hue(version: str, identifier: str) -> int:
    """Return the version's colour: by its number, so that one and the next are told apart."""
    number = version.removeprefix("v").removesuffix("?")
    return (int(number) if number.isdecimal() else int(identifier[:4], 16)) % HUES


def _there(term: Term, found: Held, version: str) -> Address | None:
    catalog = found.numbers.catalog
    if term.version is None or catalog.now().find(term.collection, term.version) is None:
        return None
    return of(of_version(named(catalog, term.collection), version))


_STEPS = (
    *((timedelta(minutes=one), "%H:%M") for one in (1, 5, 15, 30)),
    *((timedelta(hours=one), "%b %d %H:%M") for one in (1, 3, 6, 12)),
    *((timedelta(days=one), "%Y-%m-%d") for one in (1, 2, 7, 14, 30, 91, 182, 365, 730, 1826, 3652)),
    *((timedelta(days=one), "%Y-%m-%d") for one in (7_305, 18_262, 36_524, 182_621, 365_242, 730_485)),
)
_MOST_TICKS, _ROOM, _ROOM_OF_NOW = 6, 40, 64
"""Dates that are written, and what they keep free at the ends."""
_DAY_ONE = datetime(2001, 1, 1, tzinfo=UTC)
"""A Monday: weeks are counted from it."""
_LAST = datetime.max.replace(tzinfo=UTC)


def ticks(axis: Axis, room: float = _ROOM) -> Iterator[Tick]:
    """Yield the dates that are written below the axis, so far from its end."""
    span = axis.until - axis.since
    step, text = next(((one, text) for one, text in _STEPS if span / one <= _MOST_TICKS), _STEPS[-1])
    number = -(-(axis.since - _DAY_ONE) // step)
    while step * number <= axis.until - _DAY_ONE:
        at = _DAY_ONE + step * number
        x = axis.x(at)
        if LEFT + _ROOM <= x <= WIDTH - room:
            yield Tick(text=at.strftime(text), x=round(x, 1))
        number += 1
