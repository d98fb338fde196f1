"""What time it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def clock() -> datetime:
    """Return the time. It is handed in: nothing else in the package asks for it, but to see a file's age."""
    from datetime import UTC, datetime  # a command that only reads has no use for the time

    return datetime.now(UTC)
