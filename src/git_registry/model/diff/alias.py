"""Which version an alias points at now."""

from __future__ import annotations

from git_registry.model import events
from git_registry.model.diff.change import Change
from git_registry.model.diff.fields import came_changed_or_went
from git_registry.model.diff.step import Step
from git_registry.model.documents.alias import Alias
from git_registry.model.equality import same
from git_registry.model.events import Event

_KINDS = (events.AliasAdded, events.AliasMoved, events.AliasRemoved)


def alias(step: Step, change: Change) -> list[Event]:
    """Return that an alias was added, moved or removed; moved, too, if a field yet unknown changed."""
    was, now = step.read(Alias, change.was, change.now)
    if same(was, now):
        return []
    name = change.identity.name
    registries = {path.partition("/")[0] for path in (change.subject, step.origin(change.subject))}
    kind = came_changed_or_went(was, now, _KINDS)
    return [
        kind(
            path=change.subject,
            alias=name,
            before=was.version if was else None,
            after=now.version if now else None,
            protected=any(step.protects(registry, name) for registry in registries),
        )
    ]
