"""A connection that ends: whoever is at its other end can hold us no longer than until then, nor fill us."""

from __future__ import annotations

import io
import socket
import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """A connection as `http.client` uses one; whoever opened it closes it.

    Attributes:
        until: when it is given up, on the monotonic clock. A limit for each reading would never end what
            comes a byte at a time.
        most: bytes that are read.
    """

    wire: socket.socket
    until: float
    most: int

    def sendall(self, data: bytes) -> None:
        """Send all of it, or raise `OSError`."""
        rest = memoryview(data)
        while rest:
            self.wire.settimeout(left(self.until))
            rest = rest[self.wire.send(rest) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return what comes, as a file."""
        return io.BufferedReader(_Coming(self))

    def close(self) -> None:
        """Do nothing: what is read may still be on its way."""


def left(until: float) -> float:
    """Return how many seconds are left; raise `TimeoutError` if none are."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class _Coming(io.RawIOBase):
    def __init__(self, line: Bounded) -> None:
        self._line = line
        self._rest = line.most

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any, /) -> int:  # noqa: ANN401 - whatever can be written to
        if self._rest <= 0:
            raise OSError("it answered more than there is to say")
        self._line.wire.settimeout(left(self._line.until))
        came = self._line.wire.recv_into(memoryview(into)[: self._rest])
        self._rest -= came
        return came
