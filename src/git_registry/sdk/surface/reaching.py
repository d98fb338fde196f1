"""What every part of the API goes by: an organization, and the project of names that have none."""

from __future__ import annotations

from git_registry.sdk.surface import naming
from git_registry.sdk.surface.workspace import Workspace


class Reaching:
    """An organization as a script reaches it.

    Attributes:
        workspace: the organization.
    """

    def __init__(self, workspace: Workspace, project: str | None) -> None:
        self.workspace = workspace
        self._project = project

    def _place(self, project: str | None) -> str:
        return naming.place(self.workspace, project or self._project or naming.UNCATEGORIZED)
