"""Documents → bytes, in the one form that each value has (DESIGN §3.1, *canonical form*).

The writer is strict: it goes by the same table as the reader and refuses a value the reader would refuse,
so nothing can be written that cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from git_registry.codec import scalars
from git_registry.codec.problems import At, Problems
from git_registry.codec.reading import decode
from git_registry.codec.table import (
    Count,
    Flag,
    Free,
    Hash,
    ListOf,
    MapOf,
    Measure,
    RecordOf,
    Shape,
    Text,
    fields_of,
)
from git_registry.codec.tree import FORMAT, MAX_BYTES, MAX_DEPTH, MAX_NODES
from git_registry.errors import InvalidDocument
from git_registry.model.digest import Digest
from git_registry.model.documents.record import Document, Record

_FREE = Free()


def encode(document: Document, *, where: str = "") -> bytes:
    """Return the canonical bytes of `document`; an error names `where` it shall stand, or else its kind.

    Raises:
        InvalidDocument: a value in it breaks a rule of the format, with every such mistake.
    """
    return _Writing(where or document.kind).document(document)


class _Spot(NamedTuple):
    """Where a value is written: its place, how deep, and whether in flow style (between brackets)."""

    at: At
    depth: int
    inline: bool

    def into(self, step: str | int, *, inline: bool) -> _Spot:
        return _Spot((self.at, step), self.depth + 1, inline)


class _Writing:
    """One writing of one document, and what was wrong with its values."""

    def __init__(self, where: str) -> None:
        self.problems = Problems()
        self.where = where
        self.nodes = 2  # `format` and its value

    def document(self, document: Document) -> bytes:
        if "format" in document.extra:
            self._wrong((None, "format"), "the codec writes this field itself")
        spot = _Spot(None, 1, inline=False)
        self.nodes += 1
        lines = [f"format: {FORMAT}", *self._block_record(document, spot)]
        if self.nodes > MAX_NODES:
            self._wrong(None, f"more than {MAX_NODES:,} values in one document")
        self.problems.done()
        data = ("\n".join(lines) + "\n").encode()
        if len(data) > MAX_BYTES:
            self._wrong(None, f"larger than {MAX_BYTES // 1024} KiB: {len(data)} bytes")
            self.problems.done()
        return data

    def _wrong(self, at: At, message: str, hint: str = "") -> str:
        self.problems.add(self.where, at, message, hint)
        return ""

    def _expected(self, what: str, value: object, spot: _Spot) -> str:
        return self._wrong(spot.at, f"expected {what}, found {repr(value)[:80]}")

    def _deeper(self, spot: _Spot) -> bool:
        """May there be a list or mapping here? A value that holds itself ends at this question."""
        if spot.depth > MAX_DEPTH:
            self._wrong(spot.at, f"nested deeper than {MAX_DEPTH} levels")
        return spot.depth <= MAX_DEPTH

    def _fields(self, record: Record, spot: _Spot) -> Iterator[tuple[str, Shape, Any, bool]]:
        """Yield what is written of a record: name, shape, value, in block style or not."""
        known = fields_of(type(record))
        for name, field in known.items():
            value = getattr(record, name)
            if not (field.omitted and value == field.default):
                yield name, field.shape, value, field.block and _opens(field.shape, value)
        for name, value in record.extra.items():
            if name in known:
                self._wrong((spot.at, name), "a known field among the unknown ones")
            else:
                yield name, _FREE, value, False
        if not self.problems.count:
            for name, problem in record.problems():
                self._wrong((spot.at, name) if name else spot.at, problem)

    # Block style: an entry a line, what is inside it two spaces further in.

    def _block_record(self, record: Record, spot: _Spot) -> list[str]:
        lines: list[str] = []
        for name, shape, value, block in self._fields(record, spot):
            inner = spot.into(name, inline=False)
            key = self._key(name, inner)
            if block:
                self.nodes += 1
                lines += [f"{key}:", *_indented(_BLOCK[type(shape)](self, shape, value, inner))]
            else:
                lines.append(f"{key}: {self.write(shape, value, inner)}")
        return lines

    def _block_list(self, shape: ListOf, value: Sequence[Any], spot: _Spot) -> list[str]:
        lines: list[str] = []
        for index, item in enumerate(value):
            first, *rest = self._block_item(shape.item, item, spot.into(index, inline=False))
            lines += [f"- {first}", *_indented(rest)]
        return lines

    def _block_map(self, shape: MapOf, value: Mapping[str, Any], spot: _Spot) -> list[str]:
        lines: list[str] = []
        for name, item in value.items():
            inner = spot.into(name, inline=False)
            key = self._key(name, inner, shape.key)
            written = self._block_item(shape.item, item, inner)
            lines += (
                [f"{key}:", *_indented(written)] if _is_block(shape.item, item) else [f"{key}: {written[0]}"]
            )
        return lines

    def _block_item(self, shape: Shape, value: Any, spot: _Spot) -> list[str]:  # noqa: ANN401
        if not _is_block(shape, value):
            return [self.write(shape, value, spot)]
        self.nodes += 1
        return self._block_record(value, spot)

    # Flow style and scalars: one line.

    def write(self, shape: Shape, value: Any, spot: _Spot) -> str:  # noqa: ANN401
        """Return a value on one line, after checking it."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            return ""  # told at the end
        return _WRITE[type(shape)](self, shape, value, spot)

    def _key(self, name: Any, spot: _Spot, rule: Text | None = None) -> str:  # noqa: ANN401
        self.nodes += 1
        if not isinstance(name, str):
            return self._wrong(spot.at, f"the key {name!r} is not text")
        problem = scalars.key_problem(name) or (rule.rule.problem(name) if rule else "")
        return self._wrong(spot.at, problem) if problem else scalars.write_text(name, inline=spot.inline)

    def _pairs(self, pairs: Iterable[tuple[str, str]]) -> str:
        return "{" + ", ".join([f"{key}: {value}" for key, value in pairs]) + "}"

    def _text(self, shape: Text, value: object, spot: _Spot) -> str:
        if not isinstance(value, str):
            return self._expected(shape.what, value, spot)
        problem = shape.rule.problem(value)
        if problem:
            return self._wrong(spot.at, problem, shape.rule.hint(value))
        return self._free_text(value, spot)

    def _free_text(self, value: str, spot: _Spot) -> str:
        problem = scalars.text_problem(value)
        return self._wrong(spot.at, problem) if problem else scalars.write_text(value, inline=spot.inline)

    def _hash(self, shape: Hash, value: object, spot: _Spot) -> str:
        if not isinstance(value, Digest):
            return self._expected(shape.what, value, spot)
        try:
            Digest.parse(str(value))
        except InvalidDocument as error:
            return self._wrong(spot.at, error.message)
        return self._free_text(str(value), spot)

    def _count(self, shape: Count, value: object, spot: _Spot) -> str:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0 or value not in scalars.INT64:
            return self._expected(shape.what, value, spot)
        return scalars.write_number(value)

    def _flag(self, shape: Flag, value: object, spot: _Spot) -> str:
        return str(value).lower() if isinstance(value, bool) else self._expected(shape.what, value, spot)

    def _measure(self, shape: Measure, value: object, spot: _Spot) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self._expected(shape.what, value, spot)
        return self._number(value, spot)

    def _number(self, value: float, spot: _Spot) -> str:
        if isinstance(value, int) and value not in scalars.INT64:
            return self._wrong(spot.at, f"the integer {value:.6e} has more than 64 bits; write it as text")
        return scalars.write_number(value)

    def _free(self, shape: Free, value: object, spot: _Spot) -> str:
        match value:
            case None:
                return "null"
            case bool():
                return str(value).lower()
            case int() | float():
                return self._number(value, spot)
            case str():
                return self._free_text(value, spot)
            case Mapping():
                return self._map(MapOf(None, shape), value, spot)
            case list() | tuple():
                return self._list(ListOf(shape), value, spot)
        return self._expected("text, a number, true, false, null, a list or a mapping", value, spot)

    def _list(self, shape: ListOf, value: object, spot: _Spot) -> str:
        if not isinstance(value, list | tuple):
            return self._expected(shape.what, value, spot)
        if not self._deeper(spot):
            return ""
        items = [self.write(shape.item, item, spot.into(i, inline=True)) for i, item in enumerate(value)]
        return f"[{', '.join(items)}]"

    def _map(self, shape: MapOf, value: object, spot: _Spot) -> str:
        if not isinstance(value, Mapping):
            return self._expected(shape.what, value, spot)
        if not self._deeper(spot):
            return ""
        inner = ((name, item, spot.into(name, inline=True)) for name, item in value.items())
        return self._pairs((self._key(n, s, shape.key), self.write(shape.item, v, s)) for n, v, s in inner)

    def _record(self, shape: RecordOf, value: object, spot: _Spot) -> str:
        if not isinstance(value, shape.record):
            return self._expected(shape.what, value, spot)
        inner = ((n, f, v, spot.into(n, inline=True)) for n, f, v, _block in self._fields(value, spot))
        return self._pairs((self._key(n, s), self.write(f, v, s)) for n, f, v, s in inner)


