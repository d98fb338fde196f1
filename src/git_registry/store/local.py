"""Blobs in a local directory: one read a file, hashed while it is written, renamed into place."""

from __future__ import annotations

import os
import stat
import uuid
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from git_registry.model.digest import Digest
from git_registry.store.failures import translating
from git_registry.store.hashing import Sum, chunks_of, consume, write_all
from git_registry.store.location import local_path
from git_registry.store.parallel import each
from git_registry.store.progress import Progress
from git_registry.store.scratch import sweep
from git_registry.store.sources import Source
from git_registry.store.steady import Steady, opened

SMALL = 1 << 20
"""Up to here a second thread costs more than it gains."""


class LocalBlobs:
    """The blobs under `<store>/sha256`, in a directory of this machine."""

    def __init__(self, uri: str) -> None:
        self._root = Path(local_path(uri))
        self._temporary = self._root / "tmp"

    def place(self, digest: Digest) -> Path:
        """Return where a blob is or would be."""
        return Path(f"{self._root}/sha256/{digest.value[:2]}/{digest.value}")

    def sizes(self, digests: Iterable[Digest]) -> dict[Digest, int]:
        """Return the size of each of these blobs that is there; what is no file that can be seen is none."""
        found = {}
        if self._is_there():
            for digest in digests:
                # What is the matter with one says nothing of the others.
                with suppress(OSError):
                    status = self.place(digest).stat()
                    if stat.S_ISREG(status.st_mode):
                        found[digest] = status.st_size
        return found

    def _is_there(self) -> bool:
        with translating(str(self._root)):
            try:
                (self._root / "sha256").stat()
            except FileNotFoundError:
                return False
        return True

    def upload(self, sources: Sequence[Source], progress: Progress) -> list[Sum]:
        """Store the files and return what each came to, in order."""
        with translating(str(self._root)):
            self._temporary.mkdir(parents=True, exist_ok=True)
            sweep(self._temporary)
        return each(lambda source: self._upload(source, progress), sources)

    def put(self, data: bytes) -> Digest:
        """Store these bytes."""
        with translating(str(self._root)):
            self._temporary.mkdir(parents=True, exist_ok=True)
            return self._keep(data)

    def _upload(self, source: Source, progress: Progress) -> Sum:
        with opened(source.local) as file, translating(str(source.local)):
            total = self._small(file) if file.size <= SMALL else self._large(file, progress)
        if file.size <= SMALL:
            progress.advance(total.size)
        return total

    def _small(self, file: Steady) -> Sum:
        data = read_up_to(file.descriptor, file.size + 1)
        file.check(len(data))
        with self._told():
            return Sum((self._keep(data),), len(data))

    def _told(self) -> AbstractContextManager[None]:
        """Tell what goes wrong with the store as that, not as a mistake of the file that is put there."""
        return translating(str(self._root))

    def _keep(self, data: bytes) -> Digest:
        digest = Digest.of(data)
        if not self._holds(digest, len(data)):
            temporary, descriptor = self._new()
            try:
                with os.fdopen(descriptor, "wb", buffering=0) as out:
                    write_all(out.fileno(), data)
                self._rename(temporary, digest)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        return digest

    def _large(self, file: Steady, progress: Progress) -> Sum:
        with self._told():
            temporary, descriptor = self._new()

        def write(chunk: memoryview | bytes) -> None:
            with self._told():
                write_all(descriptor, chunk)
            progress.advance(len(chunk))

        try:
            try:
                total = consume(chunks_of(file.descriptor), write)
            finally:
                os.close(descriptor)
            file.check(total.size)
            with self._told():
                if not self._holds(total.sha256, total.size):
                    self._rename(temporary, total.sha256)
        finally:
            temporary.unlink(missing_ok=True)
        return total

    def _holds(self, digest: Digest, size: int) -> bool:
        """Is the blob there? One of another size is damaged, and is replaced."""
        return self.sizes([digest]).get(digest) == size

    def _new(self) -> tuple[Path, int]:
        path = Path(f"{self._temporary}/{uuid.uuid4().hex}.part")
        # Read-only, as Git's objects are: a blob is never edited in place.
        return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o444)

    def _rename(self, temporary: Path, digest: Digest) -> None:
        place = self.place(digest)
        try:
            temporary.replace(place)
        except FileNotFoundError:
            place.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(place)


def read_up_to(descriptor: int, limit: int) -> bytes:
    """Read an open file from where it stands, at most `limit` bytes."""
    parts = []
    while limit and (part := os.read(descriptor, limit)):
        parts.append(part)
        limit -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
