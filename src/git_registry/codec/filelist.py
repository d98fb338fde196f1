"""The blob of a long file list: JSON lines, one file entry a line, sorted by path as bytes.

The order makes equal paths neighbours, so 200,000 lines are checked while they stream past, and the same
files always make the same blob.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from git_registry.codec.decoding import Decoding
from git_registry.codec.jsontree import parse_json
from git_registry.codec.table import fields_of
from git_registry.errors import InvalidDocument
from git_registry.model.digest import Digest
from git_registry.model.documents.manifest import FileEntry

_LONGEST_LINE = 64 * 1024


def encode_files(entries: Iterable[FileEntry]) -> bytes:
    """Return the blob for these entries, given in any order.

    Raises:
        InvalidDocument: an entry breaks a rule, or two have the same path.
    """
    ordered = sorted(entries, key=lambda entry: entry.path.encode("utf-8", "surrogatepass"))
    data = b"".join(map(_line, ordered))
    for _checked in decode_files(data):
        pass
    return data


def decode_files(lines: bytes | Iterable[bytes], *, where: str = "") -> Iterator[FileEntry]:
    """Yield the entries of a file list, as its lines arrive.

    Raises:
        InvalidDocument: a line is not a file entry, or its path does not sort after the one before it.
    """
    previous = b""
    for number, line in enumerate(lines.splitlines() if isinstance(lines, bytes) else lines, start=1):
        entry = _entry(line, number, where)
        path = entry.path.encode()
        if path <= previous:
            problem = "is repeated" if path == previous else "is out of order: sort by path as bytes"
            raise InvalidDocument(f"the path {entry.path!r} {problem}", where=_place(where, number))
        previous = path
        yield entry


def _entry(line: bytes, number: int, where: str) -> FileEntry:
    try:
        tree = parse_json(line.decode(), number) if len(line) <= _LONGEST_LINE else None
    except UnicodeDecodeError:
        tree = None
    if tree is None:
        raise InvalidDocument("expected a file entry as one JSON object", where=_place(where, number))
    decoding = Decoding(where, strict=False)
    decoding.told(tree.mistakes)
    entry = decoding.record(FileEntry, tree.root, None)
    decoding.problems.done()
    return entry


def _place(where: str, number: int) -> str:
    return f"{where}:{number}" if where else f"line {number}"


def _line(entry: FileEntry) -> bytes:
    known: dict[str, Any] = {
        name: getattr(entry, name)
        for name, field in fields_of(FileEntry).items()
        if not (field.omitted and getattr(entry, name) == field.default)
    }
    repeated = fields_of(FileEntry).keys() & entry.extra.keys()
    if repeated:
        raise InvalidDocument(
            f"a known field among the unknown ones: {min(repeated)}", where=repr(entry.path)
        )
    try:
        text = json.dumps(
            known | dict(entry.extra),
            default=_written,
            ensure_ascii=False,
            allow_nan=False,
            separators=(",", ":"),
        )
        return text.encode() + b"\n"
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidDocument(f"a file entry can't be written: {error}", where=repr(entry.path)) from None


def _written(value: object) -> str:
    if isinstance(value, Digest):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not part of a file entry")
