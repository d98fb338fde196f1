"""Where a ref went though no push says so: it was moved past the hook, or the note of a push was lost.

Only refs are followed whose steps are judged, from the first push on that names them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from git_registry.catalog.push_lines import Moved, Push
from git_registry.catalog.pushes import LOG, pushes
from git_registry.policy.refs import Kind, kind_of
from git_registry.policy.settings import IDENTITY
from git_registry.repository import remote
from git_registry.repository.refs import pause
from git_registry.repository.repository import Repository
from git_registry.repository.tips import BRANCHES

LATE = timedelta(minutes=1)
"""How far apart notes may stand in the wrong order: hooks of pushes that come at once wait for each other."""

HINT = "what it brought was judged by nobody: `git registry check FROM..TO` tells its mistakes"

_LOOKS = 20
_LONG = 10
"""An attempt's number by which `pause` waits as long as it ever does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unnoted:
    """One move that no push accounts for.

    Attributes:
        before: where the push log left the ref; None if it was not there.
        after: where it was found.
        until: when the push came that found it there; None if that is where it is now.
    """

    ref: str
    before: str | None
    after: str | None
    until: datetime | None

    def __str__(self) -> str:
        name = self.ref.removeprefix(BRANCHES)
        return f"{name} moved {_short(self.before)}→{_short(self.after)}, and no push says so"


@dataclass(frozen=True, slots=True)
class Trail:
    """What the push log says of one ref.

    Attributes:
        gaps: what it leaves out.
        been: every commit that it was at.
        end: the last.
    """

    ref: str
    gaps: tuple[Unnoted, ...]
    been: frozenset[str | None]
    end: str | None


def unnoted(
    repository: Repository, noted: Sequence[Push], default: str
) -> tuple[tuple[Unnoted, ...], tuple[str, ...]]:
    """Return the moves that no push says, and what can't be known, in sentences.

    A clone knows where the server's refs were when it fetched, which may be before or after it fetched the
    log: where the log ends, it proves nothing.
    """
    found = trails(noted, default)
    if repository.config(IDENTITY) is None and remote.remotes(repository):
        return _within(found), tuple(_doubts(repository, found))
    tip = repository.ref(LOG)
    since = list(_since(repository, found))
    for _ in range(_LOOKS if since else 0):
        # A push that ends just now has moved the ref, and is noted a moment later.
        pause(_LONG)
        now = repository.ref(LOG)
        if now != tip:
            tip, found = now, trails(tuple(pushes(repository)), default)
        since = list(_since(repository, found))
        if not since:
            break
    return (*_within(found), *since), ()


def _within(trails: Iterable[Trail]) -> tuple[Unnoted, ...]:
    return tuple(gap for one in trails for gap in one.gaps)


def trails(noted: Sequence[Push], default: str) -> list[Trail]:
    """Return what is said of each judged ref; of the default branch alone where refs were left out."""
    kinds = {Kind.DEFAULT} if any(push.omitted for push in noted) else {Kind.DEFAULT, Kind.PROJECT}
    moves: dict[str, list[tuple[datetime, Moved]]] = {}
    for push in noted:
        for moved in push.refs:
            moves.setdefault(moved.ref, []).append((push.at, moved))
    return [_trail(ref, found) for ref, found in moves.items() if kind_of(ref, default)[0] in kinds]


def _trail(ref: str, moves: Sequence[tuple[datetime, Moved]]) -> Trail:
    gaps: list[Unnoted] = []
    end = moves[0][1].old
    for at, moved in _ordered(moves):
        # Of a deletion `old` is what the client said.
        if moved.old != end and moved.new is not None:
            gaps.append(Unnoted(ref=ref, before=end, after=moved.old, until=at))
        end = moved.new
    return Trail(ref, tuple(gaps), frozenset(moved.new for _, moved in moves), end)


def _ordered(moves: Sequence[tuple[datetime, Moved]]) -> Iterator[tuple[datetime, Moved]]:
    """Yield moves so that each begins where another ended, as far as notes may stand in another order."""
    end = moves[0][1].old
    rest, waiting = deque(moves), list[tuple[datetime, Moved]]()
    while rest or waiting:
        fits = next((one for one in waiting if one[1].old == end), None)
        is_late = bool(rest and waiting) and rest[0][0] - waiting[0][0] > LATE
        if fits is None and rest and not is_late:
            waiting.append(rest.popleft())
            continue
        following = fits or waiting[0]
        waiting.remove(following)
        end = following[1].new
        yield following


def _since(repository: Repository, trails: Iterable[Trail]) -> Iterator[Unnoted]:
    for one in trails:
        now = repository.ref(one.ref)
        if now != one.end:
            yield Unnoted(ref=one.ref, before=one.end, after=now, until=None)


def _doubts(repository: Repository, trails: Iterable[Trail]) -> Iterator[str]:
    for one in trails:
        name = one.ref.removeprefix(BRANCHES)
        tracking = remote.remembered(repository, name)
        now = repository.ref(tracking) if tracking else None
        if now is not None and now not in one.been:
            yield (
                f"how {name} came to {now[:8]}: the push log here ends at {_short(one.end)} "
                f"(git fetch <remote> {LOG}:{LOG})"
            )


def _short(commit: str | None) -> str:
    return commit[:8] if commit else "nothing"
