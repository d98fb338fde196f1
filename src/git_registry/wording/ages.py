"""How long ago something was, as people say it."""

from __future__ import annotations

from datetime import datetime

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def age(now: datetime, then: datetime) -> str:
    """Return how long ago something was, in its largest unit."""
    seconds = max(int((now - then).total_seconds()), 0)
    whole, unit = next(((whole, unit) for whole, unit in _UNITS if seconds >= whole), _UNITS[-1])
    return f"{seconds // whole} {unit}"
