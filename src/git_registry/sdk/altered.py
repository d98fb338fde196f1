"""Automations that a merge would create or change: as they are, and as they would be (DESIGN §8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from git_registry.catalog.tree import CommitTree
from git_registry.errors import InvalidDocument, NotFound
from git_registry.model.documents.automation import Automation
from git_registry.model.events import AutomationChanged, AutomationCreated, Event
from git_registry.model.layout import automation_path
from git_registry.sdk.placed import read
from git_registry.sdk.under_review import UnderReview

_MOST = 100
"""Automations that are read for a review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """An automation that comes, or becomes another.

    Attributes:
        path: what a person calls it, `model/churn/automations/deploy`.
        before: what it is; None if it is new, or nobody could read it.
        after: what it would be; None if nobody can read it, or it goes again.
        problem: why nobody can read what it would be.
    """

    path: str
    before: Automation | None = None
    after: Automation | None = None
    problem: str = ""


def altered(seen: UnderReview, events: Sequence[Event]) -> tuple[tuple[Altered, ...], int]:
    """Return the automations that some events create or change, in their order; and how many more."""
    named = dict.fromkeys(
        (one.path, one.name) for one in events if isinstance(one, AutomationCreated | AutomationChanged)
    )
    found = [_altered(seen, place, name) for place, name in list(named)[:_MOST]]
    return tuple(found), max(len(named) - _MOST, 0)


def _altered(seen: UnderReview, place: str, name: str) -> Altered:
    path = automation_path(place, name).removesuffix(".yaml")
    before, _ = _read(seen.catalog.tree(seen.base), place, name)
    after, problem = _read(seen.merged, place, name)
    return Altered(path=path, before=before, after=after, problem=problem)


def _read(tree: CommitTree, place: str, name: str) -> tuple[Automation | None, str]:
    """Return an automation, or why it can't be read."""
    try:
        return read(tree, place, name).document, ""
    except NotFound:
        return None, ""
    except InvalidDocument as problem:
        return None, str(problem)
