"""A store that is out of reach: what is put waits on this machine, under the URI it will have there.

A blob stands here, whole, and is noted as due, before anything can name it; both leave when the store
was seen to hold it. So a blob that is gone from here without that is missed, and nothing names it to others.
A file list is put after the files it names, and as long as one of them waits, so does the list: who asks for
the blobs that a document names needs to look into no list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from git_registry.errors import NotFound, StoreError
from git_registry.model.digest import Digest
from git_registry.store.blobs import Source, Store, Stored
from git_registry.store.local import LocalBlobs
from git_registry.store.progress import Progress, silent
from git_registry.store.waiting import Waiting

__all__ = ["Emptied", "Spool", "Spooled", "empty", "lost"]

_LOOKS = 20


class Spooled(Store):
    """A store for which blobs wait here; those are read from here, and wait no longer once they were put.

    Attributes:
        waiting: the blobs that wait.
    """

    def __init__(self, uri: str, directory: Path) -> None:
        super().__init__(uri)
        self.waiting = Waiting(directory)

    def places(self, digest: Digest) -> tuple[str, ...]:
        """Return where a blob may be: here first, if it waits."""
        return (*self.waiting.places(digest), *super().places(digest))

    def upload(self, sources: Sequence[Source], *, progress: Progress = silent) -> tuple[Stored, ...]:
        """Put these files; see `Store.upload`."""
        stored = super().upload(sources, progress=progress)
        self.waiting.remove(one.digest for one in stored)
        return stored

    def put_bytes(self, data: bytes, *, path: str = "") -> Stored:
        """Put these bytes; see `Store.put_bytes`."""
        stored = super().put_bytes(data, path=path)
        self.waiting.remove([stored.digest])
        return stored


class Spool(Store):
    """A store out of reach: whatever is put waits here, and nothing but what waits is known to be there.

    Attributes:
        waiting: the blobs that wait.
    """

    def __init__(self, uri: str, directory: Path, *, begin: Callable[[], None] = lambda: None) -> None:
        """`begin` is called whenever blobs are about to wait."""
        super().__init__(uri)
        self.waiting = Waiting(directory)
        self._blobs = LocalBlobs(f"file://{directory}")
        self._begin = begin

    def places(self, digest: Digest) -> tuple[str, ...]:
        """Return where a blob may be: here first, if it waits."""
        return (*self.waiting.places(digest), *super().places(digest))

    def upload(self, sources: Sequence[Source], *, progress: Progress = silent) -> tuple[Stored, ...]:
        """Keep these files until the store can be reached; see `Store.upload`."""
        self._begin()
        stored = super().upload(sources, progress=progress)
        self.waiting.note(one.digest for one in stored)
        return stored

    def put_bytes(self, data: bytes, *, path: str = "") -> Stored:
        """Keep these bytes until the store can be reached."""
        self._begin()
        stored = super().put_bytes(data, path=path)
        self.waiting.note([stored.digest])
        return stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Emptied:
    """What left a spool: how many blobs, and how many bytes they have."""

    blobs: int = 0
    size: int = 0


def lost(waiting: Waiting, store: Store) -> frozenset[Digest]:
    """Return what is due to the store, is gone from here, and is not there either.

    What is there after all is due no longer. Where nothing is gone, the store is not asked.

    Raises:
        StoreError: the store can't be reached.
    """
    gone = frozenset(digest for digest in waiting.due() if not waiting.holds(digest))
    missing = store.missing(gone) if gone else gone
    waiting.remove(gone - missing)
    return missing


def empty(waiting: Waiting, store: Store, *, progress: Progress = silent) -> Emptied:
    """Upload every blob that waits, and let go of them when the store holds them all.

    Others may go on putting blobs here meanwhile. One process at a time empties a spool.

    Raises:
        StoreError: the store can't be reached or did not keep what it was given, or a blob that waits is
            damaged. All of them go on waiting; what was uploaded is skipped the next time.
    """
    for _ in range(_LOOKS):
        # Looked at twice: a list that the first look finds was put after its files, so the second finds
        # those, or they are in the store. What comes in between is uploaded, and waits for the next time.
        settled, blobs = waiting.blobs(), waiting.blobs()
        try:
            sent = _sent(waiting, store, blobs, progress)
        except NotFound:
            continue  # somebody who reaches the store put a blob there that waited here
        waiting.remove(settled.keys() & blobs.keys())
        return sent
    raise StoreError("blobs that wait went away while they were uploaded", where=str(waiting.directory))


def _sent(waiting: Waiting, store: Store, blobs: Mapping[Digest, int], progress: Progress) -> Emptied:
    if not blobs:
        return Emptied()
    there = store.sizes(blobs)
    sources = [
        Source(path=digest.value, local=waiting.place(digest))
        for digest, size in blobs.items()
        if there.get(digest) != size
    ]
    for one in store.upload(sources, progress=progress):
        _require_whole(waiting, one)
    return Emptied(blobs=len(sources), size=sum(blobs[Digest("sha256", one.path)] for one in sources))


def _require_whole(waiting: Waiting, stored: Stored) -> None:
    expected = Digest("sha256", stored.path)
    if stored.digest != expected:
        waiting.note([expected])
        raise StoreError(
            f"it is damaged: expected {expected}, found {stored.digest}",
            where=str(waiting.place(expected)),
            hint="remove it, then log or link the original again; what names it is not published before that",
        )
