"""The organization as access goes: who administers it, its teams, its projects, and its registries' rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.errors import RegistryError
from git_registry.policy.roles import VIEWER
from git_registry.policy.rules import Rules
from git_registry.sdk import selecting, undefined
from git_registry.sdk.in_force import in_force
from git_registry.sdk.views import named


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryRules:
    """What rules one registry.

    Attributes:
        path: as a person names it.
        members: how many principals have a role of their own there.
        protected: its protected aliases.
        problem: why it is closed, if it is; then nobody can tell the others.
    """

    path: str
    members: int = 0
    protected: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationView:
    """Who may do what in an organization.

    Attributes:
        teams: by name, with their members.
        projects: those that are listed, with the principals that have a role there.
    """

    name: str
    admins: tuple[str, ...]
    default_role: str
    teams: Mapping[str, tuple[str, ...]]
    projects: Mapping[str, Mapping[str, str]]
    registries: tuple[RegistryRules, ...]


def overview(catalog: Catalog) -> OrganizationView:
    """Return who may do what in the whole organization, by the rules that are published last.

    Raises:
        NotFound: there is no commit yet.
        InvalidDocument: `organization.yaml` can't be read.
    """
    shown = selecting.registries(catalog)
    rules = in_force(shown).rules
    organization = rules.organization()
    listed = (one for members in organization.projects.values() for one in members)
    for said in undefined.teams(organization, dict.fromkeys((*organization.admins, *listed))):
        shown.notify(said)
    return OrganizationView(
        name=organization.name,
        admins=organization.admins,
        default_role=organization.default_role or VIEWER,
        teams={name: tuple(team.members) for name, team in organization.teams.items()},
        projects=organization.projects,
        registries=tuple(_registries(shown, rules)),
    )


def _registries(catalog: Catalog, rules: Rules) -> Iterator[RegistryRules]:
    for name in rules.registries():
        path = named(catalog, name)
        try:
            access = rules.access(name)
        except RegistryError as problem:
            yield RegistryRules(path=path, problem=str(problem))
            continue
        protected = tuple(access.protected_aliases)
        yield RegistryRules(path=path, members=len(access.members), protected=protected)
