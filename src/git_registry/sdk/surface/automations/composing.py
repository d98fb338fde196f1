"""An automation as it is composed: an event, an action, and what it is called."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import Protocol, Self

from git_registry.errors import UsageError
from git_registry.model.documents.automation import Automation as Document
from git_registry.sdk.surface.automations import actions
from git_registry.sdk.surface.automations.actions import Act
from git_registry.sdk.surface.automations.conditions import Condition
from git_registry.sdk.surface.automations.scopes import Scope


class Start(Protocol):
    """What an automation starts from; `events` has those that W&B knows.

    Attributes:
        triggers: what stands in `events` of its document.
        scope: the registry or collection.
    """

    triggers: tuple[str, ...]
    scope: Scope

    @property
    def filter(self) -> Condition:
        """The condition."""
        ...


class Editable:
    """What both have in common. `scope` is the event's.

    Attributes:
        name: what its file is called; spaces become hyphens there.
        description: what it is for.
        enabled: does it start at all? None is yes.
        event: what it starts from.
        action: what it does.
    """

    name: str | None
    description: str | None
    enabled: bool | None
    event: Start | None
    action: Act | None

    @property
    def scope(self) -> Scope | None:
        """The registry or collection that it is about."""
        return self.event.scope if self.event else None

    @scope.setter
    def scope(self, scope: Scope) -> None:
        if self.event is None:
            raise UsageError("Cannot set `scope` for an automation with no `event`")
        self.event.scope = scope

    def with_values(self, values: Mapping[str, object]) -> Self:
        """Return the same, but for what W&B lets one hand in beside the automation.

        Raises:
            UsageError: it has no such field.
        """
        unknown = [name for name in values if name not in FIELDS]
        if unknown:
            raise UsageError(f"an automation has no field {unknown[0]!r}", hint=f"fields: {' '.join(FIELDS)}")
        other = copy(self)
        other.event = copy(self.event)
        for name in (one for one in FIELDS if one in values):
            setattr(other, name, values[name])
        return other

    def written(self, seen: Document | None = None) -> Document:
        """Return the document that says so; what scripts can't set stays as it was seen.

        Raises:
            UsageError: it has no event or action, or does what nothing here does.
        """
        if self.event is None or self.action is None:
            raise UsageError("an automation has an event and an action", hint="event >> action")
        document = Document(
            events=self.event.triggers,
            match=self.event.filter.document,
            action=actions.document(actions.checked(self.action)),
            description=self.description or None,
            enabled=self.enabled is not False,
        )
        return replace(document, extra=seen.extra) if seen else document


FIELDS = ("name", "description", "enabled", "event", "scope", "action")
"""What may be set, in the order in which it is: a scope is the event's."""


class NewAutomation(Editable):
    """One that is not there yet: `Api.create_automation` creates it."""

    def __init__(
        self,
        *,
        name: str | None = None,
        description: str | None = None,
        enabled: bool | None = None,
        event: Start | None = None,
        action: Act | None = None,
    ) -> None:
        self.name, self.description, self.enabled = name, description, enabled
        self.event, self.action = event, action

    def __repr__(self) -> str:
        return f"<NewAutomation {self.name or 'without a name'}>"
