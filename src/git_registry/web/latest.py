"""What happened last: when, what, and whose step it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.wording.happened import told

if TYPE_CHECKING:
    from datetime import datetime

    from git_registry.sdk.auditing import History


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The newest event."""

    at: datetime
    words: str
    by: str


def latest(found: History) -> Latest | None:
    """Return the first of what happened; None if nothing is known to have."""
    for one in found.events:
        return Latest(at=one.committer.at, words=told(one.event, found.numbers), by=one.author.name)
    return None
