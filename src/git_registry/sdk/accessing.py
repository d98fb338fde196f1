"""Who has which role in a registry and why, and which aliases are protected there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.model.documents.access import Protection
from git_registry.model.edits.access import ORGANIZATION
from git_registry.model.events import KINDS
from git_registry.model.snapshot import Snapshot
from git_registry.policy import roles
from git_registry.policy.needs import LEAST
from git_registry.policy.roles import ADMIN, MEMBER, NONE, ORG_ADMIN, RANK, TEAM, VIEWER, Held
from git_registry.policy.rules import Rules
from git_registry.sdk import principals, undefined
from git_registry.sdk.asked import Asked, probe
from git_registry.sdk.asking import Permission, permission
from git_registry.sdk.in_force import in_force
from git_registry.sdk.targeting import registry_of
from git_registry.sdk.views import named

ELSE = "anybody else"
"""Who is not named anywhere, and has the default role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A principal and the roles that it holds in a registry.

    Attributes:
        grants: every role it has there, the one that counts first; none if it has no role.
    """

    principal: str
    grants: tuple[Held, ...]

    @property
    def held(self) -> Held:
        """Return the role that counts."""
        return self.grants[0] if self.grants else Held(role=NONE, source="")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessView:
    """Who may do what in a registry.

    Attributes:
        path: the registry, as a person names it.
        holders: whoever is named in the organization, the highest roles first, and all others last.
        protections: protected alias → its gates.
        problem: why the registry is closed, if it is.
    """

    path: str
    visibility: str
    holders: tuple[Holder, ...]
    protections: Mapping[str, Protection]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipalView:
    """What one principal may do in a registry: one permission for each kind of event that is about one."""

    path: str
    holder: Holder
    permissions: tuple[Permission, ...]


def show(catalog: Catalog, target: str) -> AccessView:
    """Return who has which role in a registry, and where it comes from.

    Raises:
        NotFound: there is no such registry.
        InvalidDocument: `organization.yaml` can't be read.
    """
    there, registry = registry_of(catalog, target)
    rules, now = in_force(there, registry)
    problem = rules.closing(registry)
    path = named(there, registry)
    if problem is not None:
        admins = [Holder(principal=one, grants=(held,)) for one, held in _above(rules)]
        return AccessView(
            path=path, visibility="", holders=tuple(admins), protections={}, problem=str(problem)
        )
    access = rules.access(registry)
    _tell(there, rules, now, registry)
    return AccessView(
        path=path,
        visibility=access.visibility or ORGANIZATION,
        holders=tuple(_everybody(rules, registry)),
        protections=access.protected_aliases,
    )


def _tell(catalog: Catalog, rules: Rules, now: Snapshot, registry: str) -> None:
    """Say what the rules of a registry name that is not there."""
    organization, access = rules.organization(), rules.access(registry)
    said = [*undefined.teams(organization, (*organization.admins, *access.members))]
    if rules.has_registry(registry):
        said += undefined.aliases(now, registry, tuple(access.protected_aliases))
    for one in said:
        catalog.notify(one)


def seen_as(catalog: Catalog, target: str, who: str) -> PrincipalView:
    """Return what one principal may do in a registry.

    Raises:
        NotFound: there is no such registry.
        UsageError: nobody can be called that, or it is a team, which does nothing itself.
        InvalidDocument: a policy document can't be read.
    """
    there, registry = registry_of(catalog, target)
    force = in_force(there, registry)
    rules = force.rules
    principal = principals.somebody(rules.organization(), who)
    events = [
        *(probe(kind, _path(kind, registry)) for kind in KINDS if LEAST[kind] in _IN_REGISTRIES),
        *(
            probe(kind, _path(kind, registry), alias)
            for alias in rules.access(registry).protected_aliases
            for kind in ("alias-added", "alias-moved", "alias-removed")
        ),
    ]
    return PrincipalView(
        path=named(there, registry),
        holder=_holder(rules, principal, registry),
        permissions=tuple(permission(force, Asked(there, event), principal) for event in events),
    )


_IN_REGISTRIES = (MEMBER, ADMIN)
_OF_COLLECTIONS = ("collection-", "version-", "alias-")


def _path(kind: str, registry: str) -> str:
    return f"{registry}/…" if kind.startswith(_OF_COLLECTIONS) else registry


def _everybody(rules: Rules, registry: str) -> Iterable[Holder]:
    organization = rules.organization()
    members = rules.access(registry).members
    in_teams = (one for team in organization.teams.values() for one in team.members)
    people = {*organization.admins, *members, *in_teams, *organization.identities}
    found = [_holder(rules, one, registry) for one in people]
    yield from sorted(
        (one for one in found if one.grants), key=lambda one: (-RANK[one.held.role], one.principal)
    )
    default = Held(role=organization.default_role or VIEWER, source="default_role")
    if rules.has_registry(registry):
        yield Holder(principal=ELSE, grants=(default,))


def _holder(rules: Rules, principal: str, registry: str) -> Holder:
    if principal.startswith(TEAM):
        return Holder(principal=principal, grants=tuple(_of_team(rules, principal, registry)))
    if rules.has_registry(registry):
        return Holder(principal=principal, grants=tuple(roles.grants(rules, principal, registry)))
    held = roles.in_organization(rules, principal)
    return Holder(principal=principal, grants=(held,) if held.role else ())


def _of_team(rules: Rules, team: str, registry: str) -> Iterable[Held]:
    if team in rules.organization().admins:
        yield Held(role=ORG_ADMIN, source="admins")
    role = rules.access(registry).members.get(team)
    if role and rules.has_registry(registry):
        yield Held(role=role, source="itself")


def _above(rules: Rules) -> Iterable[tuple[str, Held]]:
    for one in roles.able(rules, ORG_ADMIN, ()):
        yield one, Held(role=ORG_ADMIN, source="admins")
