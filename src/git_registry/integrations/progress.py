"""How far a transfer has come, told as fsspec tells it."""

from __future__ import annotations

from fsspec.callbacks import Callback


class Told:
    """Tells fsspec's callbacks how far a transfer has come."""

    def __init__(self, callback: Callback) -> None:
        self._callback = callback

    def start(self, total_bytes: int | None, files: int) -> None:  # noqa: ARG002 - it is one
        """Say how large the file is."""
        self._callback.set_size(total_bytes)

    def advance(self, count: int) -> None:
        """Say that so many more bytes are done."""
        self._callback.relative_update(count)
