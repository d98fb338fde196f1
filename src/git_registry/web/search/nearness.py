"""How near a name is to what somebody typed: whoever types all of a name wants to go there."""

from __future__ import annotations

from git_registry.catalog.catalog import Catalog
from git_registry.errors import UsageError
from git_registry.index.search.row import Row
from git_registry.sdk import searching, starring
from git_registry.sdk.searching import Search, read_filter

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
    field = "path" if "/" in text else "name"
    if not text or not all(one.isalnum() or one in "._-/" for one in text):
        return []
    pattern = {field: {"$regex": f"(?i)^{text.replace('.', '[.]')}$"}}
    try:
        wanted = Search(kind="collection", filter=read_filter("collection", document=pattern), limit=most)
    except UsageError:
        return []  # a text too long for a pattern is nobody's name
    starred = starring.starred(catalog)
    rows = searching.search(catalog, wanted).rows
    return sorted(rows, key=lambda row: row.path.partition("/")[0] not in starred)
