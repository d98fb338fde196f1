"""Which registries, collections and versions pass a filter and mention some words.

The index narrows the candidates down; `filters.matches` alone decides. So an answer is the same as if
everything had been looked at, and a filter that narrows nothing is answered, only slower.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import islice
from typing import ClassVar, Protocol

from git_registry.index.moment import Moment
from git_registry.index.search.narrowing import MOST, mentioning, narrowed, places_mentioning
from git_registry.index.search.paging import by_number, page, settle_ties
from git_registry.index.search.place_rows import Places, Standing, collections, registries
from git_registry.index.search.ranking import is_ranked, ranked
from git_registry.index.search.row import Row, Thing
from git_registry.index.search.version_rows import Versions
from git_registry.model.filters import All, Filter, Order, matches, mentions
from git_registry.model.filters.expression import every, fields_of
from git_registry.model.filters.values import found, is_number

_FIRST, _LATER = 250, 2_000
"""Candidates read at once: few at first, where the first may be enough."""

_SIGNS = re.compile(r"[*?[]")
"""What a pattern has and a name has not."""

MANY = 2_000
"""So many registries or collections that pass are not all counted, where a few are asked for."""

_IN_A_PLACE = frozenset({"registry", "collection"})
"""The fields of a version that its path tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is looked for.

    Attributes:
        kind: registries, collections or versions.
        filter: what they shall pass.
        words: what they shall mention, each of them; without their case.
        order: what they are sorted by; by default versions by when they were linked, the last first, and
            collections and registries by name.
        within: patterns of paths, `model` or `model/ch*`; one of them shall fit. None for everywhere.
        offset: how many to leave out from the beginning.
        limit: how many at most; None for all.
    """

    kind: Thing
    filter: Filter = All(())  # noqa: RUF009 - it can't change
    words: Sequence[str] = ()
    order: Order | None = None
    within: Sequence[str] = ()
    offset: int = 0
    limit: int | None = None

    @property
    def enough(self) -> int | None:
        """Return how many of the first are needed; None for all."""
        return None if self.limit is None or self.order else self.offset + self.limit

    def among(self, there: Sequence[Standing]) -> Sequence[Standing]:
        """Return those registries or collections that are looked at."""
        if not self.within:
            return there
        if any(_SIGNS.search(pattern) for pattern in self.within):
            return [one for one in there if self._fits(one.path)]
        names = frozenset(self.within)
        return [one for one in there if one.path in names or one.path.partition("/")[0] in names]

    def _fits(self, path: str) -> bool:
        registry = path.partition("/")[0]
        return any(
            fnmatchcase(path, pattern) or ("/" not in pattern and fnmatchcase(registry, pattern))
            for pattern in self.within
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    Attributes:
        rows: in order, with all that is shown of them.
        total: how many there are without offset and limit; None if not all were counted.
    """

    rows: Sequence[Row]
    total: int | None


class _Facts(Protocol):
    """Reads facts, part by part.

    Attributes:
        parts: the fields that each part brings.
        shown: the parts that are printed.
    """

    parts: ClassVar[Mapping[str, frozenset[str]]]
    shown: ClassVar[Sequence[str]]

    def read(self, rows: Sequence[Row], part: str) -> None: ...


def find(moment: Moment, question: Question) -> Answer:
    """Return what passes. The contents of files must have been read: see `opening.ask`."""
    return _versions(moment, question) if question.kind == "version" else _places(moment, question)


def _places(moment: Moment, question: Question) -> Answer:
    there = question.among(_standing(moment, question))
    reading = _Reading(Places(moment), question)
    if reading.asks_nothing:
        end = None if question.limit is None else question.offset + question.limit
        return Answer(reading.shown([one.row for one in there[question.offset : end]]), len(there))
    hits: list[Row] = []
    for batch, is_last in _growing(one.row for one in there):
        hits += reading.passing(batch)
        is_enough = question.enough is not None and len(hits) >= question.enough
        if is_enough and len(there) > MANY and not is_last:
            return reading.answer(hits, complete=False)
    return reading.answer(hits, complete=True)


def _standing(moment: Moment, question: Question) -> Sequence[Standing]:
    """Return the registries or collections that might pass."""
    there = registries(moment) if question.kind == "registry" else collections(moment)
    if not question.words or len(there) <= MANY:
        return there
    word = max(question.words, key=len)
    few = places_mentioning(word, moment)
    if few is None:
        return there
    return [one for one in there if one.place in few or word in one.path.casefold()]


