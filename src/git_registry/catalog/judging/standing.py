"""Which approvals and proposals stood when a push came, where a push log tells of others than stand now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from git_registry.catalog.push_lines import Push
from git_registry.catalog.review_refs import APPROVALS, PROPOSALS
from git_registry.policy import identities
from git_registry.repository import listed
from git_registry.repository.repository import Repository

_BEFORE = -1
"""When what the log doesn't tell of came: before it began."""


@dataclass(frozen=True)
class Stands:
    """One ref of a review begins to be at a commit, or is there no more.

    Attributes:
        at: the place of the push in the log that made it so.
    """

    at: int
    ref: str
    here: bool


@dataclass(frozen=True)
class Standing:
    """What stood before one push of the log.

    Attributes:
        moves: by commit, in the order of the log.
        push: the place of that push in it.
    """

    moves: Mapping[str, Sequence[Stands]]
    push: int

    def approvers(self, commit: str) -> Iterator[str]:
        """Yield the principals whose approval of a commit stood."""
        yield from _principals(self._refs(commit, APPROVALS), APPROVALS)

    def owners(self, commit: str) -> Iterator[str]:
        """Yield whose proposals were at a commit."""
        yield from _principals(self._refs(commit, PROPOSALS), PROPOSALS)

    def _refs(self, commit: str, below: str) -> list[str]:
        last: dict[str, bool] = {}
        for one in self.moves.get(commit, ()):
            if one.at < self.push and one.ref.startswith(below):
                last[one.ref] = one.here
        return [ref for ref, here in last.items() if here]


def moves(repository: Repository, pushes: Sequence[Push]) -> Mapping[str, Sequence[Stands]]:
    """Return where refs of reviews were, by commit; what no push tells of stands as it does now."""
    found: dict[str, list[Stands]] = {}
    held: dict[str, str | None] = {}
    for at, push in enumerate(pushes):
        for moved in push.refs:
            if not moved.ref.startswith((APPROVALS, PROPOSALS)):
                continue
            was = held.get(moved.ref) if moved.ref in held else moved.old
            if moved.ref not in held and was:
                found.setdefault(was, []).append(Stands(_BEFORE, moved.ref, here=True))
            if was:
                found.setdefault(was, []).append(Stands(at, moved.ref, here=False))
            if moved.new:
                found.setdefault(moved.new, []).append(Stands(at, moved.ref, here=True))
            held[moved.ref] = moved.new
    for below in (APPROVALS, PROPOSALS):
        for ref, commit in listed.matching(repository, below):
            if ref not in held:
                found.setdefault(commit, []).append(Stands(_BEFORE, ref, here=True))
    return found


def _principals(refs: Iterable[str], below: str) -> Iterator[str]:
    for ref in refs:
        principal = identities.of_ref_name(ref.removeprefix(below).partition("/")[0])
        if principal is not None:
            yield principal
