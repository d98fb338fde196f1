"""A bar or a count on the error stream, for a person who waits at a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from git_registry.store.progress import Progress, silent
from git_registry.wording.sizes import size

_WIDTH = 24
_EVERY = 0.1


class Bar:
    """How far a transfer is, redrawn in place."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._total: int | None = None
        self._files = 0
        self._done = 0
        self._drawn = 0.0
        self._began = time.monotonic()

    def start(self, total_bytes: int | None, files: int) -> None:
        """A transfer begins."""
        self._total, self._files, self._done = total_bytes, files, 0
        self._began = time.monotonic()

    def advance(self, count: int) -> None:
        """So many more bytes are done."""
        self._done += count
        now = time.monotonic()
        if now - self._drawn >= _EVERY:
            self._drawn = now
            sys.stderr.write(f"\r{self._line(now - self._began)}\x1b[K")
            sys.stderr.flush()

    def _line(self, seconds: float) -> str:
        rate = f"{size(int(self._done / seconds))}/s" if seconds > 0 else ""
        what = f"{self._files} {'file' if self._files == 1 else 'files'}"
        if not self._total:
            return f"{self._doing} {what}  {size(self._done)}  {rate}"
        full = min(_WIDTH, _WIDTH * self._done // self._total)
        bar = "━" * full + " " * (_WIDTH - full)
        return f"{self._doing} {what}  {bar}  {size(self._done)} of {size(self._total)}  {rate}"

    def clear(self) -> None:
        """Leave nothing of it on the screen."""
        if self._drawn:
            sys.stderr.write("\r\x1b[K")


@contextmanager
def counting(doing: str) -> Iterator[Callable[[int], None]]:
    """Return what is told how many of something are done, and shows it if somebody watches."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    drawn = 0.0

    def told(done: int) -> None:
        nonlocal drawn
        if time.monotonic() - drawn >= _EVERY:
            drawn = time.monotonic()
            sys.stderr.write(f"\r{doing}  {done:,}\x1b[K")
            sys.stderr.flush()

    try:
        yield told
    finally:
        sys.stderr.write("\r\x1b[K")


@contextmanager
def progress(doing: str) -> Iterator[Progress]:
    """Return a bar if somebody watches, else what tells nobody."""
    if not sys.stderr.isatty():
        yield silent
        return
    bar = Bar(doing)
    try:
        yield bar
    finally:
        bar.clear()
