"""Two changes of one document put together, where they touch different things.

Field by field, and key by key in what maps; tags and types are sets. It is not a merge of texts: what
comes out is what both events, made one after the other, would have made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from git_registry.model.documents.record import Record
from git_registry.model.equality import same

R = TypeVar("R", bound=Record)

_ABSENT = object()
_SETS = ("tags", "types")


class Disagreement(Exception):
    """Both changed the same thing, and not to the same."""


def merged(base: R, mine: R, theirs: R) -> R:
    """Return `theirs` with what `mine` changed since `base`.

    Raises:
        Disagreement: both changed the same field or key, each to something else.
    """
    changes: dict[str, Any] = {
        part.name: _merged(part.name, *(getattr(one, part.name) for one in (base, mine, theirs)))
        for part in fields(base)
    }
    return replace(theirs, **changes)


def _merged(name: str, base: object, mine: object, theirs: object) -> object:
    if same(mine, theirs) or same(base, mine):
        return theirs
    if same(base, theirs):
        return mine
    if isinstance(base, Mapping) and isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        return _merged_keys(base, mine, theirs)
    if name in _SETS and isinstance(base, tuple) and isinstance(mine, tuple) and isinstance(theirs, tuple):
        kept = [one for one in theirs if one in mine or one not in base]
        return (*kept, *(one for one in mine if one not in base and one not in theirs))
    raise Disagreement(name)


def _merged_keys(
    base: Mapping[str, object], mine: Mapping[str, object], theirs: Mapping[str, object]
) -> Mapping[str, object]:
    """A key is a field of its own; what a key holds is not looked into."""
    found = {
        key: _merged("", *(one.get(key, _ABSENT) for one in (base, mine, theirs)))
        for key in {**theirs, **mine}
    }
    return {key: value for key, value in found.items() if value is not _ABSENT}
