"""The bytes behind a URI, in bounded pieces."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from hashlib import sha256

from git_registry.errors import StoreError
from git_registry.model.digest import Digest
from git_registry.store.failures import is_missing, translating
from git_registry.store.filesystem import HTTP, FileSystem, connect
from git_registry.store.hashing import CHUNK, chunks_of
from git_registry.store.location import check_uri, local_path, protocol

_RANGE = 2 * CHUNK
_RANGES = 3
"""Two rounds of so many ranges are in memory at once."""

Chunks = Iterable[memoryview | bytes]


@contextmanager
def opened_uri(uri: str, options: Mapping[str, object] | None, size: int | None = None) -> Iterator[Chunks]:
    """Open what is at `uri` and give its bytes in order. `size`, if known, saves asking.

    Raises:
        StoreError: it can't be read. `from` a FileNotFoundError if it is not there.
    """
    with translating(uri):
        if protocol(check_uri(uri)) == "file":
            # Without O_NONBLOCK, opening a pipe would wait for its other end.
            descriptor = os.open(local_path(uri), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                require_regular(os.fstat(descriptor), uri)
                yield _told(chunks_of(descriptor), uri)
            finally:
                os.close(descriptor)
        else:
            with closing(_remote(connect(uri, options), uri, size)) as chunks:
                yield _told(chunks, uri)


def require_regular(status: os.stat_result, uri: str) -> None:
    """Raise `StoreError` unless it is a file: a pipe or device may have no end, or never begin."""
    if not stat.S_ISREG(status.st_mode):
        raise StoreError("it is not a regular file", where=uri)


def enough(chunks: Chunks, size: int | None) -> Iterator[memoryview | bytes]:
    """Give the chunks until they are more than `size` bytes: what comes after tells no more."""
    for chunk in chunks:
        yield chunk
        if size is not None:
            size -= len(chunk)
            if size < 0:
                return


def _told(chunks: Chunks, uri: str) -> Iterator[memoryview | bytes]:
    """Let what goes wrong in reading name the URI, whoever reads."""
    with translating(uri):
        yield from chunks


def _remote(remote: FileSystem, uri: str, size: int | None) -> Generator[bytes, None, None]:
    path = remote.path(uri)
    if not remote.is_object_store:
        yield from _sequential(remote, path)
        return
    length = int(remote.fs.info(path)["size"]) if size is None else size
    rounds = range(0, length, _RANGE * _RANGES)

    def fetch(start: int) -> list[bytes]:
        starts = list(range(start, min(start + _RANGE * _RANGES, length), _RANGE))
        # One byte more than expected at the end, so that an object that is too long shows.
        ends = [begin + _RANGE if begin + _RANGE < length else length + 1 for begin in starts]
        got: list[bytes] = remote.fs.cat_ranges(
            [path] * len(starts), starts, ends, on_error="raise", **remote.bulk
        )
        return got

    if not rounds:
        yield remote.fs.cat_file(path)
        return
    with ThreadPoolExecutor(1) as ahead:
        coming = ahead.submit(fetch, rounds[0])
        for start in (*rounds[1:], None):
            blocks = coming.result()
            if start is not None:
                coming = ahead.submit(fetch, start)
            yield from blocks


def _sequential(remote: FileSystem, path: str) -> Generator[bytes, None, None]:
    # With a block size of 0, HTTP is one streamed request instead of many with ranges.
    how = {"block_size": 0} if remote.protocol in HTTP else {}
    with remote.patiently(lambda: remote.fs.open(path, "rb", **how)) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def verified(
    uris: Sequence[str], digest: Digest, *, at_most: int, options: Mapping[str, object] | None = None
) -> Iterator[memoryview | bytes]:
    """Give the bytes at the first of the URIs that has any. They are to be believed when the last has come.

    Raises:
        StoreError: they are at none of them, are more than `at_most`, or have another digest.
    """
    for uri in uris:
        total, size = sha256(), 0
        try:
            with opened_uri(uri, options) as chunks:
                for chunk in chunks:
                    size += len(chunk)
                    _require_few(size, at_most, uri)
                    total.update(chunk)
                    yield chunk
        except StoreError as error:
            if not size and is_absent(error) and uri != uris[-1]:
                continue
            raise
        if total.hexdigest() != digest.value:
            raise corrupt(uri, digest, Digest("sha256", total.hexdigest()))
        return
    raise StoreError("there is nowhere to read it from", where=str(digest))


def bounded(chunks: Chunks, at_most: int, uri: str) -> bytes:
    """Return the chunks as one.

    Raises:
        StoreError: they are more than `at_most` bytes.
    """
    data = bytearray()
    for chunk in chunks:
        data += chunk
        _require_few(len(data), at_most, uri)
    return bytes(data)


def _require_few(size: int, at_most: int, uri: str) -> None:
    if size > at_most:
        raise StoreError(f"it is larger than {at_most} bytes", where=uri)


def is_absent(error: StoreError) -> bool:
    """Was it raised because there is no such object?"""
    return error.__cause__ is not None and is_missing(error.__cause__)


def corrupt(uri: str, expected: Digest, found: Digest) -> StoreError:
    """Return the error for bytes that are not what their digest says."""
    return StoreError(
        f"it is damaged: expected {expected}, found {found}",
        where=uri,
        hint="remove it there and upload the original again",
    )
