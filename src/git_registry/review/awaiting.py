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
        more: how many of them it takes.
        is_begun: are some there already?
    """

    paths: tuple[str, ...]
    message: str
    who: tuple[str, ...]
    more: int = 1
    is_begun: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Approvals that are missing, whatever they are for.

    Attributes:
        more: how many.
        who: principals and teams of whom anybody could give one.
        is_begun: are some there already?
    """

    more: int = 1
    who: tuple[str, ...]
    is_begun: bool = False


def missing(violations: Iterable[Violation]) -> tuple[Missing, ...]:
    """Return the approvals that are missing in all: each that is not given along with another.

    One approval is of all that a commit does. So whoever lifts what few can lift has lifted what many can.
    """
    asked = [
        Missing(more=one.more, who=one.able, is_begun=bool(one.given)) for one in violations if one.liftable
    ]
    strictest = sorted(dict.fromkeys(asked), key=lambda one: (len(one.who), -one.more, not one.is_begun))
    found: list[Missing] = []
    for one in strictest:
        if not any(set(other.who) <= set(one.who) and other.more >= one.more for other in found):
            found.append(one)
    return tuple(one for one in dict.fromkeys(asked) if one in found)


def awaited(
    violations: Iterable[Violation], teams: Mapping[str, Team], authors: Collection[str] = ()
) -> tuple[Awaited, ...]:
    """Return the approvals that are missing, each once however many paths wait for it.

    Args:
        violations: what is missing.
        teams: who is in which.
        authors: who proposes it, and so is asked last: of a team only if there is nobody else in it.
    """
    alike: dict[tuple[str, tuple[str, ...]], dict[str, Violation]] = {}
    for one in violations:
        if one.liftable:
            alike.setdefault((one.message, one.able), {})[one.path] = one
    return tuple(
        _awaited(tuple(where), next(iter(where.values())), teams, authors) for where in alike.values()
    )


def _awaited(
    paths: tuple[str, ...], one: Violation, teams: Mapping[str, Team], authors: Collection[str]
) -> Awaited:
    return Awaited(
        paths=paths,
        message=one.message,
        who=tuple(_named(one.able, teams, authors, one.given)),
        more=one.more,
        is_begun=bool(one.given),
    )


def _named(
    able: Sequence[str], teams: Mapping[str, Team], authors: Collection[str], given: Collection[str]
) -> Iterator[str]:
    for name in able:
        team = teams.get(name.removeprefix(TEAM)) if name.startswith(TEAM) else None
        left = [one for one in team.members if one not in given] if team else []
        people = [one for one in left if one not in authors] or left
        yield f"{name} ({', '.join(people)})" if people else name
