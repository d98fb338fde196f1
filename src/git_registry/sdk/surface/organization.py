"""The organization, its teams and people."""

from __future__ import annotations

from dataclasses import dataclass

from git_registry.model.documents.organization import Organization as Document
from git_registry.sdk.surface.members import TEAM, Team, User
from git_registry.sdk.surface.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Organization:
    """Who we are.

    Attributes:
        document: what `organization.yaml` says.
    """

    document: Document

    @property
    def name(self) -> str:
        """Return its name, which is what W&B calls the entity."""
        return self.document.name

    @property
    def teams(self) -> list[Team]:
        """Return its teams, each with those who are in it."""
        return [
            Team(id=f"{TEAM}{name}", members=tuple(User(id=one) for one in team.members))
            for name, team in self.document.teams.items()
        ]

    @property
    def members(self) -> list[User]:
        """Return the people and services it knows: admins, members of teams, those with accounts."""
        in_teams = [one for team in self.document.teams.values() for one in team.members]
        known = dict.fromkeys([*self.document.admins, *in_teams, *self.document.identities])
        return [User(id=one) for one in known if not one.startswith(TEAM)]

    def __str__(self) -> str:
        return self.name


def viewer(workspace: Workspace) -> User | None:
    """Return who we are: as this clone was told, or whose address Git writes; None if nobody knows."""
    repository = workspace.catalog.repository
    told, address = repository.config("registry.user"), repository.config("user.email")
    if told:
        return User(id=told)
    identities = workspace.catalog.now().organization().identities
    return next((User(id=one) for one, known in identities.items() if address in known.emails), None)
