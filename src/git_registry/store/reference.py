"""Data that stays where it is: its files, each with the strongest identity that can be had."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from git_registry.errors import InvalidDocument, NotFound, UsageError
from git_registry.model.digest import Digest, check_path
from git_registry.store.blobs import Stored
from git_registry.store.failures import is_missing, translating
from git_registry.store.filesystem import HTTP, FileSystem, connect
from git_registry.store.hashing import consume, sum_of
from git_registry.store.identity import Info, identities, strongest
from git_registry.store.listing import objects
from git_registry.store.location import absolute, check_uri, join, local_path, protocol
from git_registry.store.parallel import each
from git_registry.store.sources import Source, collect
from git_registry.store.streams import opened_uri

T = TypeVar("T")

MOST_OBJECTS = 10_000_000
"""As in W&B. So many make a list of more than a gigabyte, which is refused when it is written."""

Identify = Callable[[Info, str], Digest]
"""How an object is to be known, by what its store says of it and where it is."""


def describe(
    uri: str,
    *,
    max_objects: int = MOST_OBJECTS,
    checksum: bool = False,
    identify: Identify = strongest,
    options: Mapping[str, object] | None = None,
) -> tuple[Stored, ...]:
    """Return what is at `uri`, one object under its own name or everything below a prefix.

    Args:
        uri: a URI or a local path; local files are always read and hashed.
        max_objects: more than so many are refused, not cut off; nobody looks how many more.
        checksum: read remote objects too, which makes their digests SHA-256.
        identify: how they are known if they are not read.
        options: what fsspec is told besides.

    Raises:
        NotFound: nothing is there.
        UsageError: there are too many objects.
        InvalidDocument: the URI or the name of an object is not acceptable.
        StoreError: the store can't be reached, or does not say what identifies an object.
    """
    uri = absolute(uri)
    if protocol(uri) == "file":
        sources = collect(Path(local_path(uri)), most=max_objects + 1)
        return tuple(each(_hashed, _no_more(sources, max_objects, uri)))
    remote = connect(uri, options)
    found = _no_more(_entries(remote, uri), max_objects, uri)
    if checksum:
        read = _Reading(options)
        # Whether there are too many is known before the first is read.
        entries: Iterable[Stored] = each(read.entry, found, workers=_readers(remote))
    else:
        entries = (_said(one, identify) for one in found)
    return tuple(sorted(entries, key=lambda entry: entry.path.encode()))


def at_address(uri: str, path: str) -> Stored:
    """Return what is said to be at `uri`, unseen: neither its size nor anything of its bytes is known."""
    return Stored(path=check_path(path), size=None, digest=Digest("uri", _one_word(check_uri(uri))), uri=uri)


def own_name(uri: str) -> str:
    """Return what an object is called where it is: the last part of its URI."""
    at = urlsplit(uri).path if protocol(uri) in HTTP else uri.partition("://")[2]
    return (unquote(at) if protocol(uri) in HTTP else at).rstrip("/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class _Object:
    """An object, the path it gets in a file list, and what its store says of it."""

    uri: str
    path: str
    info: Info


def _no_more(found: Iterable[T], limit: int, uri: str) -> Iterator[T]:
    for number, one in enumerate(found, start=1):
        if number > limit:
            raise UsageError(
                f"there are more than {limit:,} objects",
                where=uri,
                hint="name a narrower prefix, or raise the limit",
            )
        yield one


def _hashed(source: Source) -> Stored:
    total = sum_of(source.local)
    uri = _one_word(absolute(str(source.local)))
    return Stored(path=source.path, size=total.size, digest=total.sha256, uri=uri)


def _entries(remote: FileSystem, uri: str) -> Iterator[_Object]:
    path = remote.path(uri)
    found = False
    with translating(uri):
        info = None if uri.endswith("/") and remote.protocol not in HTTP else _info(remote, path)
        if info and (info["type"] == "file" or remote.protocol in HTTP):
            yield _Object(uri, own_name(uri), info)
            return
        for below, one in objects(remote, path):
            found = True
            yield _Object(join(uri, below), below, one)
    if not found:
        raise NotFound("there is nothing here", where=uri)


def _info(remote: FileSystem, path: str) -> Info | None:
    try:
        info: Info = remote.patiently(lambda: remote.fs.info(path))
    except Exception as error:
        if is_missing(error):
            return None
        raise
    return info


def _one_word(uri: str) -> str:
    """Return the URI, unless a line of the list's digest could not tell where it ends (DESIGN §3.2)."""
    if len(uri.split()) > 1 or uri != uri.strip():
        raise InvalidDocument(
            "no file list can hold a URI with a space in it",
            where=uri,
            hint="rename it there, or log its bytes",
        )
    return uri


def _checked(one: _Object) -> _Object:
    _one_word(one.uri)
    try:
        check_path(one.path)
    except InvalidDocument as error:
        raise InvalidDocument(error.message, where=one.uri, hint=error.hint) from error
    return one


def _said(one: _Object, identify: Identify) -> Stored:
    size = one.info.get("size")
    return Stored(
        path=_checked(one).path,
        size=size if isinstance(size, int) else None,
        digest=identify(one.info, one.uri),
        uri=one.uri,
    )


def _readers(remote: FileSystem) -> int:
    # Only the asynchronous file systems are made to be called from several threads.
    return 8 if getattr(remote.fs, "async_impl", False) else 1


@dataclass(frozen=True, slots=True)
class _Reading:
    """Knowing objects by their bytes."""

    options: Mapping[str, object] | None

    def entry(self, one: _Object) -> Stored:
        with opened_uri(_checked(one).uri, self.options) as chunks:
            total = consume(chunks, len)
        return Stored(path=one.path, size=total.size, digest=total.sha256, uri=one.uri)


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
