"""Who has a role by a team that is named: teams say who is meant, and people do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from git_registry.policy.roles import MEMBER, RANK, TEAM, able, held, in_organization, in_project
from git_registry.policy.rules import Rules


def by_teams(rules: Rules, needed: str, registries: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return principal → the teams by which it may do what takes a role in all of some registries, sorted.

    A service that is in a team of admins may do no more than a member.
    """
    found: dict[str, tuple[str, ...]] = {}
    teams = rules.organization().teams
    for team in (one for one in able(rules, needed, registries) if one.startswith(TEAM)):
        members = teams[team.removeprefix(TEAM)].members if team.removeprefix(TEAM) in teams else ()
        for one in members:
            if _may(rules, one, needed, registries):
                found[one] = (*found.get(one, ()), team)
    return dict(sorted(found.items()))


def people(rules: Rules, needed: str, registries: Sequence[str]) -> list[str]:
    """Return who may do that: principals by their own name or a team's, and no team, sorted."""
    named = (one for one in able(rules, needed, registries) if not one.startswith(TEAM))
    return sorted({*named, *by_teams(rules, needed, registries)})


def writers(rules: Rules, project: str) -> tuple[str, ...]:
    """Return who may write to a project: principals and teams by name, and who is in such a team, sorted.

    Where nobody listed it, that is whoever is a member of any registry or project.
    """
    organization = rules.organization()
    listed = _listed(rules, project)
    teams = {*(one for one in organization.admins if one.startswith(TEAM))}
    teams |= {name for name, role in listed if name.startswith(TEAM) and RANK[role] >= RANK[MEMBER]}
    in_teams = (one for team in organization.teams.values() for one in team.members)
    named = {*organization.admins, *(name for name, _ in listed), *in_teams}
    people = (one for one in named if not one.startswith(TEAM))
    return tuple(
        sorted({*teams, *(one for one in people if in_project(rules, one, project).reaches(MEMBER))})
    )


def _listed(rules: Rules, project: str) -> list[tuple[str, str]]:
    """Return principals and their roles by which they may write to a project."""
    own = rules.project(project)
    if own is not None:
        return [*own.items()]
    projects = rules.organization().projects.values()
    places = [*(access.members for _, access in rules.readable()), *projects]
    return [pair for members in places for pair in members.items()]


def _may(rules: Rules, principal: str, needed: str, registries: Sequence[str]) -> bool:
    roles = [held(rules, principal, one) for one in registries]
    return all(one.reaches(needed) for one in roles or [in_organization(rules, principal)])
