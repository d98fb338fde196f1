"""Whom somebody means by a name: a person, a team, a service account."""

from __future__ import annotations

from git_registry.errors import UsageError
from git_registry.model.documents.organization import Organization
from git_registry.model.names import PRINCIPAL


def principal(organization: Organization, text: str) -> str:
    """Return the principal that somebody means: `user:bob` as it is, `nlp` a team of that name, else a user.

    Raises:
        UsageError: nobody can be called that.
    """
    if not PRINCIPAL.problem(text):
        return text
    if ":" in text:
        raise UsageError(PRINCIPAL.problem(text))
    service = f"service:{text}"
    if text in organization.teams:
        return f"team:{text}"
    return service if service in _known(organization) else PRINCIPAL.check(f"user:{text}")


def somebody(organization: Organization, text: str) -> str:
    """Return the person or service that is meant, as `principal` understands it: one that can push.

    Raises:
        UsageError: nobody can be called that, or it is a team.
    """
    found = principal(organization, text)
    if not found.startswith("team:"):
        return found
    team = organization.teams.get(found.removeprefix("team:"))
    raise UsageError(
        f"{found} is a team, which does nothing itself",
        hint=f"ask for one of its members: {', '.join(team.members)}" if team and team.members else "",
    )


def first_role(organization: Organization, principal: str) -> str:
    """Return the role that W&B gives a new member of whom no other is said."""
    if principal in organization.admins:
        return "admin"
    return "member" if principal.startswith("service:") else "restricted_viewer"


def _known(organization: Organization) -> set[str]:
    in_teams = (one for team in organization.teams.values() for one in team.members)
    return {*organization.admins, *organization.identities, *in_teams}
