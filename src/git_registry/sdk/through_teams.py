"""Who has a role by a team that is named: teams say who is meant, and people do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from git_registry.policy.roles import TEAM, able, held, in_organization
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


def _may(rules: Rules, principal: str, needed: str, registries: Sequence[str]) -> bool:
    roles = [held(rules, principal, one) for one in registries]
    return all(one.reaches(needed) for one in roles or [in_organization(rules, principal)])
