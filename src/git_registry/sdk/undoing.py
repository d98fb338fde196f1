"""What undoes a merge that was just made, by the numbers that versions have since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.index.numbers import at_hand
from git_registry.model.events import Event
from git_registry.review.undoing import REVERT, undo
from git_registry.sdk.views import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """How a merge is undone.

    Attributes:
        commands: what to type, in this order; none if there is nothing to undo.
        at_once: the one command that does what several do; empty if there are not several, or none does.
        remark: what to know about them; empty if they say all.
    """

    commands: tuple[str, ...]
    at_once: str = ""
    remark: str = ""


def undoing(catalog: Catalog, commit: str, events: Sequence[Event]) -> Undoing:
    """Return how to undo a merge and all that it did, in a clone seen from it."""
    known = at_hand(catalog)
    revert = REVERT.replace("MERGE", commit[:8])
    found = undo(events, lambda path, version: shown(known, path, version))
    if REVERT in found.commands:
        return Undoing(commands=(revert,), remark=_PURGES if _links(events) else "")
    return Undoing(
        commands=found.commands,
        # To revert what was linked would purge it.
        at_once=revert if found.commands[1:] and not _links(events) else "",
        remark=_TAKES if any(getattr(one, "protected", False) for one in events) else "",
    )


_TAKES = "To undo it takes what moving it takes: add --propose"
_PURGES = "What it links would be gone for good then, which takes an organization admin"


def _links(events: Sequence[Event]) -> bool:
    return any(one.kind == "version-linked" for one in events)
