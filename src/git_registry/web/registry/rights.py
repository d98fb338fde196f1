"""Who has which role in a registry and why, and what its protected aliases ask for: as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.errors import InvalidDocument
from git_registry.policy.roles import TEAM
from git_registry.sdk import accessing
from git_registry.web.aliases import Protected, protecting
from git_registry.web.shortening import shortened
from git_registry.wording.gates import gate

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog
    from git_registry.policy.roles import Held
    from git_registry.sdk.accessing import AccessView, Holder

MOST = 100
"""Principals that are shown, the highest roles first."""

_VISIBLE = {
    "organization": "everybody in the organization sees it",
    "restricted": "only who has a role here sees it",
}
_WHY = {
    "itself": "named in this registry",
    "default_role": "the organization's default role",
    "admins": "administers the organization",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A principal: `user:ana`, its role, and why it has that, and what others it has besides."""

    name: str
    role: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """A protected alias, and what each of its gates asks for."""

    alias: str
    gates: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Who may do what in a registry.

    Attributes:
        more: how many principals are not among the members.
        problem: why nobody can tell, or why the registry is closed.
    """

    visibility: str = ""
    members: Sequence[Member] = ()
    more: int = 0
    protections: Sequence[Protection] = ()
    problem: str = ""

    @property
    def protected(self) -> Protected:
        """Return the protected aliases."""
        return protecting(one.alias for one in self.protections)


def rights(catalog: Catalog, registry: str) -> Rights:
    """Return who may do what in a registry."""
    try:
        view = accessing.show(catalog, registry)
    except InvalidDocument as unreadable:
        return Rights(problem=str(unreadable))
    return _rights(view)


def _rights(view: AccessView) -> Rights:
    return Rights(
        visibility=_VISIBLE.get(view.visibility, view.visibility),
        members=[_member(one) for one in view.holders[:MOST]],
        more=max(0, len(view.holders) - MOST),
        protections=[
            Protection(alias=alias, gates=[shortened(gate(one)) for one in protection.gates])
            for alias, protection in view.protections.items()
        ],
        problem=view.problem,
    )


def _member(holder: Holder) -> Member:
    others = [one for one in holder.grants if one is not holder.held]
    why = [_why(holder.held), *(f"also {_role(one)}, {_why(one)}" for one in others)]
    return Member(name=holder.principal, role=_role(holder.held), why="; ".join(why))


def _role(held: Held) -> str:
    return held.role.replace("_", " ") or "none"


def _why(held: Held) -> str:
    team = f"by {held.source}" if held.source.startswith(TEAM) else held.source
    return _WHY.get(held.source, team)
