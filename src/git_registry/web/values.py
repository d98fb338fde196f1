"""Metadata and configs as tables, a row for each value however deep it lies; notes win over manifests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from git_registry.model.documents.record import Value
from git_registry.sdk.views import VersionView

MOST = 1_000
"""Rows that are shown; the documents as they are have all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One value.

    Attributes:
        above: the keys that lead to it, each with a dot behind it; empty at the top.
        name: its own key.
        is_noted: does it come from the notes?
        written: what the manifest says, where the notes replaced something; None where they did not.
    """

    above: str
    name: str
    value: Value
    is_noted: bool = False
    written: Value = None


@dataclass(frozen=True, slots=True)
class Rows:
    """The first of all rows, and how many more there are."""

    shown: tuple[Row, ...]
    more: int


def rows(view: VersionView) -> Rows:
    """Return a version's metadata."""
    written = view.manifest.metadata if view.manifest else {}
    found = list(_rows(written, view.notes.metadata))
    return Rows(tuple(found[:MOST]), max(0, len(found) - MOST))


def flat(values: Mapping[str, Value]) -> Rows:
    """Return the values of one mapping alone, such as a run's config."""
    found = [
        Row(above=above, name=name, value=inner)
        for key in values
        for above, name, inner in _leaves("", key, values[key])
    ]
    return Rows(tuple(found[:MOST]), max(0, len(found) - MOST))


def _rows(written: Mapping[str, Value], added: Mapping[str, Value]) -> Iterator[Row]:
    for key, value in {**written, **added}.items():
        noted = key in added
        for above, name, inner in _leaves("", key, value):
            replaced = written[key] if noted and not above and key in written else None
            yield Row(above=above, name=name, value=inner, is_noted=noted, written=replaced)


def _leaves(above: str, key: str, value: Value) -> Iterator[tuple[str, str, Value]]:
    """Yield what is not a mapping; of mappings only empty ones. A document is at most 16 deep."""
    if not isinstance(value, Mapping) or not value:
        yield above, key, value
        return
    for inner, one in value.items():
        yield from _leaves(f"{above}{key}.", inner, one)
