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
_NARROWEST, _LETTER = 3.0, 8.5
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
    """All of it; without lanes if no alias ever pointed anywhere."""

    lanes: Sequence[Lane]
    ticks: Sequence[Tick]
    height: int


def timeline(place: Place, aliases: Sequence[str], now: datetime | None) -> Timeline:
    """Return what the aliases pointed at.

    Args:
        place: their collection.
        aliases: which ones; the first few are shown.
        now: where the axis ends; None to let it end a little after what happened last, so that a page that
            lies in a file stays the same until something happens.
    """
    held = [(alias, found) for alias in aliases[:MOST_ALIASES] if (found := _held(place, alias))]
    times = [end.committer.at for _, found in held for one in found.terms for end in _ends(one)]
    if not times:
        return Timeline(lanes=(), ticks=(), height=0)
    first, last = min(times), max(times)
    # Whoever commits chooses the date: it may be the last of the calendar.
    beyond = min(max(last - first, timedelta(minutes=1)) / 25, _LAST - last)
    axis = Axis(first, max(last + beyond, now or first, first + timedelta(microseconds=1)))
    lanes = [_lane(alias, found, axis, number) for number, (alias, found) in enumerate(held)]
    return Timeline(lanes=lanes, ticks=list(ticks(axis)), height=HEIGHT * len(lanes))


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
    bars = [_bar(one, found, axis) for one in terms]
    return Lane(alias=alias, y=number * HEIGHT, bars=bars)


def _bar(term: Term, found: Held, axis: Axis) -> Bar:
    assert term.version
    version = shown(found.numbers, term.collection, term.version)
    x = axis.x(term.since.committer.at)
    width = max((axis.x(term.until.committer.at) if term.until else WIDTH) - x, _NARROWEST)
    return Bar(
        version=version,
        there=_there(term, found, version),
        since=term.since,
        until=term.until,
        by=by(term.since),
        hue=_hue(version, term.version),
        x=round(min(x, WIDTH - width), 1),
        width=round(width, 1),
        label=version if width > _LETTER * len(version) + 12 else "",
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
_MOST_TICKS, _ROOM = 6, 40
_DAY_ONE = datetime(2001, 1, 1, tzinfo=UTC)
"""A Monday: weeks are counted from it."""
_LAST = datetime.max.replace(tzinfo=UTC)


def ticks(axis: Axis) -> Iterator[Tick]:
    """Yield the dates that are written below the axis."""
    span = axis.until - axis.since
    step, text = next(((one, text) for one, text in _STEPS if span / one <= _MOST_TICKS), _STEPS[-1])
    number = -(-(axis.since - _DAY_ONE) // step)
    while step * number <= axis.until - _DAY_ONE:
        at = _DAY_ONE + step * number
        x = axis.x(at)
        if LEFT + _ROOM <= x <= WIDTH - _ROOM:
            yield Tick(text=at.strftime(text), x=round(x, 1))
        number += 1
