"""What an alias pointed at, from when to when, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from git_registry.index.history import Recorded, Wanted, recorded
from git_registry.index.moment import Moment
from git_registry.index.renames import known_as, renames
from git_registry.index.sources import Subject
from git_registry.model.events import AliasChange, CollectionRenamed


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The time an alias pointed at a version.

    Attributes:
        collection: its path when the term began.
        version: the id.
        since: what began it.
        until: what ended it; None if it lasts.
    """

    collection: str
    version: str
    since: Recorded
    until: Recorded | None = None


def terms(moment: Moment, path: str, alias: str) -> Sequence[Term]:
    """Return the terms of an alias of a collection, in the order they began."""
    known = known_as(path, renames(moment))
    found: list[Term] = []
    lasting: dict[str, int] = {}
    for one in recorded(moment, Wanted(subject=Subject(path=path, alias=alias), newest_first=False)):
        event = one.event
        if isinstance(event, CollectionRenamed):
            # Only what goes on under a path that is asked about is still the same alias.
            index = lasting.pop(event.before or "", None)
            if index is not None and one.position <= known.get(event.path, -1):
                lasting[event.path] = index
            elif index is not None:
                found[index] = replace(found[index], until=one)
        elif isinstance(event, AliasChange):
            index = lasting.pop(event.path, None)
            if index is not None:
                found[index] = replace(found[index], until=one)
            if event.after is not None:
                lasting[event.path] = len(found)
                found.append(Term(collection=event.path, version=event.after, since=one))
    return found
