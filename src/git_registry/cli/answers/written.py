"""What a commit that was just made did: in words, and as JSON has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from git_registry.catalog.catalog import Catalog
from git_registry.cli import shapes
from git_registry.index.numbers import at_hand
from git_registry.model.events import Event
from git_registry.model.proposal import proposal
from git_registry.repository import history
from git_registry.wording import happened

if TYPE_CHECKING:
    from git_registry.repository.history import Step
    from git_registry.sdk.crediting import Credit


def lines(catalog: Catalog, events: Sequence[Event]) -> list[str]:
    """Return events in words, a line each."""
    known = at_hand(catalog)
    return [happened.told(event, known) for event in events]


def event_shapes(catalog: Catalog, commit: str | None, events: Sequence[Event]) -> list[object]:
    """Return events as JSON has them; `commit` is the one they happened in."""
    if commit is None or not events:
        return []
    step = next(history.steps(catalog.repository, commit, oldest_first=False, with_changes=False))
    known, named = at_hand(catalog), proposal(step.message)
    credit = _credit(catalog, step, named)
    return [shapes.event(event, step, known, proposal=named, credit=credit) for event in events]


def _credit(catalog: Catalog, step: Step, named: str) -> Credit | None:
    if not step.parents[1:]:
        return None
    from git_registry.sdk.crediting import credited  # few commands merge anything

    return credited(catalog, {step.commit: named}).get(step.commit)
