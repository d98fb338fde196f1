"""Version numbers: not stored, but read off the first-parent line of a branch (DESIGN §3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What one step of the first-parent line brought into collections.

    Attributes:
        commit: the step.
        versions: (collection, id) of each manifest that appeared under `versions/`, those that
            appeared together in the order `(created, id)`.
        renames: new collection path → the old one, for collections that moved in this step.
    """

    commit: str
    versions: tuple[tuple[str, str], ...] = ()
    renames: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number of a version, and the step it came in."""

    number: int
    commit: str


def number(arrivals: Iterable[Arrival]) -> dict[str, dict[str, Numbered]]:
    """Return collection → id → number, for steps given oldest first.

    A number belongs to content: the first time an id appears under a collection's `versions/` it takes
    the next one, for ever. Unlinking and linking again, deleting and creating anew change nothing;
    a renamed collection takes its numbers along and goes on counting.
    """
    numbers: dict[str, dict[str, Numbered]] = {}
    following: dict[str, int] = {}
    for arrival in arrivals:
        for new, old in arrival.renames.items():
            # What has a number at the new path already was purged there, or the rename were none.
            numbers[new] = {**numbers.get(new, {}), **numbers.get(old, {})}
            following[new] = max(following.get(new, 0), following.get(old, 0))
        for collection, version in arrival.versions:
            known = numbers.setdefault(collection, {})
            if version not in known:
                following[collection] = following.get(collection, 0) + 1
                known[version] = Numbered(following[collection] - 1, arrival.commit)
    return numbers


def latest(numbers: Mapping[str, Numbered], linked: Iterable[str]) -> str | None:
    """Return the linked id with the highest number, or None if nothing is linked."""
    candidates = [version for version in linked if version in numbers]
    return max(candidates, key=lambda version: numbers[version].number, default=None)


def retired(numbers: Mapping[str, Numbered], linked: Iterable[str]) -> Iterator[str]:
    """Yield the ids that have a number but are not linked any more."""
    here = set(linked)
    return (version for version in numbers if version not in here)
