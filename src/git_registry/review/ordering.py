"""What a reviewer looks at first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from operator import itemgetter

from git_registry.policy.explaining import Explained
from git_registry.policy.roles import MEMBER


def is_protected(one: Explained) -> bool:
    """Does it go through gates, or take more than a member's role? What nobody can tell does, too."""
    role, _, _ = one.takes.partition(" of ")
    return bool(one.passages) or role != MEMBER or bool(getattr(one.event, "protected", False))


def ordered(events: Iterable[Explained]) -> tuple[Explained, ...]:
    """Return events as they are reviewed: what is protected first, and of that what changes the rules.

    Protected aliases, and what sends data out, come next. However many there are of a kind, after some of
    them the next kind has its turn: nobody hides one change behind a thousand others.
    """
    turns = Counter[str]()
    placed = []
    for one in sorted(events, key=_rank):
        late = turns[one.event.kind] >= _AT_ONCE
        turns[one.event.kind] += 1
        placed.append((not is_protected(one), late, one))
    return tuple(one for *_, one in sorted(placed, key=itemgetter(0, 1)))


_AT_ONCE = 20


def _rank(one: Explained) -> tuple[bool, int, bool]:
    """Return its place: of each kind those come first that nobody's role bears yet."""
    moves = bool(one.passages) or bool(getattr(one.event, "protected", False)) or one.event.kind in _SENDING
    return not is_protected(one), 0 if one.event.kind in _RULES else 1 if moves else 2, one.is_met


_RULES = {
    *("organization-changed", "admin-added", "admin-removed", "team-changed", "identity-changed"),
    *("member-added", "member-removed", "role-changed", "visibility-changed"),
    *("protection-added", "protection-removed", "gates-changed"),
}
"""The kinds of event by which somebody may do what they might not before."""

_SENDING = {"automation-created", "automation-changed"}
"""The kinds of event by which what happens is told to somebody else from then on."""
