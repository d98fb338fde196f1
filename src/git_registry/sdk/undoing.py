"""What undoes a merge that was just made, by the numbers that versions have since."""

from __future__ import annotations

from collections.abc import Sequence

from git_registry.catalog.catalog import Catalog
from git_registry.index.numbers import at_hand
from git_registry.model.events import Event
from git_registry.review.undoing import Undo, undo
from git_registry.sdk.views import shown


def undoing(catalog: Catalog, commit: str, events: Sequence[Event]) -> Undo:
    """Return how to undo a merge and all that it did, in a clone seen from it."""
    known = at_hand(catalog)
    return undo(events, lambda path, version: shown(known, path, version), merge=commit[:8])
