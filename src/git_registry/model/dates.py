"""Dates: as people type them, on a command line or in a filter, and as they are written for them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from git_registry.errors import UsageError

_DATE = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?(Z|[+-]\d{2}:\d{2})?", re.ASCII
)
_DAY = timedelta(days=1) - timedelta(seconds=1)


def parse_date(text: str) -> datetime | None:
    """Return the moment a text names, in UTC; None if it is no date, or one that no calendar has.

    A date is `YYYY-MM-DD`, then ` HH:MM`, ` HH:MM:SS` or ` HH:MM:SS.fff`, then `Z` or `±hh:mm`; the last two
    may be missing. A day alone is its first moment, and where no zone is said UTC is meant.
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
    found = parse_date(text)
    if found is None:
        raise UsageError(
            f"expected a date, found {text!r}",
            hint="write YYYY-MM-DD or YYYY-MM-DD HH:MM:SS; it is UTC, unless +01:00 or the like follows",
        )
    return found


def last_moment(text: str) -> datetime:
    """Return the last second of a date: a day alone has all of its seconds.

    Raises:
        UsageError: it is no date.
    """
    moment = first_moment(text)
    found = _DATE.fullmatch(text)
    return moment if found and found[2] else moment + _DAY


def timestamp(at: datetime) -> str:
    """Return a moment as documents write it: milliseconds, UTC. Such texts sort as the moments do."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def typed(at: datetime) -> str:
    """Return a moment as people may type it, to the second and in UTC."""
    return at.astimezone(UTC).isoformat(" ", "seconds").replace("+00:00", "Z")
