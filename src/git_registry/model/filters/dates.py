"""Dates as people type them → instants as documents write them, which sort as text."""

from __future__ import annotations

import re

from git_registry.errors import UsageError

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,3}))?Z?)?", re.ASCII)


def instant(text: str) -> str:
    """Return `2026-11-22T00:00:00.000Z` for `2026-11-22`, and so on.

    Raises:
        UsageError: it is no date, or one that no calendar has.
    """
    found = _DATE.fullmatch(text)
    if not found or not _in_calendar(found[1], found[2] or "00:00:00"):
        raise UsageError(
            f"expected a date, found {text!r}",
            hint="write YYYY-MM-DD or YYYY-MM-DD HH:MM:SS, in UTC; milliseconds, T and Z are understood",
        )
    return f"{found[1]}T{found[2] or '00:00:00'}.{(found[3] or '').ljust(3, '0')}Z"


def _in_calendar(day: str, time: str) -> bool:
    from datetime import datetime  # late: most filters have no date

    try:
        datetime.fromisoformat(f"{day}T{time}+00:00")
    except ValueError:
        return False
    return True
