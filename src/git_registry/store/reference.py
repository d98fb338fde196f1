"""Data that stays where it is: its files, each with the strongest identity that can be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from git_registry.errors import InvalidDocument, NotFound, StoreError, UsageError
from git_registry.model.digest import Digest, check_path
from git_registry.store.blobs import Stored
from git_registry.store.failures import is_missing, translating
from git_registry.store.filesystem import HTTP, FileSystem, connect
from git_registry.store.hashing import chunks_of, consume
from git_registry.store.identity import Info, identities, strongest
from git_registry.store.location import absolute, check_uri, join, local_path, protocol
from git_registry.store.parallel import each
from git_registry.store.sources import Source, collect
from git_registry.store.steady import opened
from git_registry.store.streams import opened_uri

MOST_OBJECTS = 100_000


def describe(
    uri: str,
    *,
    max_objects: int = MOST_OBJECTS,
    checksum: bool = False,
    options: Mapping[str, object] | None = None,
) -> tuple[Stored, ...]:
    """Return what is at `uri`, one object under its own name or everything below a prefix.

    Args:
        uri: a URI or a local path; local files are always read and hashed.
        max_objects: more than so many are refused, not cut off.
        checksum: read remote objects too, which makes their digests SHA-256.
        options: what fsspec is told besides.

    Raises:
        NotFound: nothing is there.
        UsageError: there are too many objects.
        InvalidDocument: the URI or the name of an object is not acceptable.
        StoreError: the store can't be reached, or does not say what identifies an object.
    """
    uri = absolute(uri)
    if protocol(uri) == "file":
        sources = collect(Path(local_path(uri)))
        _refuse_more(len(sources), max_objects, uri)
        return tuple(each(_hashed, sources))
    remote = connect(uri, options)
    found = _entries(remote, uri)
    _refuse_more(len(found), max_objects, uri)
    known = _Known(options, by_bytes=checksum)
    entries = (known.entry(at, path, info) for at, path, info in found)
    return tuple(sorted(entries, key=lambda entry: entry.path.encode()))


def _refuse_more(count: int, limit: int, uri: str) -> None:
    if count > limit:
        raise UsageError(
            f"there are {count:,} objects, more than {limit:,}",
            where=uri,
            hint="name a narrower prefix, or raise the limit",
        )


def _hashed(source: Source) -> Stored:
    with opened(source.local) as file, translating(str(source.local)):
        total = consume(chunks_of(file.descriptor), len)
        file.check(total.size)
    return Stored(path=source.path, size=total.size, digest=total.sha256, uri=absolute(str(source.local)))


def _entries(remote: FileSystem, uri: str) -> list[tuple[str, str, Info]]:
    """Every object at `uri`: where it is, the path it gets in a file list, and what the store says of it."""
    path = remote.path(uri)
    with translating(uri):
        info = None if uri.endswith("/") and remote.protocol not in HTTP else _info(remote, path)
        if info and (info["type"] == "file" or remote.protocol in HTTP):
            name = unquote(urlsplit(uri).path if remote.protocol in HTTP else path).rstrip("/")
            return [(uri, name.rpartition("/")[2], info)]
        below = remote.patiently(lambda: remote.fs.find(path, detail=True))
    objects = [
        (name[len(path) :].lstrip("/"), one)
        for name, one in below.items()
        if one["type"] == "file" and not name.endswith("/")
    ]
    if not objects:
        raise NotFound("there is nothing here", where=uri)
    return [(join(uri, name), name, one) for name, one in objects]


def _info(remote: FileSystem, path: str) -> Info | None:
    try:
        info: Info = remote.patiently(lambda: remote.fs.info(path))
    except Exception as error:
        if is_missing(error):
            return None
        raise
    return info


@dataclass(frozen=True, slots=True)
class _Known:
    """How an object is to be known: by what the store says, or by its bytes."""

    options: Mapping[str, object] | None
    by_bytes: bool

    def entry(self, uri: str, path: str, info: Info) -> Stored:
        try:
            check_path(path)
        except InvalidDocument as error:
            raise InvalidDocument(error.message, where=uri, hint=error.hint) from error
        if self.by_bytes:
            with opened_uri(uri, self.options) as chunks:
                total = consume(chunks, len)
            return Stored(path=path, size=total.size, digest=total.sha256, uri=uri)
        return Stored(path=path, size=_size(info, uri), digest=strongest(info, uri), uri=uri)


def _size(info: Info, uri: str) -> int:
    size = info.get("size")
    if not isinstance(size, int):
        raise StoreError("the store does not say how large it is", where=uri, hint="have it read and hashed")
    return size


def present_identity(uri: str, algorithm: str, options: Mapping[str, object] | None = None) -> Digest | None:
    """Return how the store knows the object now by this algorithm, None if it no longer does.

    Raises:
        StoreError: it is not there, or the store can't be reached.
    """
    with translating(uri):
        if protocol(check_uri(uri)) == "file":
            status = Path(local_path(uri)).stat()
            known = {"stat": f"{status.st_size}-{status.st_mtime_ns}"}
        else:
            remote = connect(uri, options)
            known = identities(remote.patiently(lambda: remote.fs.info(remote.path(uri))))
    return Digest(algorithm, known[algorithm]) if algorithm in known else None
