"""What the documents say, as the tables keep it: one line in the table for each kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from git_registry.catalog.documents import document_of
from git_registry.codec.reading import decode
from git_registry.errors import InvalidDocument
from git_registry.index.contents.edges import recorded
from git_registry.model.digest import Digest
from git_registry.model.documents.record import Record
from git_registry.model.layout import LARGEST_CARD, Kind
from git_registry.model.lineage.edges import Edge

LONGEST = 64 * 1024
"""Characters of a card that are looked through."""

_WORDS = ("artifact", "name", "title", "description", "tags", "notes")
"""The fields in which a person looks for words."""

_FREE = ("metadata", "metrics", "config", "summary")


@dataclass(frozen=True, slots=True)
class Content:
    """What a file says.

    Attributes:
        facts: the fields that the format knows, as JSON has them, but for a manifest's files.
        words: the text in which people look for words, ignoring case.
        problem: why it could not be read.
        edges: what it says was made from what, wherever it stands.
    """

    facts: Mapping[str, Any]
    words: str
    problem: str = ""
    edges: tuple[Edge, ...] = ()

    def single(self) -> Iterator[tuple[str, str | int | float]]:
        """Yield (field, value) of what a search may be narrowed by: `metrics.auc`, 0.93."""
        for field in ("created", "size", "artifact", "type"):
            if field in self.facts:
                yield field, self.facts[field]
        yield from (("tag", tag) for tag in self.facts.get("tags", ()))
        if "run" in self.facts:
            run = self.facts["run"]
            yield from (("run", run[part]) for part in ("id", "name") if part in run)
        if "source" in self.facts:
            yield "source", f"{self.facts['source']['project']}/{self.facts['source']['artifact']}"
        for field in _FREE:
            yield from _leaves(field, self.facts.get(field))


_INT64 = range(-(1 << 63), 1 << 63)


def _leaves(field: str, value: object) -> Iterator[tuple[str, str | int | float]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _leaves(f"{field}.{key}", one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _leaves(field, one)
    elif isinstance(value, str) or _is_finite(value):
        yield field, value  # type: ignore[misc]


def _is_finite(value: object) -> bool:
    """Is it a number SQLite can keep: neither NaN, nor true or false, nor beyond 64 bits?"""
    if isinstance(value, float):
        return value == value
    return type(value) is int and value in _INT64


def content(kind: Kind, data: bytes, path: str = "") -> Content:
    """Return what a file of this kind says, and why not if that can't be told."""
    if kind in _CARDS:
        text = data[:LARGEST_CARD].decode(errors="replace")[:LONGEST]
        return Content({}, text.casefold())
    holds = document_of(kind)
    assert holds is not None, f"nobody asks what a {kind.value} says"
    try:
        document = decode(holds, data, where=path)
    except InvalidDocument as problem:
        return Content({}, "", str(problem))
    facts = plain(document)
    return Content(facts, "\n".join(_words(facts)).casefold(), edges=tuple(recorded(document)))


def _words(facts: Mapping[str, Any]) -> Iterator[str]:
    for field in _WORDS:
        value = facts.get(field)
        if isinstance(value, str):
            yield value
        elif value:
            yield from value


def plain(value: object) -> Any:  # noqa: ANN401
    """Return a part of a document as JSON has it, without what is not set."""
    if isinstance(value, Record):
        own = {part.name: getattr(value, part.name) for part in fields(value) if part.name not in _LEFT_OUT}
        return {name: plain(one) for name, one in own.items() if one not in (None, (), {})}
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return str(value) if isinstance(value, Digest) else value


_LEFT_OUT = frozenset({"extra", "files", "file_list"})
"""A manifest's files; and what the format does not know, where `tags` may be anything."""

_CARDS = (Kind.REGISTRY_CARD, Kind.COLLECTION_CARD)
