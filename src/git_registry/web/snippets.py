"""Text that is ready to be pasted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snippet:
    """Text to paste.

    Attributes:
        label: what it does.
    """

    label: str
    text: str
