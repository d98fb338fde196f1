"""The README.md beside a registry's or collection's document. Its content is not looked into."""

from __future__ import annotations

from git_registry.model import events, layout
from git_registry.model.diff.change import Change
from git_registry.model.diff.step import Step
from git_registry.model.events import Event


def registry_card(step: Step, change: Change) -> list[Event] | None:
    """Return that the registry was described; None if the card went with it."""
    if step.after.entry(layout.registry_path(change.subject)) is None:
        return None
    before, after = change.blobs
    return [events.RegistryDescribed(path=change.subject, field="card", before=before, after=after)]


def collection_card(step: Step, change: Change) -> list[Event] | None:
    """Return that the collection was described; None if the card went with it."""
    if not step.after.has_collection(change.subject):
        return None
    before, after = change.blobs
    return [events.CollectionDescribed(path=change.subject, field="card", before=before, after=after)]