def _versions(moment: Moment, question: Question) -> Answer:
    own = _conjuncts(question.filter)
    of_places = every(one for one in own if mentioned(one) <= _IN_A_PLACE)
    everywhere = collections(moment)
    there = question.among(everywhere)
    if of_places != All(()):
        there = [one for one in there if matches(of_places, _place_facts(one.path))]
    places = {one.place: one.path for one in there}
    versions = Versions(moment, places)
    reading = _Reading(versions, question)
    found = _of_one(versions, question, reading) or _best(versions, question, reading)
    if found is not None:
        return found
    hits: list[Row] = []
    complete = True
    candidates = _candidates(versions, question, whole=len(places) == len(everywhere))
    for batch, is_last in _growing(candidates):
        hits += reading.passing(batch)
        if not is_last and _is_enough(hits, question.enough, batch[-1]):
            complete = False
            break
    settle_ties(versions, hits)
    return reading.answer(hits, complete=complete)


def _of_one(versions: Versions, question: Question, reading: _Reading) -> Answer | None:
    """Return a part of all versions of one collection; None if something else is asked."""
    if question.words or question.limit is None or len(versions.places) != 1:
        return None
    if mentioned(question.filter) - _IN_A_PLACE:
        return None
    ((place, path),) = versions.places.items()
    if question.order is not None:
        return _in_order(versions, place, question.order, reading)
    rows = page(versions, place, question.offset, question.limit)
    return None if rows is None else Answer(reading.shown(rows), versions.moment.tally(path))


_MANY_TIMES = 100
"""Where so many times more are there than are asked for, the first few are found before all are sorted."""


def _in_order(versions: Versions, place: int, order: Order, reading: _Reading) -> Answer:
    """Return a part of the versions of a collection, which are sorted once, until something changes."""
    question, moment = reading.question, versions.moment
    end, total = question.offset + (question.limit or 0), moment.tally(versions.places[place])
    known = moment.remembered.setdefault("sorted", {})
    key = (place, order.field, order.descending)
    if key not in known:
        best = _best(versions, question, reading) if end * _MANY_TIMES <= total else None
        if best is not None:
            return replace(best, total=total)
        while len(known) >= _ORDERS:
            known.pop(next(iter(known)))
        known[key] = _sorted(versions, place, order, reading)
    wanted = known[key][question.offset : end]
    found = {row.id: row for row in versions.named((place, one) for one in wanted)}
    return Answer(reading.shown(reading.sortable([found[one] for one in wanted])), total)


_ORDERS = 8
"""Orders of collections that are remembered at once."""


def _sorted(versions: Versions, place: int, order: Order, reading: _Reading) -> list[str]:
    if order.field == "number":
        return by_number(versions.moment, place, descending=order.descending)
    rows = list(versions.everywhere())
    settle_ties(versions, rows)
    return [row.id for row in ordered(reading.sortable(rows), order)]


def _best(versions: Versions, question: Question, reading: _Reading) -> Answer | None:
    """Return the first few by a number or date; None if that can't be told without looking at everything."""
    order, limit = question.order, question.limit
    if order is None or limit is None or not is_ranked(order.field):
        return None
    enough = question.offset + limit
    hits: dict[tuple[int, str], Row] = {}
    seen: set[tuple[int, str]] = set()
    for value, keys in ranked(versions.moment, order.field, descending=order.descending):
        fresh = set(keys) - seen
        seen |= fresh
        passing = reading.passing(list(versions.named(fresh)))
        hits |= {(row.place, row.id): row for row in reading.sortable(passing)}
        # What is as good as the last may be followed by more of the same, linked later.
        if sum(_is_better(row, order, value) for row in hits.values()) >= enough:
            found = list(hits.values())
            settle_ties(versions, found)
            return reading.answer(found, complete=False)
    return None


def _is_better(row: Row, order: Order, value: float | str) -> bool:
    key, other = _key(row, order.field), _key_of(value)
    if key is None or other is None:
        return False
    return key > other if order.descending else key < other


def _candidates(versions: Versions, question: Question, *, whole: bool) -> Iterator[Row]:
    """Return the versions that might pass, what was linked last first."""
    moment = versions.moment
    few = narrowed(question.filter, moment, versions.places)
    if question.words:
        said = mentioning(max(question.words, key=len), moment)
        few = said if few is None or said.cost < few.cost else few
    all_of_them = versions.newest() if whole else versions.everywhere()
    if few is None:
        return all_of_them
    if _is_quicker_to_look(moment, question, few.cost):
        return _first_of(all_of_them, lambda: versions.named(few.found()))
    return versions.named(few.found()) if few.cost < MOST or question.words else all_of_them


