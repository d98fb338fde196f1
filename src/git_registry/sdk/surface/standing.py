"""Where a version stands that was logged or linked."""

from __future__ import annotations

from dataclasses import dataclass

from git_registry.model.layout import PROJECTS
from git_registry.sdk import resolving
from git_registry.sdk.resolving import Resolved
from git_registry.sdk.surface.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A version in a collection or a project, by what never changes.

    Attributes:
        workspace: the organization.
        path: `model/churn`, or `projects/churn/churn-xgb`; in a mounted repository `secret/model/churn`.
        id: 32 hex digits.
    """

    workspace: Workspace
    path: str
    id: str

    @property
    def selector(self) -> str:
        """Return what names it, whatever its number and aliases are: `model/churn@3fa94c1b…`."""
        return f"{self.path}@{self.id}"

    @property
    def is_logged(self) -> bool:
        """Does it stand in a project, not in a registry?"""
        return PROJECTS.rstrip("/") in self.path.split("/")[:-2]

    def resolve(self) -> Resolved:
        """Return its manifest and files.

        Raises:
            NotFound: it isn't there any more.
        """
        return resolving.resolve(self.workspace.catalog, self.selector)
