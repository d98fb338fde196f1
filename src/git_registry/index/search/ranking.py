"""The best of many by a number or a date, without looking at them all: facts are walked from the best on."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.index.moment import Moment
from git_registry.index.search.narrowing import Keys, holding

_TOGETHER = 500

_RANKED = (
    "SELECT f.value, c.blob FROM main.fact AS f JOIN main.content AS c ON c.id = f.content"
    " WHERE f.field = (SELECT id FROM main.field WHERE name = ?) ORDER BY f.value {way}"
)


_FACTS = {"size": "size", "created_at": "created"}


def is_ranked(field: str) -> bool:
    """Is every value that versions are sorted by in the table of facts, such as `metrics.auc`?"""
    return field in _FACTS or field.startswith("metrics.")


def ranked(moment: Moment, field: str, *, descending: bool) -> Iterator[tuple[float | str, Keys]]:
    """Yield versions that were ever said to have some value, the best first, in portions.

    With each portion comes the value it ends with: what comes later was never said to be better. A version
    may come again, and have another value by now.
    """
    way = "DESC" if descending else "ASC"
    walk = moment.connection.execute(_RANKED.format(way=way), (_FACTS.get(field, field),))
    while some := walk.fetchmany(_TOGETHER):
        yield some[-1][0], holding(moment, [blob for _, blob in some])