_SOON = 15 * _FIRST
"""Candidates that are looked at one after the other before what is narrowed down is, after all."""


def _first_of(rows: Iterator[Row], few: Callable[[], Iterator[Row]]) -> Iterator[Row]:
    """Yield the first rows, and then those of a few that were not among them."""
    seen = set()
    for row in islice(rows, _SOON):
        seen.add((row.place, row.id))
        yield row
    yield from (row for row in few() if (row.place, row.id) not in seen)


def _is_quicker_to_look(moment: Moment, question: Question, cost: int) -> bool:
    """Are so many among the candidates that the first few are soon come by, if they pass?"""
    if question.enough is None:
        return False
    ((documents,),) = moment.rows("SELECT max(id) FROM main.content")
    return cost * cost > question.enough * (documents or 0)


def _conjuncts(filter: Filter) -> Sequence[Filter]:  # noqa: A002 - what it is
    return filter.parts if isinstance(filter, All) else (filter,)


def _place_facts(path: str) -> Mapping[str, str]:
    registry, _, collection = path.partition("/")
    return {"registry": registry, "collection": collection}


def _growing(rows: Iterator[Row]) -> Iterator[tuple[list[Row], bool]]:
    """Yield rows in batches, and whether there are no others; whoever stops has read no more."""
    size = _FIRST
    while batch := list(islice(rows, size)):
        yield batch, len(batch) < size
        size = min(2 * size, _LATER)


def _is_enough(hits: Sequence[Row], enough: int | None, last: Row) -> bool:
    # Versions of one step are sorted by their numbers later, so a step is looked at whole.
    if enough is None or len(hits) < enough:
        return False
    return enough == 0 or last.since < hits[enough - 1].since


def mentioned(filter: Filter) -> frozenset[str]:  # noqa: A002 - what it is
    """Return the fields that a filter asks about, of `metrics.auc` the first part."""
    return frozenset(field.partition(".")[0] for field in fields_of(filter))


class _Reading:
    """Holds candidates against a question, reading no more of them than that takes."""

    def __init__(self, facts: _Facts, question: Question) -> None:
        self._facts = facts
        self.question = question
        asked = mentioned(question.filter) | ({"words"} if question.words else frozenset())
        self._needed = [part for part, fields in facts.parts.items() if fields & asked]
        by = {question.order.field.partition(".")[0]} if question.order else frozenset[str]()
        self._sorting = [
            part for part, fields in facts.parts.items() if fields & by and part not in self._needed
        ]

    @property
    def asks_nothing(self) -> bool:
        """Does everything pass, in the order it has?"""
        return self.question.filter == All(()) and not (self._needed or self.question.order)

    def passing(self, rows: Sequence[Row]) -> list[Row]:
        """Return those that pass."""
        self._read(rows, self._needed)
        question = self.question
        return [
            row
            for row in rows
            if matches(question.filter, row.facts)
            and (not question.words or mentions(question.words, row.words.values()))
        ]

    def sortable(self, hits: Sequence[Row]) -> Sequence[Row]:
        """Return the rows with what they are sorted by."""
        self._read(hits, self._sorting)
        return hits

    def answer(self, hits: list[Row], *, complete: bool) -> Answer:
        """Return the part that was asked for, sorted, and whole."""
        question = self.question
        if question.order:
            hits = ordered(self.sortable(hits), question.order)
        end = None if question.limit is None else question.offset + question.limit
        rows = self.shown(hits[question.offset : end])
        return Answer(rows, len(hits) if complete else None)

    def shown(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows with what is printed of them."""
        self._read(rows, [part for part in self._facts.shown if part not in {*self._needed, *self._sorting}])
        return rows

    def _read(self, rows: Sequence[Row], parts: Iterable[str]) -> None:
        for part in parts:
            self._facts.read(rows, part)


def ordered(rows: Sequence[Row], by: Order) -> list[Row]:
    """Return the rows sorted; numbers before texts, and what has no such value at the end."""
    valued = [(row, key) for row in rows if (key := _key(row, by.field)) is not None]
    without = [row for row in rows if _key(row, by.field) is None]
    # What is equal keeps the order it has, whichever way it goes.
    valued.sort(key=lambda pair: pair[1], reverse=by.descending)
    return [row for row, _ in valued] + without


def _key(row: Row, field: str) -> tuple[bool, float, str] | None:
    return next((key for value in found(row.facts, field) if (key := _key_of(value))), None)


def _key_of(value: object) -> tuple[bool, float, str] | None:
    if isinstance(value, str):
        return (True, 0, value)
    if isinstance(value, int | float) and is_number(value) and value == value:
        return (False, value, "")
    return None
