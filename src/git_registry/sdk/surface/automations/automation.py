"""An automation in a script's hands: composed and not yet created, or as it stands in the registry."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import Self

from git_registry.errors import UsageError
from git_registry.model.documents.automation import Automation as Document
from git_registry.sdk import automating
from git_registry.sdk.automating import AutomationView
from git_registry.sdk.surface import dates
from git_registry.sdk.surface.automations import actions, events
from git_registry.sdk.surface.automations.actions import Act
from git_registry.sdk.surface.automations.events import Event
from git_registry.sdk.surface.automations.scopes import Scope
from git_registry.sdk.surface.workspace import Workspace


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
    event: Event | None
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
        event: Event | None = None,
        action: Act | None = None,
    ) -> None:
        self.name, self.description, self.enabled = name, description, enabled
        self.event, self.action = event, action

    def __repr__(self) -> str:
        return f"<NewAutomation {self.name or 'without a name'}>"


class Automation(Editable):
    """One that stands in the registry. What is set is written by `Api.update_automation`.

    Args:
        workspace: the organization.
        view: where it is, and what it says; it can be read.
    """

    name: str
    enabled: bool
    event: Event
    action: Act

    def __init__(self, workspace: Workspace, view: AutomationView) -> None:
        assert view.document is not None
        self._workspace, self._view = workspace, view
        self.seen = view.document
        self.name, self.description, self.enabled = view.name, self.seen.description, self.seen.enabled
        scope = view.path.rpartition("/automations/")[0]
        self.event = events.event(self.seen.events, scope, dict(self.seen.match))
        self.action = actions.action(self.seen.action)

    @property
    def id(self) -> str:
        """Return what selects it: `model/churn/automations/deploy`."""
        return self._view.path

    @property
    def created_at(self) -> str:
        """Return when it was created: UTC, ISO 8601."""
        return dates.automated(self._workspace.catalog, self._view.place, self._view.name, first=True)

    @property
    def updated_at(self) -> str | None:
        """Return when it was changed last; None if it never was."""
        return dates.automated(self._workspace.catalog, self._view.place, self._view.name) or None

    def __repr__(self) -> str:
        return f"<Automation {self.id}>"


def load(workspace: Workspace, path: str) -> Automation:
    """Return the automation that is called so.

    Raises:
        NotFound: there is none.
        UsageError: several are called that, or it can't be read.
    """
    return of(workspace, automating.automation(workspace.catalog, path))


def of(workspace: Workspace, view: AutomationView) -> Automation:
    """Return an automation that was found.

    Raises:
        UsageError: it can't be read.
    """
    if view.document is None:
        raise UsageError(view.problem, hint="mend its file, or remove it")
    return Automation(workspace, view)
