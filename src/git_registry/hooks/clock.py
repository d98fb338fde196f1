"""The server's clock: what it says counts, whatever a commit claims."""

from __future__ import annotations

from datetime import UTC, datetime


def clock() -> datetime:
    """Return the time now."""
    return datetime.now(UTC)
