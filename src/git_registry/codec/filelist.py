"""The blob of a long file list: JSON lines, one file entry a line, sorted by path as bytes.

The order makes equal paths neighbours, so 200,000 lines are checked while they stream past, and the same
files always make the same blob.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from io import BytesIO

from git_registry.codec.decoding import Decoding
from git_registry.codec.jsontree import parse_json
from git_registry.codec.table import fields_of
from git_registry.errors import InvalidDocument
from git_registry.model.digest import Digest
from git_registry.model.documents.manifest import FILE_PATH, FileEntry
from git_registry.model.names import URI

_LONGEST_LINE = 64 * 1024

_KNOWN = re.compile(
    r'\{"path":"([^"\\\x00-\x1f]+)"(?:,"size":(0|[1-9][0-9]{0,17}))?'
    r',"digest":"([^"\\\x00-\x1f]+)","uri":"([^"\\\x00-\x1f]+)"\}\n?'
)
"""A line as it is written here, of an entry without unknown fields and with nothing to escape."""


def encode_files(entries: Iterable[FileEntry]) -> bytes:
    """Return the blob for these entries, given in any order.

    Raises:
        InvalidDocument: an entry breaks a rule, or two have the same path.
    """
    ordered = sorted(entries, key=lambda entry: entry.path.encode("utf-8", "surrogatepass"))
    data = BytesIO()  # what is written a line at a time is in memory once
    for _checked in decode_files(_written_to(data, ordered)):
        pass
    return data.getvalue()


def _written_to(data: BytesIO, entries: Iterable[FileEntry]) -> Iterator[bytes]:
    for entry in entries:
        line = _line(entry)
        data.write(line)
        yield line


def decode_files(lines: bytes | Iterable[bytes], *, where: str = "") -> Iterator[FileEntry]:
    """Yield the entries of a file list, as its lines arrive.

    Raises:
        InvalidDocument: a line is not a file entry, or its path does not sort after the one before it.
    """
    previous = b""
    for number, line in enumerate(BytesIO(lines) if isinstance(lines, bytes) else lines, start=1):
        entry = _entry(line, number, where)
        path = entry.path.encode()
        if path <= previous:
            problem = "is repeated" if path == previous else "is out of order: sort by path as bytes"
            raise InvalidDocument(f"the path {entry.path!r} {problem}", where=_place(where, number))
        previous = path
        yield entry


def lines_of(chunks: Iterable[memoryview | bytes]) -> Iterator[bytes]:
    """Yield the lines of a file list that comes in chunks; of one too long to be right, what has come."""
    begun = b""
    for piece in _pieces(chunks):
        *lines, begun = (begun + piece).split(b"\n")
        yield from lines
        if len(begun) > _LONGEST_LINE:
            break
    if begun:
        yield begun


def _pieces(chunks: Iterable[memoryview | bytes]) -> Iterator[memoryview]:
    """Cut chunks, each of which may be megabytes, into what is worth being split into lines at once."""
    for chunk in chunks:
        view = memoryview(chunk)
        for start in range(0, len(view), _LONGEST_LINE):
            yield view[start : start + _LONGEST_LINE]


def _entry(line: bytes, number: int, where: str) -> FileEntry:
    try:
        text = line.decode() if len(line) <= _LONGEST_LINE else ""
    except UnicodeDecodeError:
        text = ""
    return _plain_entry(text) or _any_entry(text, number, where)


def _plain_entry(text: str) -> FileEntry | None:
    """Return the entry of a line in our own form, with nothing wrong in it; None if it is any other.

    Nearly every line is one. Reading it this way takes a fifth of the time; a test holds the two together.
    """
    known = _KNOWN.fullmatch(text)
    if known is None:
        return None
    path, size, digest, uri = known.groups()
    if FILE_PATH.further(path) or URI.problem(uri):
        return None
    try:
        found = Digest.parse(digest)
    except InvalidDocument:
        return None
    return FileEntry(path=path, size=None if size is None else int(size), digest=found, uri=uri)


def _any_entry(text: str, number: int, where: str) -> FileEntry:
    tree = parse_json(text, number)
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
    known = {
        name: getattr(entry, name)
        for name, field in fields_of(FileEntry).items()
        if not (field.omitted and getattr(entry, name) == field.default)
    }
    repeated = fields_of(FileEntry).keys() & entry.extra.keys() if entry.extra else ()
    if repeated:
        raise InvalidDocument(
            f"a known field among the unknown ones: {min(repeated)}", where=repr(entry.path)
        )
    try:
        return _WRITER.encode(known | dict(entry.extra)).encode() + b"\n"
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidDocument(f"a file entry can't be written: {error}", where=repr(entry.path)) from None


def _written(value: object) -> str:
    if isinstance(value, Digest):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not part of a file entry")


_WRITER = json.JSONEncoder(default=_written, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
