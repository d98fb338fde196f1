"""A store: blobs by digest under one URI, never rewritten, whatever holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from git_registry.errors import StoreError, UsageError
from git_registry.model.digest import Digest
from git_registry.store.hashing import Sum
from git_registry.store.local import LocalBlobs
from git_registry.store.location import absolute, join, protocol
from git_registry.store.progress import OneAtATime, Progress, silent
from git_registry.store.remote import RemoteBlobs
from git_registry.store.sources import Source
from git_registry.store.streams import verified

__all__ = ["Source", "Store", "Stored"]

MOST_READ = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A blob that is there: what it is called in the file list, and where and how it is known.

    Attributes:
        size: in bytes; None if its store does not tell.
    """

    path: str
    size: int | None
    digest: Digest
    uri: str


class _Blobs(Protocol):
    def sizes(self, digests: Iterable[Digest]) -> dict[Digest, int]: ...
    def upload(self, sources: Sequence[Source], progress: Progress) -> list[Sum]: ...
    def put(self, data: bytes) -> Digest: ...


class Store:
    """The blobs under a URI. Holds no connection: it may be kept, shared by threads, carried over a fork.

    Attributes:
        uri: where it is, checked and without a slash at the end.
        options: what fsspec is told besides.
    """

    def __init__(self, uri: str, *, options: Mapping[str, object] | None = None) -> None:
        self.uri = join(absolute(uri))
        self.options = dict(options or {})
        if protocol(self.uri) in ("http", "https"):
            raise UsageError("a store must be writable, and http is not", where=self.uri)
        self._blobs: _Blobs = LocalBlobs(self.uri) if self.is_local else RemoteBlobs(self.uri, self.options)

    @property
    def is_local(self) -> bool:
        """Is it a directory of this machine?"""
        return self.uri.startswith("file://")

    def uri_of(self, digest: Digest) -> str:
        """Return where the blob with this digest is or would be.

        Raises:
            UsageError: it is not a SHA-256; nothing else can be stored.
        """
        if not digest.is_content:
            raise UsageError(f"a blob is stored by its SHA-256, not by {digest}")
        return join(self.uri, "sha256", digest.value[:2], digest.value)

    def places(self, digest: Digest) -> tuple[str, ...]:
        """Return where the blob with this digest may be, the nearest first."""
        return (self.uri_of(digest),)

    def upload(self, sources: Sequence[Source], *, progress: Progress = silent) -> tuple[Stored, ...]:
        """Put what is not there yet, and return every source as it is stored, in the order given.

        Whatever interrupts it, no blob stands under a name that is not its digest; a second run completes it.

        Raises:
            Conflict: a file changed while it was read.
            NotFound: a file is not there.
            UsageError: a file is a symbolic link or no regular file.
            StoreError: the store can't be reached, is full, or did not keep what it was given.
        """
        progress = OneAtATime(progress)
        progress.start(_total(sources), len(sources))
        sums = self._blobs.upload(sources, progress)
        stored = tuple(
            Stored(path=source.path, size=total.size, digest=total.sha256, uri=self.uri_of(total.sha256))
            for source, total in zip(sources, sums, strict=True)
        )
        self._verify(stored)
        return stored

    def put_bytes(self, data: bytes, *, path: str = "") -> Stored:
        """Put these bytes and return them as stored, under `path`."""
        digest = self._blobs.put(data)
        stored = Stored(path=path, size=len(data), digest=digest, uri=self.uri_of(digest))
        self._verify([stored])
        return stored

    def missing(self, digests: Iterable[Digest]) -> frozenset[Digest]:
        """Return those of the digests whose blob is not there. A weak digest is never there."""
        wanted = frozenset(digests)
        return wanted - self.sizes(wanted).keys()

    def sizes(self, digests: Iterable[Digest]) -> Mapping[Digest, int]:
        """Return the size of each of these blobs that is there, as the store has it."""
        return self._blobs.sizes(digest for digest in digests if digest.is_content)

    def read(self, digest: Digest, *, uri: str = "", at_most: int = MOST_READ) -> bytes:
        """Return the blob's bytes, verified.

        Args:
            digest: its SHA-256.
            uri: where else it may be, if it is not in this store.
            at_most: how large it may be.

        Raises:
            StoreError: it is not there, too large, or its bytes have another digest.
        """
        return b"".join(map(bytes, self.stream(digest, uri=uri, at_most=at_most)))

    def stream(
        self, digest: Digest, *, uri: str = "", at_most: int = MOST_READ
    ) -> Iterator[memoryview | bytes]:
        """Give the blob's bytes as they come; they are to be believed when the last has come.

        Arguments and errors are those of `read`. A chunk is valid until the next is asked for.
        """
        places = dict.fromkeys((*self.places(digest), *([uri] if uri else [])))
        return verified(tuple(places), digest, at_most=at_most, options=self.options)

    def _verify(self, stored: Sequence[Stored]) -> None:
        there = self._blobs.sizes(one.digest for one in stored)
        for one in stored:
            if there.get(one.digest) != one.size:
                raise StoreError(
                    f"the store did not keep {one.path or one.digest}: expected {one.size} bytes, "
                    f"found {there.get(one.digest, 'nothing')}",
                    where=one.uri,
                )


def _total(sources: Iterable[Source]) -> int | None:
    try:
        return sum(source.local.lstat().st_size for source in sources)
    except OSError:
        return None
