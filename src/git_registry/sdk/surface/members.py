"""Who belongs to a registry, and what they may do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

TEAM = "team:"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person, or a service account.

    Attributes:
        id: the principal, `user:bob` or `service:train`.
    """

    id: str

    @property
    def username(self) -> str:
        """Return the name without its kind, `bob`."""
        return self.id.partition(":")[2]

    @property
    def name(self) -> str:
        """Return the same: nobody has another name here."""
        return self.username


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """People who are members together.

    Attributes:
        id: the principal, `team:nlp`.
        members: who is in it.
    """

    id: str
    members: tuple[User, ...] = ()

    @property
    def name(self) -> str:
        """Return the name without its kind, `nlp`."""
        return self.id.removeprefix(TEAM)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserMember:
    """A user with a role in a registry."""

    user: User
    role: str

    @property
    def id(self) -> str:
        """Return the principal, `user:bob`."""
        return self.user.id


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    """A team with a role in a registry; each of its members has at least that role."""

    team: Team
    role: str

    @property
    def id(self) -> str:
        """Return the principal, `team:nlp`."""
        return self.team.id


Member: TypeAlias = UserMember | TeamMember
Who: TypeAlias = User | Team | UserMember | TeamMember | str
"""How a script names somebody: by an object of these, a principal, or the name alone."""
