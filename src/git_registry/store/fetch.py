"""Wanted files, each from the cache or the first place that has it, verified while it is written."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from git_registry.errors import StoreError
from git_registry.model.digest import Digest
from git_registry.store.blobs import Store
from git_registry.store.cache import Cache
from git_registry.store.failures import failure, is_missing, translating
from git_registry.store.filesystem import FileSystem, connect
from git_registry.store.hashing import Sum, consume, write_all
from git_registry.store.location import is_under, protocol
from git_registry.store.parallel import each
from git_registry.store.progress import Progress
from git_registry.store.reference import present_identity
from git_registry.store.streams import corrupt, enough, is_absent, opened_uri

_SMALL = 8 << 20
_BATCH_BYTES = 16 << 20
_BATCH_FILES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file as a list describes it: where it belongs, what it must be, where it is."""

    path: str
    size: int | None
    digest: Digest
    uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file that arrived.

    Attributes:
        path: as it was wanted.
        size: in bytes.
        sha256: of the bytes that arrived.
        verified: by which algorithm of `Digest`; only `sha256` proves that the bytes are those linked.
    """

    path: str
    size: int
    sha256: Digest
    verified: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Where files come from and go to.

    Attributes:
        stage: the directory they are written into, empty at first.
        store: tried first for everything known by its SHA-256.
        cache: blobs of remote stores are looked for and kept here.
        options: what fsspec is told about URIs outside the store.
    """

    stage: Path
    store: Store | None
    cache: Cache | None
    options: Mapping[str, object] | None
    progress: Progress

    def fetch(self, wanted: Sequence[Wanted]) -> tuple[Fetched, ...]:
        """Write every file, or raise at the first that can't be had."""
        for directory in sorted({os.path.dirname(one.path) for one in wanted}):  # noqa: PTH120
            with translating(str(self.stage / directory)):
                (self.stage / directory).mkdir(parents=True, exist_ok=True)
        near: list[Wanted] = []
        bulk: list[Wanted] = []
        large: list[Wanted] = []
        for one in wanted:
            # Asked once: another process may empty the cache meanwhile.
            small = one.digest.is_content and one.size and one.size <= _SMALL
            (near if self._is_near(one) else bulk if small else large).append(one)
        got = each(self._one, near) + self._in_bulk(bulk) + [self._one(one) for one in large]
        if self.cache and (bulk or large):
            self.cache.trim()
        by_path = {one.path: one for one in got}
        return tuple(by_path[one.path] for one in wanted)

    def _is_near(self, one: Wanted) -> bool:
        local = protocol(self._places(one)[0]) == "file"
        return local or (
            self.cache is not None and one.digest.is_content and self.cache.find(one.digest) is not None
        )

    def _places(self, one: Wanted) -> list[str]:
        ours = self.store.places(one.digest) if self.store and one.digest.is_content else ()
        return list(dict.fromkeys([*ours, one.uri]))

    def _options(self, uri: str) -> Mapping[str, object] | None:
        return self.store.options if self.store and is_under(uri, self.store.uri) else self.options

    def _one(self, one: Wanted) -> Fetched:
        """Fetch one file from the cache or from the first place that has it."""
        places = self._places(one)
        remote = protocol(places[0]) != "file"
        if remote and (cached := self._from_cache(one)):
            return cached
        for uri in places:
            try:
                fetched = self._from(uri, one)
            except StoreError as error:
                if is_absent(error) and uri != places[-1]:
                    continue
                raise
            if protocol(uri) != "file":
                self._remember(one)
            return fetched
        raise AssertionError(places)

    def _from_cache(self, one: Wanted) -> Fetched | None:
        path = self.cache.find(one.digest) if self.cache and one.digest.is_content else None
        if self.cache is None or path is None:
            return None
        try:
            return self._from(f"file://{path}", one)
        except StoreError:
            self.cache.drop(one.digest)
            (self.stage / one.path).unlink(missing_ok=True)
            return None

    def _remember(self, one: Wanted) -> None:
        if self.cache and one.digest.is_content:
            self.cache.add(one.digest, self.stage / one.path)

    def _from(self, uri: str, one: Wanted) -> Fetched:
        options = self._options(uri)
        by_store = one.digest.algorithm in ("crc32c", "etag", "stat")
        if by_store:
            _check_identity(uri, one.digest, options)
        with opened_uri(uri, options, one.size) as chunks:
            total = self._write(one, enough(chunks, one.size))
        if by_store:
            _check_identity(uri, one.digest, options)
        return _verified(one, total, uri)

    def _write(self, one: Wanted, chunks: Iterable[memoryview | bytes]) -> Sum:
        with translating(one.path):
            descriptor = _new_file(self.stage / one.path)

            def write(chunk: memoryview | bytes) -> None:
                write_all(descriptor, chunk)
                self.progress.advance(len(chunk))

            try:
                return consume(chunks, write, also="md5" if one.digest.algorithm == "md5" else "")
            except BaseException:
                (self.stage / one.path).unlink()
                raise
            finally:
                os.close(descriptor)

    def _in_bulk(self, wanted: Sequence[Wanted]) -> list[Fetched]:
        """Fetch small files many at a time: while a batch is verified and written, the next is on its way."""
        got: list[Fetched] = []
        with ThreadPoolExecutor(1) as ahead:
            coming = None
            for batch in (*_batches(wanted), None):
                arrived: list[tuple[Wanted, bytes | Exception]] = coming.result() if coming else []
                coming = ahead.submit(self._request, batch) if batch else None
                got += each(self._accept, arrived)
        return got

    def _request(self, batch: Sequence[Wanted]) -> list[tuple[Wanted, bytes | Exception]]:
        by_protocol: dict[str, list[Wanted]] = defaultdict(list)
        for one in batch:
            by_protocol[_authority(self._places(one)[0])].append(one)
        answers: list[tuple[Wanted, bytes | Exception]] = []
        for group in by_protocol.values():
            first = self._places(group[0])[0]
            with translating(first):
                remote = connect(first, self._options(first))
                paths = [remote.path(self._places(one)[0]) for one in group]
                # One byte more than expected, so that an object that is too long shows.
                ends = [(one.size or 0) + 1 for one in group]
                answers += zip(group, _ranges(remote, paths, ends))
        return answers

    def _accept(self, answer: tuple[Wanted, bytes | Exception]) -> Fetched:
        one, data = answer
        uri = self._places(one)[0]
        if isinstance(data, Exception):
            if is_missing(data):
                return self._one(one)  # tries the other places, or says that it is missing
            raise failure(data, uri) from data
        fetched = _verified(one, self._write(one, [data]), uri)
        self._remember(one)
        return fetched


