"""The words that documents ever used: names of metrics and metadata, tags, aliases."""

from __future__ import annotations

import json
from collections.abc import Iterator

from git_registry.index.kinds import KINDS
from git_registry.index.moment import Moment
from git_registry.index.search.row import Thing
from git_registry.model.filters.values import MISSING, found
from git_registry.model.layout import Kind

_ALIAS = KINDS[Kind.ALIAS]
_VERSION = f"({KINDS[Kind.VERSION]}, {KINDS[Kind.NOTES]})"
_TAGGED = {"version": _VERSION, "collection": f"({KINDS[Kind.COLLECTION]})"}
_TAGS = (
    "SELECT DISTINCT f.value FROM main.fact AS f JOIN main.content AS c ON c.id = f.content"
    " WHERE f.field = (SELECT id FROM main.field WHERE name = 'tag') AND c.form IN {forms}"
)
_HOLDING = f"SELECT facts FROM main.content WHERE form IN {_VERSION} AND instr(facts, ?)"


def fields(moment: Moment, tree: str) -> list[str]:
    """Return the names in a tree that a single value ever had, `metrics.auc`."""
    names = (name for (name,) in moment.rows("SELECT name FROM main.field ORDER BY name"))
    return [name for name in names if name.startswith(f"{tree}.")]


def tags(moment: Moment, kind: Thing) -> list[str]:
    """Return the tags that things of a kind ever had."""
    forms = _TAGGED.get(kind)
    return [tag for (tag,) in moment.rows(_TAGS.format(forms=forms))] if forms else []


def aliases(moment: Moment) -> list[str]:
    """Return the aliases there are."""
    return [
        name for (name,) in moment.rows("SELECT DISTINCT name FROM temp.now_entry WHERE kind = ?", _ALIAS)
    ]


def is_used(moment: Moment, field: str) -> bool:
    """Did any version ever have such a field?"""
    tree, *path = field.split(".")
    asked = _keys(path)
    for name in fields(moment, tree):
        if _keys(name.split(".")[1:])[: len(asked)] == asked:
            return True
    # The table keeps single texts and numbers: neither `true` nor NaN nor what is empty.
    return any(value is not MISSING for facts in _holding(moment, asked) for value in found(facts, field))


def _keys(path: list[str]) -> list[str]:
    """Return the steps that are no index into a list: the table's names have none."""
    return [step for step in path if not step.isdecimal()] or path


def _holding(moment: Moment, keys: list[str]) -> Iterator[dict[str, object]]:
    """Yield what documents say in which the last of the keys occurs, or ends one that has dots."""
    written = json.dumps(keys[-1], ensure_ascii=False)[1:].encode(errors="replace").decode()
    for (facts,) in moment.connection.execute(_HOLDING, (f"{written}: ",)):
        yield json.loads(facts)
