"""What happened last in a registry or a collection: when, what, and whose step it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.index.events.history import Wanted
from git_registry.sdk import auditing
from git_registry.wording.happened import told

if TYPE_CHECKING:
    from datetime import datetime

    from git_registry.catalog.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The newest event of a registry or collection."""

    at: datetime
    words: str
    by: str


def latest(catalog: Catalog, path: str) -> Latest | None:
    """Return what happened there last; None if nothing is known to have."""
    found = auditing.history(catalog, path, Wanted(limit=1))
    for one in found.events:
        return Latest(at=one.committer.at, words=told(one.event, found.numbers), by=one.author.name)
    return None
