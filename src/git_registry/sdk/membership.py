"""Making somebody a member of a registry, with a role, and no longer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import UsageError
from git_registry.model.documents.organization import Organization
from git_registry.model.edits import access as edits
from git_registry.model.edits.change import Changes, Edit
from git_registry.model.names import PRINCIPAL
from git_registry.model.snapshot import Snapshot


def members(catalog: Catalog, registry: str) -> Mapping[str, str]:
    """Return principal → role of a registry's own members, as its access document has them.

    Raises:
        NotFound: there is no such registry.
    """
    now = catalog.now()
    now.registry(registry)
    return now.access(registry).members


def grant(catalog: Catalog, registry: str, roles: Mapping[str, str]) -> Outcome:
    """Give principals a role each, whatever theirs was, in one commit.

    Raises:
        NotFound: there is no such registry.
        UsageError: it is no principal, or no role.
    """
    steps: list[Edit] = [
        partial(edits.grant, registry=registry, principal=one, role=role) for one, role in roles.items()
    ]
    words = ", ".join(f"{one} as {role}" for one, role in roles.items())
    return commit(catalog, Transaction(edits=steps, message=f"Members of {registry}: add {words}"))


def change(catalog: Catalog, registry: str, principal: str, role: str) -> Outcome:
    """Give a member another role.

    Raises:
        NotFound: they are no member.
        UsageError: it is no role.
    """

    def step(now: Snapshot) -> Changes:
        edits.require_member(now.access(registry), registry, principal)
        return edits.grant(now, registry, principal, role)

    subject = f"Members of {registry}: {principal} is {role}"
    return commit(catalog, Transaction(edits=[step], message=subject))


def revoke(catalog: Catalog, registry: str, principals: Sequence[str]) -> Outcome:
    """Let principals be members no longer, in one commit.

    Raises:
        NotFound: one of them is none; then all stay.
    """
    steps: list[Edit] = [partial(edits.revoke, registry=registry, principal=one) for one in principals]
    subject = f"Members of {registry}: remove {', '.join(principals)}"
    return commit(catalog, Transaction(edits=steps, message=subject))


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
