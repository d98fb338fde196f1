"""`gr.Api()`: the organization as a script asks for it, outside any run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from git_registry.errors import NotFound
from git_registry.sdk import mounts, selecting
from git_registry.sdk.surface import naming
from git_registry.sdk.surface.artifact_api import ArtifactApi
from git_registry.sdk.surface.automation_api import AutomationApi
from git_registry.sdk.surface.organization import Organization, viewer
from git_registry.sdk.surface.registry_api import RegistryApi
from git_registry.sdk.surface.run_api import RunApi
from git_registry.sdk.surface.workspace import Workspace

if TYPE_CHECKING:
    from git_registry.sdk.surface.members import Team, User


class Api(ArtifactApi, RegistryApi, RunApi, AutomationApi):
    """One organization: its registries, its projects, and what is in them.

    What it answers is what was fetched; what it changes is published at once. `flush()` fetches.

    Args:
        overrides: `entity`, which is checked, and `project`, for names without one; by default
            `GIT_REGISTRY_PROJECT`.
        timeout: accepted as W&B does; Git's own settings say how long a remote may take.
        api_key: accepted as W&B does; Git's credential helpers keep what a remote asks for.
        path: a clone's directory or a URL, if it is not the one that commands would find.
        at: a revision or a date: everything is as of then, and nothing can be written.

    Raises:
        UsageError: the entity is another organization's.
    """

    def __init__(
        self,
        overrides: Mapping[str, str] | None = None,
        timeout: int | None = None,
        api_key: str | None = None,
        *,
        path: str | Path | None = None,
        at: str | None = None,
    ) -> None:
        del timeout, api_key
        given = overrides or {}
        workspace = Workspace(path=str(path) if path else None, at=at)
        super().__init__(workspace, given.get("project") or workspace.environ.get(naming.PROJECT))
        naming.check_entity(self.workspace, given.get("entity") or given.get("organization"))

    @property
    def default_entity(self) -> str:
        """Return the organization's name."""
        return self.workspace.organization

    @property
    def viewer(self) -> User | None:
        """Return who we are; None if nobody knows."""
        return viewer(self.workspace)

    def user(self, username_or_email: str) -> User | None:
        """Return somebody the organization knows by that name or address; None if it knows nobody."""
        identities = self.organization().document.identities
        for one in self.organization().members:
            addresses = identities[one.id].emails if one.id in identities else ()
            if username_or_email in (one.id, one.username, *addresses):
                return one
        return None

    def team(self, team: str) -> Team:
        """Return a team.

        Raises:
            NotFound: there is none of that name.
        """
        teams = {one.name: one for one in self.organization().teams}
        if team not in teams:
            raise NotFound(f"there is no team {team!r}", hint=selecting.nearest(team, teams))
        return teams[team]

    def organization(self, name: str | None = None) -> Organization:
        """Return the organization.

        Raises:
            UsageError: it is not called that.
        """
        naming.check_entity(self.workspace, name)
        return Organization(self.workspace.catalog.now().organization())

    def flush(self) -> None:
        """Fetch what others published since.

        Raises:
            NetworkError: the remote can't be reached.
        """
        from git_registry.repository import remote

        catalog = self.workspace.catalog
        mounts.let_go(catalog)
        upstream = remote.destination(catalog.repository, catalog.branch or "")
        if upstream is not None:
            remote.fetch(catalog.repository, upstream.remote)
