"""What differs between two documents, field by field."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import TypeVar

from git_registry.model.documents.record import Record
from git_registry.model.equality import same

V = TypeVar("V")
K = TypeVar("K")


def edits(
    kind: type[Record], before: Record | None, after: Record | None, *, but: frozenset[str] = frozenset()
) -> Iterator[tuple[str, object, object]]:
    """Yield (field, before, after) for every field of `kind` that differs, leaving out those in `but`.

    No document is the same as one without fields. Of a mapping only the entries that differ are given.
    """
    for part in dataclasses.fields(kind):
        was, now = value(before, part.name), value(after, part.name)
        if part.name in but or same(was, now):
            continue
        if isinstance(was, Mapping) or isinstance(now, Mapping):
            old, new = (found if isinstance(found, Mapping) else {} for found in (was, now))
            yield part.name, *_differing(old, new)
        else:
            yield part.name, was, now


def value(document: Record | None, field: str) -> object:
    """Return a field's value, and None for an empty list or mapping as for one that isn't there."""
    found = getattr(document, field, None)
    return None if isinstance(found, tuple | Mapping) and not found else found


def _differing(was: Mapping[str, V], now: Mapping[str, V]) -> tuple[Mapping[str, V], Mapping[str, V]]:
    names = [name for name in {**was, **now} if not _agree(name, was, now)]
    return {n: was[n] for n in names if n in was}, {n: now[n] for n in names if n in now}


def _agree(name: str, was: Mapping[str, V], now: Mapping[str, V]) -> bool:
    return name in was and name in now and same(was[name], now[name])


def by_name(was: Mapping[str, V], now: Mapping[str, V]) -> Iterator[tuple[str, V | None, V | None]]:
    """Yield (name, before, after) for every entry that differs, sorted by name."""
    for name in sorted(was.keys() | now.keys()):
        if not _agree(name, was, now):
            yield name, was.get(name), now.get(name)


def come_and_gone(was: tuple[str, ...], now: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return what is only in the second list and what is only in the first, each sorted."""
    return sorted({*now} - {*was}), sorted({*was} - {*now})


def came_changed_or_went(before: object, after: object, kinds: tuple[K, K, K]) -> K:
    """Return the kind of event that says so, of one for each."""
    came, changed, went = kinds
    if before is None:
        return came
    return went if after is None else changed
