"""Events as rows, and rows as the events they were."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from git_registry.codec.decoding import Decoding
from git_registry.codec.jsontree import parse_json
from git_registry.errors import InvalidDocument
from git_registry.index.storage.trouble import Damaged
from git_registry.model.digest import Digest
from git_registry.model.documents.access import Protection
from git_registry.model.documents.notes import SignatureBundle
from git_registry.model.documents.organization import Identity, Team
from git_registry.model.documents.record import Record
from git_registry.model.events import KINDS, Event
from git_registry.model.snapshot import Entry

_RECORDS: Mapping[str, type[Record]] = {
    one.__name__: one for one in (Identity, Protection, SignatureBundle, Team)
}
"""Parts of documents that an event may hold whole, by the name a row has for them."""

_NAMING = ("alias", "tag", "principal", "name", "field")
"""The field that says what of its subject an event is about; a kind has one at most."""


@dataclass(frozen=True, slots=True)
class Row:
    """An event as the table has it."""

    kind: str
    path: str
    name: str
    version: str
    detail: str


def row(event: Event) -> Row:
    """Return the row of an event."""
    own = {part: getattr(event, part) for part in _PARTS[event.kind]}
    name = next((own[part] for part in _NAMING if part in own), "")
    return Row(
        kind=event.kind,
        path=event.path,
        name=name,
        version=own.get("version", ""),
        detail=json.dumps({part: _plain(value) for part, value in own.items() if value is not None}),
    )


def event(kind: str, detail: str) -> Event:
    """Return the event of a row.

    Raises:
        Damaged: the row was not written by `row`.
    """
    try:
        known: dict[str, Any] = {part: _value(value) for part, value in json.loads(detail).items()}
        return KINDS[kind](**known)
    except (LookupError, ValueError, TypeError, AttributeError, InvalidDocument) as damage:
        raise Damaged(f"an event can't be read: {damage}") from damage


_PARTS = {name: tuple(part.name for part in fields(kind)) for name, kind in KINDS.items()}


def _plain(value: object) -> Any:  # noqa: ANN401
    """Return a value as JSON can have it: what JSON lacks becomes an object with one key that begins `$`."""
    match value:
        case Mapping():
            return {"$map": [[key, _plain(one)] for key, one in value.items()]}
        case list() | tuple():
            return [_plain(one) for one in value]
        case Entry():
            return {"$entry": [value.mode, value.id]}
        case Digest():
            return {"$digest": str(value)}
        case Record():
            return {f"${type(value).__name__}": _record(value)}
    return value


def _record(record: Record) -> dict[str, Any]:
    own = {part.name: getattr(record, part.name) for part in fields(record)}
    extra = own.pop("extra")
    known = {name: value for name, value in own.items() if value not in (None, (), {})}
    return {name: _bare(value) for name, value in {**known, **extra}.items()}


def _bare(value: object) -> Any:  # noqa: ANN401
    """Return a value inside a record, whose own fields say what it is."""
    match value:
        case Mapping():
            return {key: _bare(one) for key, one in value.items()}
        case list() | tuple():
            return [_bare(one) for one in value]
        case Record():
            return _record(value)
        case Digest():
            return str(value)
    return value


def _value(plain: Any) -> object:  # noqa: ANN401
    if isinstance(plain, list):
        return tuple(map(_value, plain))
    if not isinstance(plain, dict):
        return plain
    ((name, held),) = plain.items()
    match name:
        case "$map":
            return {key: _value(one) for key, one in held}
        case "$entry":
            return Entry(*held)
        case "$digest":
            return Digest.parse(held)
    return _read(_RECORDS[name.removeprefix("$")], held)


def _read(kind: type[Record], held: dict[str, Any]) -> Record:
    tree = parse_json(json.dumps(held))
    assert tree is not None
    decoding = Decoding("", strict=False)
    record = decoding.record(kind, tree.root, None)
    decoding.problems.done()
    return record
