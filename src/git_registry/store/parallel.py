"""Doing the same to many things on both cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

WORKERS = max(2, min(4, os.cpu_count() or 2))


def each(do: Callable[[A], B], things: Iterable[A], *, workers: int = WORKERS) -> list[B]:
    """Return what `do` gives for each thing, in order. After a failure nothing new is begun."""
    listed = list(things)
    if len(listed) < 2 or workers < 2:
        return [do(thing) for thing in listed]
    pool = ThreadPoolExecutor(min(workers, len(listed)))
    try:
        return list(pool.map(do, listed))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
