"""The bytes of a version's files, from where they may be read: whole and verified, or in parts."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

from git_registry.errors import RegistryError, StoreError
from git_registry.model.digest import Digest
from git_registry.model.documents.manifest import FileEntry
from git_registry.sdk.blobs import Blobs
from git_registry.store.cache import Cache
from git_registry.store.download import download_file
from git_registry.store.failures import failure, is_missing, translating
from git_registry.store.filesystem import FileSystem, connect
from git_registry.store.location import local_path, protocol
from git_registry.store.progress import Progress
from git_registry.store.reference import present_identity
from git_registry.store.streams import is_absent, require_regular

T = TypeVar("T")

_KNOWN_TO_STORES = ("crc32c", "etag", "stat")


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of a file from `start` until before `end`; None is the end of a file of unknown size."""

    entry: FileEntry
    start: int
    end: int | None

    @property
    def is_whole(self) -> bool:
        """Is it all of the file?"""
        return self.start == 0 and (self.end is None or self.end == self.entry.size)

    @property
    def is_empty(self) -> bool:
        """Is there nothing in it? Stores refuse to be asked for that."""
        return self.end is not None and self.end <= self.start


def part(entry: FileEntry, start: int | None, end: int | None) -> Part:
    """Return the part of a file that a slice means; what is negative counts from its end.

    Raises:
        StoreError: it counts from the end of a file whose size nobody wrote down.
    """
    size = entry.size
    if size is None:
        if (start or 0) < 0 or (end or 0) < 0:
            raise StoreError("its size is not known, so nothing counts from its end", where=entry.uri)
        return Part(entry, start or 0, end)
    begin, stop, _ = slice(start, end).indices(size)
    return Part(entry, begin, stop)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Where an organization's files are read from, by its rules, and this machine's cache of them.

    It holds no connection: it may be shared by threads and carried over a fork.
    """

    blobs: Blobs
    cache: Cache | None = None

    def open(self, entry: FileEntry, **how: Any) -> IO[bytes]:  # noqa: ANN401 - as fsspec has them
        """Open a file for reading at any position; only what is asked for is transferred.

        Bytes are not verified: a digest tells of the whole file alone. That the file is as large as its list
        says is, and that a store still knows what it does not hold itself by the same identity.

        Raises:
            Refused: it may not be read from where it is.
            StoreError: it is not there, or is not what was linked.
        """
        file: IO[bytes] = self._somewhere(
            entry,
            lambda remote, uri: remote.patiently(lambda: remote.fs.open(remote.path(uri), "rb", **how)),
        )
        found = getattr(file, "size", None)
        if None not in (found, entry.size) and found != entry.size:
            file.close()
            raise StoreError(f"expected {entry.size} bytes, found {found}", where=entry.uri)
        return file

    def bytes_of(self, part: Part) -> bytes:
        """Return a part of a file; all of it is verified, less than that can't be.

        Raises:
            Refused: it may not be read from where it is.
            StoreError: it is not there, or is not what was linked.
        """
        entry = part.entry
        if part.is_whole and entry.digest.is_content:
            (wanted,) = self.blobs.wanted([entry])
            most = sys.maxsize if entry.size is None else entry.size
            return self.blobs.store.read(entry.digest, uri=wanted.uri, at_most=most)
        if part.is_empty:
            return b""
        data: bytes = self._somewhere(
            entry,
            lambda remote, uri: remote.patiently(
                lambda: remote.fs.cat_file(remote.path(uri), start=part.start, end=part.end)
            ),
        )
        if part.is_whole:
            _verify(entry, data)
        return data

    def each(self, parts: Sequence[Part]) -> list[bytes | Exception]:
        """Return many parts, those in the store asked for together; what fails has its error in its place."""
        answers: dict[int, bytes | Exception] = {}
        stored: dict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(parts):
            if one.entry.digest.is_content and not one.is_empty:
                stored[_authority(self._stored(one.entry))].append(at)
            else:
                answers[at] = self._tried(one)
        for group in stored.values():
            answers.update(zip(group, self._together([parts[at] for at in group])))
        return [answers[at] for at in range(len(parts))]

    def _stored(self, entry: FileEntry) -> str:
        return self.blobs.store.places(entry.digest)[0]

    def _together(self, parts: Sequence[Part]) -> list[bytes | Exception]:
        places = [self._stored(one.entry) for one in parts]
        with translating(places[0]):
            remote = connect(places[0])
            paths, starts, ends = map(remote.path, places), [p.start for p in parts], [p.end for p in parts]
            got = remote.fs.cat_ranges(list(paths), starts, ends, on_error="return", **remote.bulk)
        return [self._answer(one, place, data) for one, place, data in zip(parts, places, got)]

    def _answer(self, part: Part, place: str, data: bytes | Exception) -> bytes | Exception:
        if not isinstance(data, Exception):
            return data
        if is_missing(data):
            return self._tried(part)  # looks in the other places, or says that it is missing
        return failure(data, place)

    def _tried(self, part: Part) -> bytes | Exception:
        try:
            return self.bytes_of(part)
        except RegistryError as error:
            return error

    def get(self, entry: FileEntry, target: Path, progress: Progress) -> None:
        """Put a file at `target`, verified, whatever is there; see `store.download`."""
        (wanted,) = self.blobs.wanted([entry])
        download_file(wanted, target, store=self.blobs.store, cache=self.cache, force=True, progress=progress)

    def _places(self, entry: FileEntry) -> list[str]:
        """Return where a file may be, the store first; which may be opened, the organization says."""
        (wanted,) = self.blobs.wanted([entry])
        ours = self.blobs.store.places(entry.digest) if entry.digest.is_content else ()
        return list(dict.fromkeys([*ours, wanted.uri]))

    def _somewhere(self, entry: FileEntry, ask: Callable[[FileSystem, str], T]) -> T:
        """Return what the first place that has the file answers."""
        places = self._places(entry)
        for uri in places:
            try:
                with translating(uri), _unchanged(entry, uri):
                    if protocol(uri) == "file":
                        require_regular(os.stat(local_path(uri)), uri)  # noqa: PTH116 - a pipe would never end
                    return ask(connect(uri), uri)
            except StoreError as error:
                if not is_absent(error) or uri == places[-1]:
                    raise
        raise AssertionError(places)


@contextmanager
def _unchanged(entry: FileEntry, uri: str) -> Iterator[None]:
    """Look before and after that what is known only by its store's word is still the same."""
    _check(entry, uri)
    yield
    _check(entry, uri)


def _check(entry: FileEntry, uri: str) -> None:
    if entry.digest.algorithm not in _KNOWN_TO_STORES:
        return
    found = present_identity(uri, entry.digest.algorithm)
    if found != entry.digest:
        raise StoreError(
            f"it changed since it was linked: expected {entry.digest}, found {found or 'no such identity'}",
            where=uri,
            hint="log what is there now as a new version",
        )


def _verify(entry: FileEntry, data: bytes) -> None:
    if entry.size is not None and len(data) != entry.size:
        raise StoreError(f"expected {entry.size} bytes, found {len(data)}", where=entry.uri)
    if entry.digest.algorithm == "md5":
        import hashlib

        found = Digest("md5", hashlib.md5(data, usedforsecurity=False).hexdigest())
        if found != entry.digest:
            raise StoreError(f"it is damaged: expected {entry.digest}, found {found}", where=entry.uri)


def _authority(uri: str) -> str:
    """Return what one file system of fsspec's serves: protocol, and bucket or host."""
    return "/".join(uri.split("/", 3)[:3])
