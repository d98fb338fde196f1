"""What is known by its path alone: automations, projects and runs."""

from __future__ import annotations

from git_registry.model import events
from git_registry.model.diff.change import Change
from git_registry.model.diff.fields import came_changed_or_went
from git_registry.model.diff.step import Step
from git_registry.model.events import Event

_AUTOMATION = (events.AutomationCreated, events.AutomationChanged, events.AutomationDeleted)


def automation(step: Step, change: Change) -> list[Event]:  # noqa: ARG001
    """Return that an automation was created, changed or deleted."""
    before, after = change.blobs
    kind = came_changed_or_went(before, after, _AUTOMATION)
    return [kind(path=change.subject, name=change.identity.name, before=before, after=after)]


def project(step: Step, change: Change) -> list[Event]:  # noqa: ARG001
    """Return that a project's document changed."""
    before, after = change.blobs
    return [events.ProjectChanged(path=change.subject, before=before, after=after)]


def run(step: Step, change: Change) -> list[Event]:  # noqa: ARG001
    """Return that a run was recorded."""
    before, after = change.blobs
    return [events.RunRecorded(path=change.subject, name=change.identity.name, before=before, after=after)]
