"""How much of the disk the deliveries of a registry may take, whoever starts them and whatever answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from git_registry.automation.turns import DELIVERED_ONES, TAKEN

LARGEST = 64 << 20
"""Bytes of a registry's deliveries, whatever became of them."""

_SPARE = LARGEST // 8
"""Bytes that are made free at once, so that it is done seldom."""

_AGAIN = 60.0
"""Seconds until a registry that takes too much is looked at again: counting takes a while, too."""


class Room:
    """The room that is left, as far as this process knows: others may write as well.

    Args:
        rows: asks the queue a question.
        forget: forgets a delivery, by its number.
    """

    def __init__(
        self, rows: Callable[..., Sequence[tuple[Any, ...]]], forget: Callable[[int], object]
    ) -> None:
        self._rows, self._forget = rows, forget
        self._left: dict[str, int] = {}
        self._counted: dict[str, float] = {}

    def take(self, registry: str, size: int, now: float) -> bool:
        """Take room for so many bytes; False if there is none, even once what was delivered is forgotten."""
        left = self._left.get(registry, 0)
        if left < size and abs(now - self._counted.get(registry, -math.inf)) >= _AGAIN:
            left = self._made(registry)
            self._counted[registry] = now
        self._left[registry] = left - size if left >= size else left
        return left >= size

    def _made(self, registry: str) -> int:
        """Count what is left. If that is little, forget what was delivered, the oldest first."""
        ((taken,),) = self._rows(TAKEN, registry)
        left = LARGEST - int(taken)
        if left < _SPARE:
            for number, size in self._rows(DELIVERED_ONES, registry):
                self._forget(number)
                left += size
                if left >= _SPARE:
                    break
        return left
