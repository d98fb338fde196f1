"""From a filter to the versions that might pass it: never too few, often few, found through what is indexed.

Only what must hold narrows: one part of an `All` is enough, the one that leaves fewest; an `Any` does if all
its parts do. Whoever asked holds the versions against the whole filter afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple, TypeAlias

from git_registry.index.batches import asked
from git_registry.index.events.renames import parts
from git_registry.index.kinds import KINDS
from git_registry.index.moment import Moment
from git_registry.index.search.version_rows import pointing
from git_registry.model.digest import ID_LENGTH
from git_registry.model.filters import All, Any, Filter, Test
from git_registry.model.filters.values import is_number
from git_registry.model.layout import Kind

Keys: TypeAlias = Iterable[tuple[int, str]]
"""Versions, each by the number of its collection's path in the tables and its id."""

MOST: Final = 30_000
"""Facts that are counted. What narrows no further is of little use."""

_VERSION = KINDS[Kind.VERSION]
_READ = f"({_VERSION}, {KINDS[Kind.NOTES]})"
"""The kinds of files that hold what is known of a version; and what they are read as, which is the same."""

_PLACES = f"({KINDS[Kind.REGISTRY]}, {KINDS[Kind.COLLECTION]}, {KINDS[Kind.COLLECTION_CARD]})"
_OF_PLACES = _PLACES.replace(")", f", {KINDS[Kind.REGISTRY_CARD]})")
"""The kinds of files that hold what is known of registries and collections; all cards are read as one."""

_SAYING = (
    "FROM main.words AS w CROSS JOIN main.content AS c ON c.words = w.id"
    " WHERE w.form IN {forms} AND instr(w.text, ?) > 0"
)
_ITS_FILES = "e.blob = c.blob AND e.chain = ?"
_SEVERAL = 2_000
"""Contents whose files are counted; more are enough to tell."""
_FEW_PLACES = 1_000

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_NUMBERED = re.compile(r"v(0|[1-9][0-9]{0,8})", re.ASCII)
_HALF = re.compile("[\ud800-\udfff]")
_MOST_INDEXES = 3
_MOST_VALUES = 500
_INT64 = range(-(1 << 63), 1 << 63)


class Narrowed(NamedTuple):
    """Some of the versions.

    Attributes:
        cost: about how many they are; at most `MOST` of each part.
        found: gives them, some of them twice, and some that are not linked.
    """

    cost: int
    found: Callable[[], Keys]


def narrowed(filter: Filter, moment: Moment, places: Mapping[int, str]) -> Narrowed | None:  # noqa: A002
    """Return the versions that might pass, or None if nothing in the filter tells.

    Args:
        filter: what they shall pass.
        moment: when.
        places: the collections they are in.
    """
    match filter:
        case All(parts):
            found = [one for one in (narrowed(part, moment, places) for part in parts) if one]
            return min(found, key=lambda one: one.cost, default=None)
        case Any(parts):
            each = [narrowed(part, moment, places) for part in parts]
            return None if None in each else _together([one for one in each if one])
        case Test(field):
            by = _BY.get(field) or _BY.get(field.partition(".")[0])
            return by(filter, moment, places) if by else None
    return None


def mentioning(word: str, moment: Moment) -> Narrowed:
    """Return the versions in whose manifest or notes a word occurs."""
    where = _SAYING.format(forms=_READ)
    cost = _files(moment, where, (word,))
    return Narrowed(
        cost, lambda: holding(moment, [blob for (blob,) in moment.rows(f"SELECT c.blob {where}", word)])
    )


def _files(moment: Moment, where: str, values: Sequence[object]) -> int:
    """Return about how many files there are of the contents `c`: notes that say the same are one content."""
    ((contents,),) = moment.rows(f"SELECT count(*) FROM (SELECT 1 {where} LIMIT {_SEVERAL})", *values)
    if contents == _SEVERAL:
        ((contents,),) = moment.rows(f"SELECT count(*) FROM (SELECT 1 {where} LIMIT {MOST})", *values)
        return int(contents)
    there = where.replace(
        " WHERE ", f" CROSS JOIN main.entry AS e INDEXED BY entry_blob WHERE {_ITS_FILES} AND "
    )
    ((files,),) = moment.rows(
        f"SELECT count(*) FROM (SELECT 1 {there} LIMIT {MOST})", moment.line.on.id, *values
    )
    return int(files)


