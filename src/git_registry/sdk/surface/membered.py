"""The part of a registry that is about its members. What it changes is committed at once."""

from __future__ import annotations

from typing import Self

from git_registry.catalog.catalog import Catalog
from git_registry.model.documents.organization import Organization
from git_registry.sdk import membership, principals
from git_registry.sdk.surface.members import TEAM, Member, Team, TeamMember, User, UserMember, Who
from git_registry.sdk.surface.workspace import Workspace


def team(organization: Organization, principal: str) -> Team:
    """Return a team with those who are in it."""
    known = organization.teams.get(principal.removeprefix(TEAM))
    return Team(id=principal, members=tuple(User(id=one) for one in known.members) if known else ())


class Membered:
    """A registry, as far as it is about who belongs to it."""

    _workspace: Workspace
    _directory: str

    @property
    def _catalog(self) -> Catalog:
        return self._workspace.catalog

    def members(self) -> list[Member]:
        """Return its users, then its teams."""
        return [*self.user_members(), *self.team_members()]

    def user_members(self) -> list[UserMember]:
        """Return the people and service accounts that are members by their own name."""
        return [
            UserMember(user=User(id=one), role=role)
            for one, role in membership.members(self._catalog, self._directory).items()
            if not one.startswith(TEAM)
        ]

    def team_members(self) -> list[TeamMember]:
        """Return the teams that are members."""
        organization = self._catalog.now().organization()
        return [
            TeamMember(team=team(organization, one), role=role)
            for one, role in membership.members(self._catalog, self._directory).items()
            if one.startswith(TEAM)
        ]

    def add_members(self, *members: Who) -> Self:
        """Add users and teams, in one commit.

        Who brings no role is a restricted viewer, a service account a member, and an admin of the
        organization an admin. Who is a member already and brings none keeps the role.

        Raises:
            UsageError: nobody can be called that.
        """
        there = membership.members(self._catalog, self._directory)
        organization = self._catalog.now().organization()
        roles = {}
        for one in members:
            principal = principals.principal(organization, _named(one))
            known = there.get(principal) or principals.first_role(organization, principal)
            roles[principal] = one.role if isinstance(one, UserMember | TeamMember) else known
        if roles:
            membership.grant(self._catalog, self._directory, roles)
        return self

    def remove_members(self, *members: Who) -> Self:
        """Remove users and teams, in one commit.

        Raises:
            NotFound: one of them is no member; then all stay.
        """
        gone = [self._principal(one) for one in members]
        if gone:
            membership.revoke(self._catalog, self._directory, list(dict.fromkeys(gone)))
        return self

    def update_member(self, member: Who, role: str) -> Self:
        """Give a member another role: admin, member, viewer or restricted_viewer.

        Raises:
            NotFound: they are no member.
            UsageError: it is no role.
        """
        membership.change(self._catalog, self._directory, self._principal(member), role)
        return self

    def _principal(self, one: Who) -> str:
        return principals.principal(self._catalog.now().organization(), _named(one))


def _named(one: Who) -> str:
    return one if isinstance(one, str) else one.id
