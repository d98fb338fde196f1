"""What was read at commits that never change: kept by this process, as much as there is room for."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

T = TypeVar("T")

_ROOM = 1_000_000
"""For so many files, names in listings and the like: some half a gigabyte."""

_BESIDES = 100
"""An answer takes as much room as so many files, however little it says."""


class _Shelf:
    """The answers this process has come by, those used last, by what was asked at which commit."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._room = _ROOM
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> tuple[object, int] | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Hashable, new: object, size: int) -> object:
        """Keep an answer, unless another thread was first; return the one that is kept."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = new, size + _BESIDES
                self._room -= size + _BESIDES
            while self._room < 0 and len(self._kept) > 1:
                self._room += self._kept.popitem(last=False)[1][1]
            return self._kept[key][0]


_SHELVES: dict[int, _Shelf] = {}
"""By process: a lock that another thread held when this process was forked would never be free."""


def kept(key: Hashable, read: Callable[[], T], size: Callable[[T], int]) -> T:
    """Return what was read for a key before, or read it. What `read` raises is not kept.

    Instances come and go with every task that is sent somewhere; at the same commits they read the same,
    by the organization's rules as they were when it was first looked at.

    Args:
        key: of what, at which commit.
        read: asks for it.
        size: of an answer, in files or what takes as much room.
    """
    shelf = _SHELVES.get(os.getpid())
    if shelf is None:
        _SHELVES.clear()
        shelf = _SHELVES.setdefault(os.getpid(), _Shelf())
    found = shelf.find(key)
    if found is None:
        new = read()
        return cast("T", shelf.keep(key, new, size(new)))
    return cast("T", found[0])
