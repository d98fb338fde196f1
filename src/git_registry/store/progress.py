"""How far a transfer has come, told to whoever asked."""

from __future__ import annotations

import threading
from typing import Protocol


class Progress(Protocol):
    """Something that wants to know how far a transfer has come. Calls never overlap."""

    def start(self, total_bytes: int | None, files: int) -> None:
        """A transfer of so many files begins; `total_bytes` is None if a size is unknown."""

    def advance(self, count: int) -> None:
        """So many more bytes are done."""


class _Silent:
    """Tells nobody."""

    def start(self, total_bytes: int | None, files: int) -> None:
        """Do nothing."""

    def advance(self, count: int) -> None:
        """Do nothing."""


silent: Progress = _Silent()
"""The progress of those who did not ask."""


class OneAtATime:
    """Lets several threads report to one `Progress`."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._lock = threading.Lock()

    def start(self, total_bytes: int | None, files: int) -> None:
        """Pass it on."""
        with self._lock:
            self._progress.start(total_bytes, files)

    def advance(self, count: int) -> None:
        """Pass it on, after whoever is reporting now."""
        with self._lock:
            self._progress.advance(count)
