"""What an automation asks of an event: its `match`, read."""

from __future__ import annotations

from collections.abc import Mapping

from git_registry.errors import UsageError
from git_registry.model.filters import EVENT, Filter, fields_of, parse

MOST_TESTS = 50
"""In one `match`: whoever answers a push holds them against everything that the automation waits for."""


def condition(match: Mapping[str, object], *, where: str = "match") -> Filter:
    """Read the `match` of an automation.

    Args:
        match: as its document has it.
        where: what an error shall call it.

    Raises:
        UsageError: it is no filter over events, or asks too much.
    """
    found = parse(match, EVENT, where=where)
    count = len([*fields_of(found)])
    if count > MOST_TESTS:
        raise UsageError(
            f"it asks for {count:,} things, and asks for at most {MOST_TESTS}",
            where=where,
            hint="one $in, or one $regex with |, stands for many",
        )
    return found
