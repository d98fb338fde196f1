"""What is due to the store, noted apart from the blobs: so one that is gone from here is missed."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from git_registry.model.digest import Digest

_DIGITS = 64


class Due:
    """A file with a line for each blob, `<hex>`; whatever else stands in it is what a killed process left.

    Attributes:
        file: where it is; it need not be there yet. Beside it is its lock.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    def is_empty(self) -> bool:
        """Is nothing due?"""
        try:
            return self.file.stat().st_size == 0
        except FileNotFoundError:
            return True

    def digests(self) -> frozenset[Digest]:
        """Return what is due."""
        try:
            lines = self.file.read_text("ascii").split("\n")
        except FileNotFoundError:
            return frozenset()
        return frozenset(Digest("sha256", line) for line in lines if len(line) == _DIGITS)

    def add(self, digests: Iterable[Digest]) -> None:
        """Note these, all of them in one go."""
        lines = "".join(f"{digest.value}\n" for digest in digests)
        if lines:
            with self._locked(), self.file.open("a", encoding="ascii") as file:
                file.write(f"\n{lines}")  # the line before may have been cut short

    def remove(self, digests: Iterable[Digest]) -> None:
        """Let go of these. The file is there as it was, or as it is to be."""
        if self.is_empty():
            return
        with self._locked():
            before = self.digests()
            left = before.difference(digests)
            if left != before or not left:
                self._replace(left)

    def _replace(self, digests: Iterable[Digest]) -> None:
        draft = self.file.with_name(f"{self.file.name}.new")
        draft.write_text("".join(f"{digest.value}\n" for digest in digests), "ascii")
        draft.replace(self.file)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(
            self.file.with_name(f"{self.file.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666
        )
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)
