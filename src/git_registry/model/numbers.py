"""Version numbers: not stored, but read off the first-parent line of a branch (DESIGN §3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol


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


class Numbered(NamedTuple):
    """The number of a version, and the step it came in."""

    number: int
    commit: str


class Register(Protocol):
    """Who has which number, as far as steps were counted."""

    def has(self, collection: str, version: str) -> bool:
        """Has the version a number in this collection?"""
        ...

    def take(self, collection: str, version: str, commit: str) -> None:
        """Give the version the collection's next number."""
        ...

    def carry(self, old: str, new: str) -> None:
        """Let a collection have the numbers of another, and count on from there.

        What has a number at the new path already was purged there, or the rename were none: the carried
        number wins.
        """
        ...


def count(register: Register, arrival: Arrival) -> None:
    """Give what a step brought its numbers.

    A number belongs to content: the first time an id appears under a collection's `versions/` it takes
    the next one, for ever. Unlinking and linking again, deleting and creating anew change nothing;
    a renamed collection takes its numbers along and goes on counting.
    """
    for new, old in arrival.renames.items():
        register.carry(old, new)
    for collection, version in arrival.versions:
        if not register.has(collection, version):
            register.take(collection, version, arrival.commit)