def places_mentioning(word: str, moment: Moment) -> set[int] | None:
    """Return the registries and collections in whose document or card a word occurs, and some others.

    None if they are many: then it is quicker to look at all, in order, until there are enough.
    """
    where = _SAYING.format(forms=_PLACES)
    found = moment.rows(f"SELECT c.blob {where} LIMIT {_FEW_PLACES + 1}", word)
    if len(found) > _FEW_PLACES:
        return None
    blobs = [blob for (blob,) in found]
    return {place for place, _ in _holding(moment, blobs, _OF_PLACES)}


def _together(parts: Sequence[Narrowed]) -> Narrowed:
    return Narrowed(sum(part.cost for part in parts), lambda: (key for part in parts for key in part.found()))


def _by_fact(test: Test, moment: Moment, _places: Mapping[int, str]) -> Narrowed | None:
    limits = _limits(test)
    if limits is None:
        return None
    names = _names(_FACTS.get(test.field, test.field))
    fields = [field for (field,) in asked(moment, "SELECT id FROM main.field WHERE name IN ({names})", names)]
    return _together([_with_fact(moment, field, limits) for field in fields])


def _by_run(test: Test, moment: Moment, places: Mapping[int, str]) -> Narrowed | None:
    """A run is known by its project, too, which is no fact: its id alone finds enough."""
    return _by_text(test, moment, places, lambda name: name.rpartition("/")[2])


def _by_source(test: Test, moment: Moment, places: Mapping[int, str]) -> Narrowed | None:
    """A source is known by its version, too, which is no fact: its artifact finds enough."""
    return _by_text(test, moment, places, lambda name: name.rpartition("@")[0])


def _by_text(
    test: Test, moment: Moment, places: Mapping[int, str], fact: Callable[[str], str]
) -> Narrowed | None:
    names = _texts(test)
    if names is None:
        return None
    return _by_fact(Test(test.field, "$in", (*names, *map(fact, names))), moment, places)


class _Limits(NamedTuple):
    """What a fact's value must be, as SQL, and what stands for its question marks."""

    sql: str
    values: tuple[object, ...]


def _with_fact(moment: Moment, field: int, limits: _Limits) -> Narrowed:
    where = (
        "FROM main.fact AS f CROSS JOIN main.content AS c ON c.id = f.content"
        f" WHERE f.field = ? AND {limits.sql} AND c.form IN {_READ}"
    )
    values = (field, *limits.values)

    def keys() -> Keys:
        return holding(moment, [blob for (blob,) in moment.rows(f"SELECT DISTINCT c.blob {where}", *values)])

    return Narrowed(_files(moment, where, values), keys)


def holding(moment: Moment, blobs: Sequence[str]) -> Keys:
    """Return the versions whose manifest or notes ever was one of these: which are now, is soon looked up."""
    return _holding(moment, blobs, _READ)


def _holding(moment: Moment, blobs: Sequence[str], kinds: str) -> Keys:
    # Left alone, SQLite reads the whole chain instead of seeking a hundred blobs.
    there = f"entry INDEXED BY entry_blob WHERE chain = ? AND kind IN {kinds} AND blob IN ({{names}})"
    for part, _ in parts(moment):
        yield from asked(moment, f"SELECT place, name FROM {part}.{there}", blobs, moment.line.on.id)


def _names(field: str) -> set[str]:
    """Return the names a fact may have: an index into a list is no part of them, and looks like a key."""
    tree, *path = field.split(".")
    indexes = [at for at, step in enumerate(path) if _INDEX.fullmatch(step)]
    left_out = (some for count in range(len(indexes) + 1) for some in combinations(indexes, count))
    return {".".join((tree, *(step for at, step in enumerate(path) if at not in some))) for some in left_out}


def _limits(test: Test) -> _Limits | None:
    """Return what the table can tell of a test; None if a value that it lacks might pass."""
    operand = test.operand
    if sum(bool(_INDEX.fullmatch(step)) for step in test.field.split(".")) > _MOST_INDEXES:
        return None
    match test.operator:
        case "$eq":
            return _Limits("f.value = ?", (operand,)) if _is_kept(operand) else None
        case "$in":
            values = operand if isinstance(operand, tuple) else ()
            few = len(values) <= _MOST_VALUES and all(map(_is_kept, values))
            return _Limits(f"f.value IN ({', '.join('?' * len(values))})", values) if few else None
        case "$gt" | "$gte" | "$lt" | "$lte":
            return _ordered(test) if _is_kept(operand) else None
        case "$contains" if isinstance(operand, str) and _is_kept(operand):
            return _Limits("f.value >= '' AND instr(f.value, ?) > 0", (operand,))
        case "$contains":
            return _Limits("f.value = ?", (operand,)) if _is_kept(operand) else None
        case "$regex":
            return _Limits("f.value >= ''", ())
    return None


