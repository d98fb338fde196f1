"""Blobs in a remote store: hashed first, because the name needs the digest, and put only if missing.

While one batch is on its way the next is hashed. A batch is bounded in bytes, and two are in memory at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from git_registry.model.digest import Digest
from git_registry.store.failures import translating
from git_registry.store.filesystem import FileSystem, connect
from git_registry.store.hashing import Sum, chunks_of, rest_of
from git_registry.store.local import read_up_to
from git_registry.store.location import join
from git_registry.store.multipart import Refuted, renamed, send
from git_registry.store.parallel import each
from git_registry.store.presence import sizes
from git_registry.store.progress import Progress
from git_registry.store.sources import Source
from git_registry.store.steady import changed, opened

SMALL = 16 << 20
"""Up to here a file is read once, and what was hashed is what is put."""

_BATCH_BYTES = 16 << 20
_BATCH_FILES = 1_000
_LARGE_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class _Hashed:
    source: Source
    total: Sum
    seen: tuple[int, ...]
    data: bytes | None


class RemoteBlobs:
    """The blobs under `<store>/sha256`, anywhere fsspec reaches."""

    def __init__(self, uri: str, options: Mapping[str, object]) -> None:
        self._uri = uri
        self._options = options

    def sizes(self, digests: Iterable[Digest]) -> dict[Digest, int]:
        """Return the size of each of these blobs that is there."""
        remote = connect(self._uri, self._options)
        with translating(self._uri):
            return sizes(remote, self._path(remote), digests)

    def upload(self, sources: Sequence[Source], progress: Progress) -> list[Sum]:
        """Store the files and return what each came to, in order."""
        remote = connect(self._uri, self._options)
        sums: list[Sum] = []
        sending: Future[None] | None = None
        with ThreadPoolExecutor(1) as sender:
            for batch in _batches(sources):
                hashed = each(_hash, batch)
                sums.extend(one.total for one in hashed)
                if sending:
                    sending.result()
                sending = sender.submit(self._send, remote, hashed, progress)
                del hashed
            if sending:
                sending.result()
        return sums

    def put(self, data: bytes) -> Digest:
        """Store these bytes."""
        digest = Digest.of(data)
        remote = connect(self._uri, self._options)
        with translating(self._uri):
            if self.sizes([digest]).get(digest) != len(data):
                self._put(remote, {digest: data})
        return digest

    def _path(self, remote: FileSystem) -> str:
        return remote.path(join(self._uri, "sha256"))

    def _place(self, remote: FileSystem, digest: Digest) -> str:
        return f"{self._path(remote)}/{digest.value[:2]}/{digest.value}"

    def _send(self, remote: FileSystem, batch: list[_Hashed], progress: Progress) -> None:
        with translating(self._uri):
            there = sizes(remote, self._path(remote), (one.total.sha256 for one in batch))
            missing = {
                one.total.sha256: one for one in batch if there.get(one.total.sha256) != one.total.size
            }
            self._put(remote, {digest: one.data for digest, one in missing.items() if one.data is not None})
            for one in batch:
                if one.data is None and one.total.sha256 in missing:
                    self._send_large(remote, missing.pop(one.total.sha256), progress)
                else:
                    progress.advance(one.total.size)

    def _put(self, remote: FileSystem, blobs: Mapping[Digest, bytes]) -> None:
        if not blobs:
            return
        places = [self._place(remote, digest) for digest in blobs]
        if remote.is_object_store:
            remote.fs.pipe(dict(zip(places, blobs.values())), **remote.bulk)
            return
        with renamed(remote, places) as temporary:
            remote.patiently(lambda: remote.fs.pipe(dict(zip(temporary, blobs.values())), **remote.bulk))

    def _send_large(self, remote: FileSystem, one: _Hashed, progress: Progress) -> None:
        with opened(one.source.local) as file:
            if file.seen != one.seen:
                raise changed(file.name)

            def told() -> Iterator[memoryview]:
                for chunk in chunks_of(file.descriptor):
                    yield chunk
                    progress.advance(len(chunk))

            def is_right(total: Sum) -> bool:
                file.check(total.size)
                return total == one.total

            try:
                send(remote, self._place(remote, one.total.sha256), told(), file.size, is_right)
            except Refuted as error:
                raise changed(file.name) from error


def _hash(source: Source) -> _Hashed:
    with opened(source.local) as file, translating(str(source.local)):
        if file.size <= SMALL:
            data = read_up_to(file.descriptor, file.size + 1)
            total = Sum((Digest.of(data),), len(data))
            file.check(total.size)
        else:
            data, total = None, rest_of(file)
        return _Hashed(source, total, file.seen, data)


def _batches(sources: Iterable[Source]) -> Iterator[list[Source]]:
    """Neighbours together: small files up to a bound in bytes, large ones in twos, one a core to hash."""
    batch: list[Source] = []
    room = 0
    was_large = False
    for source in sources:
        size = _size(source)
        large = size > SMALL
        cost = _BATCH_BYTES // _LARGE_AT_ONCE if large else size
        if batch and (large != was_large or cost > room or len(batch) >= _BATCH_FILES):
            yield batch
            batch = []
        if not batch:
            room = _BATCH_BYTES
        batch.append(source)
        room -= cost
        was_large = large
    if batch:
        yield batch


def _size(source: Source) -> int:
    try:
        return source.local.lstat().st_size
    except OSError:
        return 0  # opening it tells what is the matter
