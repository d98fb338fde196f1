"""Who holds which role, and where that comes from (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from git_registry.policy.rules import Rules

NONE, RESTRICTED_VIEWER, VIEWER, MEMBER, ADMIN = "", "restricted_viewer", "viewer", "member", "admin"
ORG_ADMIN = "organization admin"
NOBODY = "nobody"
"""What no role allows."""

NO_ROLE = "no role"
"""What somebody has who has none, in words."""

RANK: Mapping[str, int] = {
    role: rank
    for rank, role in enumerate((NONE, RESTRICTED_VIEWER, VIEWER, MEMBER, ADMIN, ORG_ADMIN, NOBODY))
}

TEAM, SERVICE = "team:", "service:"
KNOWN_KINDS = ("user:", SERVICE)
"""Principals that somebody here has named. Others are accounts of a host where anybody may sign up."""


class Held(NamedTuple):
    """A role that a principal holds, and why.

    Attributes:
        role: empty for none.
        source: `itself`, a team, `default_role`, or `admins` of the organization.
    """

    role: str
    source: str

    def reaches(self, needed: str) -> bool:
        """Is it enough where `needed` is?"""
        return needed != NOBODY and RANK[self.role] >= RANK[needed]

    def __str__(self) -> str:
        if not self.role:
            return NO_ROLE
        return self.role if self.source == "itself" else f"{self.role} (by {self.source})"


def grants(rules: Rules, principal: str, registry: str) -> list[Held]:
    """Return every role a principal has in a registry, the one that counts first.

    Raises:
        RegistryError: a policy document it takes can't be read.
    """
    listed = [*_listed(rules, principal, rules.access(registry).members)]
    found = [*_of_organization(rules, principal), *(listed or _default(rules, principal))]
    return sorted(found, key=lambda held: -RANK[held.role])


def held(rules: Rules, principal: str | None, registry: str) -> Held:
    """Return the role a principal has in a registry; raise as `grants` does.

    An organization admin's is known without the registry's access document, which may have to be mended.
    """
    above = _in_organization(rules, principal)
    if principal is None or above.role or not rules.has_registry(registry):
        return above
    return next(iter(grants(rules, principal, registry)), Held(role=NONE, source=""))


def in_organization(rules: Rules, principal: str | None) -> Held:
    """Return the role a principal has in what belongs to no registry; raise as `organization` does."""
    return _in_organization(rules, principal)


def in_project(rules: Rules, principal: str | None, project: str) -> Held:
    """Return the role a principal has in a project; one that isn't listed is open to any member.

    Raises:
        RegistryError: `organization.yaml` can't be read.
    """
    above = _in_organization(rules, principal)
    if principal is None or above.role:
        return above
    members = rules.project(project)
    if members is None:
        return in_any(rules, principal)
    return _highest(_listed(rules, principal, members))


def in_any(rules: Rules, principal: str | None) -> Held:
    """Return the highest role a principal has in any registry or project; raise as `organization` does."""
    above = _in_organization(rules, principal)
    if principal is None or above.role:
        return above
    roles = [
        *(one for registry, _ in rules.readable() for one in grants(rules, principal, registry)),
        *(
            one
            for members in rules.organization().projects.values()
            for one in _listed(rules, principal, members)
        ),
    ]
    return _highest(roles)


def able(rules: Rules, needed: str, registries: Sequence[str]) -> tuple[str, ...]:
    """Return who may do what takes a role in all of some registries: principals and teams by name, sorted.

    Who could by `default_role` alone is not named: that may be anybody.
    """
    return rules.remembered((needed, *registries), lambda: tuple(_able(rules, needed, registries)))


def _able(rules: Rules, needed: str, registries: Sequence[str]) -> list[str]:
    if needed == NOBODY:
        return []
    candidates = set(rules.organization().admins)
    if needed != ORG_ADMIN:
        candidates |= {name for one in registries for name in _members(rules, one)}
    return sorted(one for one in candidates if _is_able(rules, one, needed, registries))


def approvers(
    rules: Rules, needed: str, registries: Sequence[str], *, without: Collection[str] = ()
) -> tuple[str, ...]:
    """Return those of `able` whose approval counts: users, and teams with one, who are none of `without`."""
    found = []
    for one in able(rules, needed, registries):
        team = rules.organization().teams.get(one.removeprefix(TEAM)) if one.startswith(TEAM) else None
        people = team.members if team else (one,)
        if any(person.startswith("user:") and person not in without for person in people):
            found.append(one)
    return tuple(found)


def _is_able(rules: Rules, candidate: str, needed: str, registries: Sequence[str]) -> bool:
    if not candidate.startswith(TEAM):
        found = [held(rules, candidate, one) for one in registries]
        return all(one.reaches(needed) for one in found or [_in_organization(rules, candidate)])
    if candidate in rules.organization().admins:
        return True
    listed = [_members(rules, one).get(candidate, NONE) for one in registries]
    return bool(listed) and all(RANK[role] >= RANK[needed] for role in listed)


def _members(rules: Rules, registry: str) -> Mapping[str, str]:
    return rules.access(registry).members if rules.has_registry(registry) else {}


def teams_of(rules: Rules, principal: str) -> list[str]:
    """Return the teams a principal is in, as principals; raise as `organization` does."""
    return [f"team:{name}" for name, team in rules.organization().teams.items() if principal in team.members]


def _in_organization(rules: Rules, principal: str | None) -> Held:
    found = _of_organization(rules, principal) if principal else ()
    return next(iter(found), Held(role=NONE, source=""))


def _of_organization(rules: Rules, principal: str) -> Iterator[Held]:
    admins = rules.organization().admins
    if principal in admins and principal.startswith(KNOWN_KINDS):
        yield Held(role=ORG_ADMIN, source="admins")
    if principal.startswith("user:"):  # a service is an admin only where it is listed by name
        for team in teams_of(rules, principal):
            if team in admins:
                yield Held(role=ORG_ADMIN, source=f"{team} in admins")


def _listed(rules: Rules, principal: str, members: Mapping[str, str]) -> Iterator[Held]:
    if not principal.startswith(KNOWN_KINDS):
        return
    if principal in members:
        yield Held(role=members[principal], source="itself")
    for team in teams_of(rules, principal):
        if team in members:
            role = members[team]
            by_name_alone = principal.startswith(SERVICE) and role == ADMIN
            yield Held(role=MEMBER if by_name_alone else role, source=team)


def _default(rules: Rules, principal: str) -> Iterator[Held]:
    role = rules.organization().default_role or VIEWER
    if not principal.startswith(KNOWN_KINDS):
        role = _at_most(VIEWER, role)  # anybody may have such an account
    elif principal.startswith(SERVICE):
        role = _at_most(MEMBER, role)
    yield Held(role=role, source="default_role")


def _at_most(most: str, role: str) -> str:
    return min(most, role, key=RANK.__getitem__)


def _highest(roles: Iterable[Held]) -> Held:
    return max(roles, key=lambda one: RANK[one.role], default=Held(role=NONE, source=""))
