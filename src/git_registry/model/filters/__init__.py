"""Filters in MongoDB's words, as W&B Registry has them: `{"tag": "eu", "metrics.auc": {"$gte": 0.9}}`.

`search` reads them, and so do the `match` of an automation and the `metrics` of a gate. Nothing here knows
where facts come from: `parse` makes an expression out of a document, once, and `matches` holds it against
the facts of one thing. `expression` says what whoever has an index may rely on.

What holds is what MongoDB says:

- a value alone is `$eq`; several fields, and several operators of one field, all have to pass;
- a field that holds a list passes if one of its items does, so `$ne`, `$nin`, `$not` pass if none does;
- a field that is not there equals null; `$ne`, `$nin` and `$not` pass, every other operator fails;
- values of different types are neither equal nor in order: `true`, `1` and `"1"` differ, `1` is `1.0`;
- `metadata.a.b` looks into mappings and lists, `metadata.a.0` too.

Ours: NaN is not even equal to NaN, so it passes no operator but a negated one; `$gt` and its like order
numbers and texts alone; a key may hold dots; `$not` may also stand before a whole document, as W&B's
automations write it; `$contains`, W&B's, is a part of a text, in its case, or an item of a list.

What is named here is imported when it is first asked for: a gate needs no clauses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from git_registry.model.filters.clauses import conditions, where
    from git_registry.model.filters.document import parse
    from git_registry.model.filters.expression import All, Any, Filter, Nor, Not, Test, every, fields_of
    from git_registry.model.filters.fields import (
        COLLECTION,
        EVENT,
        METADATA,
        METRICS,
        REGISTRY,
        VERSION,
        Fields,
    )
    from git_registry.model.filters.jsontext import parse_json
    from git_registry.model.filters.matching import matches
    from git_registry.model.filters.ordering import Order, order
    from git_registry.model.filters.wording import mentions, words

__all__ = [
    "COLLECTION",
    "EVENT",
    "METADATA",
    "METRICS",
    "REGISTRY",
    "VERSION",
    "All",
    "Any",
    "Fields",
    "Filter",
    "Nor",
    "Not",
    "Order",
    "Test",
    "conditions",
    "every",
    "fields_of",
    "matches",
    "mentions",
    "order",
    "parse",
    "parse_json",
    "where",
    "words",
]

_HOME = {
    "COLLECTION": "fields",
    "EVENT": "fields",
    "METADATA": "fields",
    "METRICS": "fields",
    "REGISTRY": "fields",
    "VERSION": "fields",
    "All": "expression",
    "Any": "expression",
    "Fields": "fields",
    "Filter": "expression",
    "Nor": "expression",
    "Not": "expression",
    "Order": "ordering",
    "Test": "expression",
    "conditions": "clauses",
    "every": "expression",
    "fields_of": "expression",
    "matches": "matching",
    "mentions": "wording",
    "order": "ordering",
    "parse": "document",
    "parse_json": "jsontext",
    "where": "clauses",
    "words": "wording",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = found
    return found
