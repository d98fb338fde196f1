"""Who could still say yes to what is not allowed yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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


def awaited(
    violations: Iterable[Violation], teams: Mapping[str, Team], authors: Collection[str] = ()
) -> tuple[Awaited, ...]:
    """Return the approvals that are missing, each once however many paths wait for it.

    Args:
        violations: what is missing.
        teams: who is in which.
        authors: who proposes it, and so is asked last: of a team only if there is nobody else in it.
    """
    paths: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    for one in violations:
        if one.liftable:
            paths.setdefault((one.message, one.able), {})[one.path] = None
    return tuple(
        Awaited(paths=tuple(where), message=message, who=tuple(_named(able, teams, authors)))
        for (message, able), where in paths.items()
    )


def _named(able: Sequence[str], teams: Mapping[str, Team], authors: Collection[str]) -> Iterator[str]:
    for name in able:
        team = teams.get(name.removeprefix(TEAM)) if name.startswith(TEAM) else None
        people = [one for one in team.members if one not in authors] or team.members if team else ()
        yield f"{name} ({', '.join(people)})" if people else name
