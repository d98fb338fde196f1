"""What lies in the store, which may be far away and slow: only some pages wait for it at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from git_registry.errors import StoreError

WAITING = 2
"""Pages that wait for the store at the same time: fewer than are made, so that the others still are."""

PATIENCE = 2.0
"""Seconds that a page waits for its turn."""

_turns = BoundedSemaphore(WAITING)


@contextmanager
def in_turn() -> Iterator[None]:
    """Read from the store when it is this page's turn.

    Raises:
        StoreError: others wait for it already, and got no answer for a while.
    """
    if not _turns.acquire(timeout=PATIENCE):
        raise StoreError("the store is slow to answer; others wait for it", hint="look again in a minute")
    try:
        yield
    finally:
        _turns.release()
