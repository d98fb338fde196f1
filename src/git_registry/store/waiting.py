"""The blobs that wait on this machine for a store that is far away. To ask imports nothing heavy.

That a blob is due to the store is noted beside them, after it is there and before anything names it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from git_registry.model.digest import Digest
from git_registry.store.due import Due

_DIGITS = 64
"""Of a SHA-256. Whatever else lies there was not put there by us."""


class Waiting:
    """A directory of blobs named by their digest, as a store of this machine has them.

    Attributes:
        directory: where they are; it need not be there yet. What is due is noted beside it.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._blobs = directory / "sha256"
        self._due = Due(directory.with_name(f"{directory.name}.due"))

    def place(self, digest: Digest) -> Path:
        """Return where a blob waits or would wait."""
        return self._blobs / digest.value[:2] / digest.value

    def holds(self, digest: Digest) -> bool:
        """Does this blob wait?"""
        return digest.is_content and self.place(digest).is_file()

    def places(self, digest: Digest) -> tuple[str, ...]:
        """Return the URI this blob is read from while it waits, or nothing."""
        return (f"file://{self.place(digest)}",) if self.holds(digest) else ()

    def is_empty(self) -> bool:
        """Is none due to the store?"""
        return self._due.is_empty() and next(_blobs_in(self._blobs), None) is None

    def blobs(self) -> dict[Digest, int]:
        """Return each blob that waits, and its size."""
        found = {}
        for entry in _blobs_in(self._blobs):
            # Another process may have uploaded it since it was listed.
            with suppress(FileNotFoundError):
                found[Digest("sha256", entry.name)] = entry.stat(follow_symlinks=False).st_size
        return found

    def due(self) -> frozenset[Digest]:
        """Return those that were put here and not seen in the store since, whether or not they are here."""
        return self._due.digests()

    def note(self, digests: Iterable[Digest]) -> None:
        """Note that these are due to the store, whatever becomes of them here."""
        self._due.add(digests)

    def remove(self, digests: Iterable[Digest]) -> None:
        """Let these go: they are in the store now."""
        gone = list(digests)
        for digest in gone:
            self.place(digest).unlink(missing_ok=True)
        self._due.remove(gone)


def _blobs_in(directory: Path) -> Iterator[os.DirEntry[str]]:
    for shard in _listed(directory):
        for entry in _listed(Path(shard.path)):
            if len(entry.name) == _DIGITS:
                yield entry


def _listed(directory: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []
