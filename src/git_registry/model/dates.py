"""Dates as people type them on a command line; those in filters are `model.filters.dates`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from git_registry.errors import UsageError

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?))?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DAY = timedelta(days=1) - timedelta(seconds=1)


def parse_date(text: str) -> datetime | None:
    """Return the moment a text names, in UTC; None if it is no date, or one that no calendar has.

    A date is `YYYY-MM-DD`, then ` HH:MM` or ` HH:MM:SS`, then `Z` or `±hh:mm`; the last two may be missing.
    A day alone is its first moment, and where no zone is said UTC is meant.
    """
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}{found[3] or 'Z'}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def first_moment(text: str) -> datetime:
    """Return the moment from which on it is that date; see `parse_date`.

    Raises:
        UsageError: it is no date.
    """
    moment = parse_date(text)
    if moment is None:
        raise UsageError(
            f"expected a date, found {text!r}",
            hint="write YYYY-MM-DD or YYYY-MM-DD HH:MM:SS; it is UTC, unless +01:00 or the like follows",
        )
    return moment


def last_moment(text: str) -> datetime:
    """Return the last second of a date: a day alone has all of its seconds.

    Raises:
        UsageError: it is no date.
    """
    moment = first_moment(text)
    found = _DATE.fullmatch(text)
    return moment if found and found[2] else moment + _DAY
