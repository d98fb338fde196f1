"""What a commit that was just made did: in words, and as JSON has it."""

from __future__ import annotations

from collections.abc import Sequence

from git_registry.catalog.catalog import Catalog
from git_registry.cli import happened, shapes
from git_registry.index.numbers import at_hand
from git_registry.model.events import Event
from git_registry.model.proposal import proposal
from git_registry.repository import history


def lines(catalog: Catalog, events: Sequence[Event]) -> list[str]:
    """Return events in words, a line each."""
    known = at_hand(catalog)
    return [happened.told(event, known) for event in events]


def event_shapes(catalog: Catalog, commit: str | None, events: Sequence[Event]) -> list[object]:
    """Return events as JSON has them; `commit` is the one they happened in."""
    if commit is None or not events:
        return []
    step = next(history.steps(catalog.repository, commit, oldest_first=False, with_changes=False))
    known = at_hand(catalog)
    return [shapes.event(event, step, known, proposal=proposal(step.message)) for event in events]
