"""How long something took, as people say it."""

from __future__ import annotations

_MINUTE, _HOUR = 60, 3600


def duration(seconds: float) -> str:
    """Return how long something took, as people say it: `1h 26m`, `4m 03s`, `12s`."""
    whole = round(seconds)
    if whole >= _HOUR:
        return f"{whole // _HOUR}h {whole % _HOUR // _MINUTE:02}m"
    return f"{whole // _MINUTE}m {whole % _MINUTE:02}s" if whole >= _MINUTE else f"{whole}s"