def _opens(shape: Shape, value: object) -> bool:
    """Is this a list or mapping of the right kind with something in it to write a line each?"""
    right = {ListOf: list | tuple, MapOf: Mapping}.get(type(shape), Record)
    return bool(value) and isinstance(value, right)


def _is_block(shape: Shape, value: object) -> bool:
    """Is this record written over several lines, because a field in block style is set?"""
    return (
        isinstance(shape, RecordOf)
        and isinstance(value, shape.record)
        and any(getattr(value, name) for name in value.block)
    )


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


_BLOCK: dict[type[Shape], Callable[[_Writing, Any, Any, _Spot], list[str]]] = {
    ListOf: _Writing._block_list,
    MapOf: _Writing._block_map,
    RecordOf: lambda writing, _shape, value, spot: writing._block_record(value, spot),
}

_WRITE: dict[type[Shape], Callable[[_Writing, Any, Any, _Spot], str]] = {
    Text: _Writing._text,
    Hash: _Writing._hash,
    Count: _Writing._count,
    Flag: _Writing._flag,
    Measure: _Writing._measure,
    Free: _Writing._free,
    ListOf: _Writing._list,
    MapOf: _Writing._map,
    RecordOf: _Writing._record,
}


def is_canonical(kind: type[Document], data: bytes) -> bool:
    """Is `data` a document of this kind, exactly as `encode` would write it?"""
    try:
        return encode(decode(kind, data)) == data
    except InvalidDocument:
        return False
