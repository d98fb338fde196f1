"""Who could still say yes to what is not allowed yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from git_registry.model.documents.organization import Team
from git_registry.policy.roles import TEAM
from git_registry.policy.verdict import Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """An approval that is missing.

    Attributes:
        paths: where; the same is missing in each.
        message: what is missing, as the verdict says it.
        who: principals and teams whose approval would do, each team with its people.
    """

    paths: tuple[str, ...]
    message: str
    who: tuple[str, ...]


def awaited(violations: Iterable[Violation], teams: Mapping[str, Team]) -> tuple[Awaited, ...]:
    """Return the approvals that are missing, each once however many paths wait for it."""
    paths: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    for one in violations:
        if one.liftable:
            paths.setdefault((one.message, one.able), {})[one.path] = None
    return tuple(
        Awaited(paths=tuple(where), message=message, who=tuple(_named(able, teams)))
        for (message, able), where in paths.items()
    )


def _named(able: Sequence[str], teams: Mapping[str, Team]) -> Iterator[str]:
    for name in able:
        team = teams.get(name.removeprefix(TEAM)) if name.startswith(TEAM) else None
        yield f"{name} ({', '.join(team.members)})" if team else name