_SIGNS = {"$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}


def _ordered(test: Test) -> _Limits:
    # Every number comes before every text; a comparison finds only its own kind.
    own = "f.value < ''" if is_number(test.operand) else "f.value >= ''"
    return _Limits(f"f.value {_SIGNS[test.operator]} ? AND {own}", (test.operand,))


def _is_kept(operand: object) -> bool:
    """Is it a value that the table has if a document has it, and that SQLite can be given?"""
    if isinstance(operand, str):
        return not _HALF.search(operand)
    if isinstance(operand, int):
        return not isinstance(operand, bool) and operand in _INT64
    return isinstance(operand, float)


def _by_alias(test: Test, moment: Moment, places: Mapping[int, str]) -> Narrowed | None:
    names = _texts(test)
    if names is None:
        return None

    def keys() -> Keys:
        if "latest" in names:
            for place, path in places.items():
                latest = moment.latest(path)
                if latest is not None:
                    yield place, latest
        for place, aliases in pointing(moment, places, names):
            yield from ((place, version) for version in aliases.values())

    return Narrowed(len(places), keys)


_FEW: Final = 100


def _by_version(test: Test, moment: Moment, places: Mapping[int, str]) -> Narrowed | None:
    names = _texts(test)
    if names is None:
        return None
    found = [int(match[1]) for match in map(_NUMBERED.fullmatch, names) if match]
    return _with_numbers(moment, places, found)


def _by_number(test: Test, moment: Moment, places: Mapping[int, str]) -> Narrowed | None:
    wanted = test.operand if test.operator == "$in" else (test.operand,)
    if test.operator not in ("$eq", "$in") or not isinstance(wanted, tuple) or not all(map(_is_kept, wanted)):
        return None
    return _with_numbers(moment, places, wanted)


def _with_numbers(moment: Moment, places: Mapping[int, str], numbers: Sequence[object]) -> Narrowed:
    sql = "SELECT place, version FROM temp.now_number WHERE place = ? AND number IN ({names})"

    def keys() -> Iterator[tuple[int, str]]:
        for place in places:
            yield from asked(moment, sql, numbers, place)

    return Narrowed(len(places) * len(numbers), keys)


_BEGINS = re.compile(r"\^([0-9a-f]{2,32})")
_ABOVE_DIGITS = "g"


def _beginning(moment: Moment, places: Mapping[int, str], digits: str) -> Narrowed:
    sql = f"SELECT name FROM temp.now_entry WHERE place = ? AND kind = {_VERSION} AND name >= ? AND name < ?"
    limits = (digits, digits + _ABOVE_DIGITS)
    return Narrowed(
        _FEW, lambda: ((place, one) for place in places for (one,) in moment.rows(sql, place, *limits))
    )


def _by_id(test: Test, moment: Moment, places: Mapping[int, str]) -> Narrowed | None:
    begins = (
        _BEGINS.fullmatch(test.operand)
        if test.operator == "$regex" and isinstance(test.operand, str)
        else None
    )
    if begins:
        return _beginning(moment, places, begins[1])
    names = _texts(test)
    if names is None:
        return None
    ids = [name.removeprefix("sha256:")[:ID_LENGTH] for name in names]
    return Narrowed(len(places) * len(ids), lambda: ((place, one) for place in places for one in ids))


def _texts(test: Test) -> tuple[str, ...] | None:
    """Return the texts of which the field must be one; None if it may be something else."""
    wanted = {"$eq": (test.operand,), "$in": test.operand}.get(test.operator)
    if isinstance(wanted, tuple) and all(isinstance(one, str) and _is_kept(one) for one in wanted):
        return wanted
    return None


_FACTS = {"created_at": "created"}
_By: TypeAlias = Callable[[Test, Moment, Mapping[int, str]], Narrowed | None]
_BY: Mapping[str, _By] = {
    **dict.fromkeys(("metrics", "metadata", "tag", "size", "created_at", "artifact", "type"), _by_fact),
    "run": _by_run,
    "source": _by_source,
    "alias": _by_alias,
    "version": _by_version,
    "number": _by_number,
    **dict.fromkeys(("id", "digest"), _by_id),
}
