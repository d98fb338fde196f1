"""What changed in a registry's own document."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.model import events
from git_registry.model.diff.change import Change
from git_registry.model.diff.fields import edits
from git_registry.model.diff.step import Step
from git_registry.model.events import Event


def registry(step: Step, change: Change) -> Iterator[Event]:
    """Yield what happened to a registry; what a new one says of itself was said just now."""
    from git_registry.model.documents.registry import Registry  # hardly any step changes one

    path = change.subject
    if change.now is None:
        yield events.RegistryDeleted(path=path)
        return
    if change.was is None:
        yield events.RegistryCreated(path=path)
    was, now = step.read(Registry, change.was, change.now)
    for field, before, after in edits(Registry, was, now, but=frozenset({"types"})):
        yield events.RegistryDescribed(path=path, field=field, before=before, after=after)
    before_types, types = (was.types if was else ()), (now.types if now else ())
    if before_types != types:
        yield events.TypesChanged(path=path, before=before_types, after=types)
