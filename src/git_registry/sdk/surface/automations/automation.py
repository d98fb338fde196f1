"""An automation in a script's hands, as it stands in the registry."""

from __future__ import annotations

from git_registry.errors import UsageError
from git_registry.sdk import automating
from git_registry.sdk.automating import AutomationView
from git_registry.sdk.surface import dates
from git_registry.sdk.surface.automations import actions, events
from git_registry.sdk.surface.automations.actions import Act
from git_registry.sdk.surface.automations.composing import Editable
from git_registry.sdk.surface.automations.events import Event
from git_registry.sdk.surface.workspace import Workspace


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

    def keep_up(self, there: Automation) -> None:
        """Know what was written of it, so that a script may go on setting what it has in its hands."""
        self._view, self.seen = there._view, there.seen

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
