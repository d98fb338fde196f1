"""A page of a collection's versions, which costs in the middle of many what it costs at their beginning."""

from __future__ import annotations

from git_registry.index.batches import by_place
from git_registry.index.moment import Moment
from git_registry.index.search.row import Row
from git_registry.index.search.version_rows import Versions

_LINKED = "FROM temp.now_linked WHERE place = ?"
_COUNT = f"SELECT count(*) {_LINKED}"
_AT = f"SELECT since {_LINKED} ORDER BY since DESC LIMIT 1 OFFSET ?"
_AFTER = f"{_COUNT} AND since > ?"
_NEWEST = f"SELECT name {_LINKED} ORDER BY since DESC"
_NUMBERS = "SELECT version, number FROM temp.now_number WHERE place = ? ORDER BY +since"
_BETWEEN = f"SELECT name {_LINKED} AND since BETWEEN ? AND ?"


def page(versions: Versions, place: int, offset: int, limit: int) -> list[Row] | None:
    """Return some of the versions of a collection, what was linked last first.

    None where an id is there twice, which is one version and not to be skipped as two.
    """
    moment, path = versions.moment, versions.places[place]
    there = _number(moment, _COUNT, place)
    if there != moment.tally(path):
        return None
    end = min(offset + limit, there)
    if offset >= end:
        return []
    first, last = (_number(moment, _AT, place, at) for at in (offset, end - 1))
    # What one step linked is sorted by its numbers, so the first and the last step are read whole.
    found = moment.rows(_BETWEEN, place, last, first)
    rows = list(versions.named((place, version) for (version,) in found))
    settle_ties(versions, rows)
    skipped = _number(moment, _AFTER, place, first)
    return rows[offset - skipped : end - skipped]


def _number(moment: Moment, asked: str, *values: object) -> int:
    ((found,),) = moment.rows(asked, *values)
    return int(found)


def by_number(moment: Moment, place: int, *, descending: bool) -> list[str]:
    """Return the versions of a collection, sorted by their numbers."""
    numbers = dict(moment.rows(_NUMBERS, place))
    linked = dict.fromkeys(version for (version,) in moment.rows(_NEWEST, place))
    return sorted(linked, key=numbers.__getitem__, reverse=descending)


def settle_ties(versions: Versions, hits: list[Row]) -> None:
    """Sort what one step linked by its numbers, the highest first."""
    steps = by_place([(row.since, row) for row in hits])
    together = [row for _, rows in steps if len(rows) > 1 for row in rows]
    versions.read(together, "numbers")
    hits.sort(key=lambda row: (-row.since, -1 if row.number is None else -row.number, row.path))
