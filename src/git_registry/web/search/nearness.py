"""How near a name is to what somebody typed: whoever types all of a name wants to go there."""

from __future__ import annotations

from git_registry.catalog.catalog import Catalog
from git_registry.index.search.row import Row
from git_registry.model.names import PLACE
from git_registry.sdk import searching, starring
from git_registry.sdk.searching import Search

SHORTEST = 4
"""Letters of what is looked for among the ids of runs."""

EXACT, BEGINS, OCCURS, ELSEWHERE = range(4)


def nearness(name: str, text: str) -> int:
    """Return whether a text is a name, its beginning, or a part; or occurs elsewhere, as in a card."""
    typed, path = text.casefold(), name.casefold()
    last = path.rpartition("/")[2]
    if typed in (last, path):
        return EXACT
    if last.startswith(typed) or path.startswith(typed):
        return BEGINS
    return OCCURS if typed in path else ELSEWHERE


def called(catalog: Catalog, text: str, most: int) -> list[Row]:
    """Return the collections that are called so, by name or path, those of starred registries first."""
    now = catalog.now()
    above = [""] if "/" in text else [f"{registry}/" for registry in now.registries()]
    spelled = dict.fromkeys((text, text.casefold()))
    paths = [path for one in spelled for place in above if _is_place(path := f"{place}{one}")]
    paths = [path for path in paths if now.has_collection(path)]
    if not paths:
        return []
    rows = searching.search(catalog, Search(kind="collection", within=tuple(paths), limit=most)).rows
    starred = starring.starred(catalog)
    return sorted(rows, key=lambda row: row.path.partition("/")[0] not in starred)


def _is_place(path: str) -> bool:
    registry, _, name = path.partition("/")
    return not (PLACE.problem(registry) or PLACE.problem(name))
