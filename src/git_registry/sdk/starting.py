"""Automations that a merge would start, as they would stand once it is made (DESIGN §8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from git_registry.automation.happening import Placed
from git_registry.automation.matching import asked, condition_of, waits_for
from git_registry.errors import InvalidDocument, UsageError
from git_registry.model import filters
from git_registry.model.documents.automation import Action
from git_registry.model.events import Event
from git_registry.model.layout import automation_path
from git_registry.model.triggers import OUTSIDE
from git_registry.sdk.event_facts import Around, facts, version_of
from git_registry.sdk.placed import around, read
from git_registry.sdk.under_review import UnderReview

_MOST = 100
"""Events that are held against the condition of one automation."""

_NUMBERED = {"version", "number"}
_DECIDED_BY_MERGING = {"author"}

_Starts = Literal["yes", "no", "perhaps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Starting:
    """An automation, and what starts it.

    Attributes:
        path: what a person calls it, `model/churn/automations/deploy`.
        action: what it does; None if it can't be read, and so starts nothing.
        events: those that start it.
        perhaps: those that may: its condition asks what only the merge decides, a new version's number or who
            makes it.
        unlooked: how many more it waits for, whose condition nobody looked at.
        problem: why it can't be read.
    """

    path: str
    action: Action | None = None
    events: tuple[Event, ...] = ()
    perhaps: tuple[Event, ...] = ()
    unlooked: int = 0
    problem: str = ""


def starting(seen: UnderReview, events: Sequence[Event]) -> tuple[Starting, ...]:
    """Return what some events start, by where the automations are."""
    happened = [one for one in events if one.kind not in OUTSIDE]
    places = {place for path in {one.path for one in happened} for place in around(seen.after, path)}
    return tuple(found for place in sorted(places) for found in _of(seen, place, happened))


def _of(seen: UnderReview, place: str, happened: Sequence[Event]) -> Iterator[Starting]:
    for name in seen.after.automation_names(place):
        path = automation_path(place, name).removesuffix(".yaml")
        try:
            placed = read(seen.merged, place, name)
            waiting = [event for event in happened if waits_for(event, placed)]
            found = _started(seen, placed, waiting) if waiting else None
        except (InvalidDocument, UsageError) as problem:
            found = Starting(path=path, problem=str(problem))
        if found is not None:
            yield found


def _started(seen: UnderReview, placed: Placed, waiting: Sequence[Event]) -> Starting | None:
    """Return what an automation would be started by; None if by nothing."""
    wanted = condition_of(placed)
    answers = [(_starts(seen, wanted, event), event) for event in waiting[:_MOST]]
    surely, perhaps = (
        tuple(event for said, event in answers if said == answer) for answer in ("yes", "perhaps")
    )
    left = len(waiting) - len(answers)
    if not (surely or perhaps or left):
        return None
    return Starting(
        path=placed.selector,
        action=placed.document.action,
        events=surely,
        perhaps=perhaps,
        unlooked=left,
    )


def _starts(seen: UnderReview, wanted: filters.Filter, event: Event) -> _Starts:
    known = facts(event, Around(seen.before, seen.after, seen.known))
    fields = set(filters.fields_of(wanted))
    is_new = version_of(event) is not None and "number" not in known
    if fields & _DECIDED_BY_MERGING or (is_new and fields & _NUMBERED):
        return "perhaps"
    return "yes" if filters.matches(wanted, asked(known)) else "no"