def _ranges(remote: FileSystem, paths: list[str], ends: list[int]) -> list[bytes | Exception]:
    def ask() -> list[bytes | Exception]:
        got: list[bytes | Exception] = remote.fs.cat_ranges(
            paths, [0] * len(paths), ends, on_error="return", **remote.bulk
        )
        return got

    return remote.patiently(ask)


def _batches(wanted: Iterable[Wanted]) -> Iterator[list[Wanted]]:
    batch: list[Wanted] = []
    size = 0
    for one in wanted:
        if batch and (size + (one.size or 0) > _BATCH_BYTES or len(batch) >= _BATCH_FILES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += one.size or 0
    if batch:
        yield batch


def _authority(uri: str) -> str:
    return "/".join(uri.split("/", 3)[:3])


def _new_file(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)


def _check_identity(uri: str, expected: Digest, options: Mapping[str, object] | None) -> None:
    found = present_identity(uri, expected.algorithm, options)
    if found != expected:
        raise StoreError(
            f"it changed since it was linked: expected {expected}, found {found or 'no such identity'}",
            where=uri,
            hint="log what is there now as a new version",
        )


def _verified(one: Wanted, total: Sum, uri: str) -> Fetched:
    if one.size is not None and total.size > one.size:
        # No more was read than shows this, so there is no digest to be told.
        raise StoreError(f"expected {one.size} bytes, found more", where=uri)
    for found in total.digests:
        if found.algorithm == one.digest.algorithm and found != one.digest:
            raise corrupt(uri, one.digest, found)
    if one.size is not None and total.size != one.size:
        raise StoreError(f"expected {one.size} bytes, found {total.size}", where=uri)
    return Fetched(path=one.path, size=total.size, sha256=total.sha256, verified=one.digest.algorithm)
