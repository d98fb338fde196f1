"""Many who push to one branch of a remote: whoever was not first gives way, and tries again."""

from __future__ import annotations

import random
import re
import time
from typing import TYPE_CHECKING, TypeVar

from git_registry.errors import Conflict
from git_registry.repository.hashing import blob_id
from git_registry.repository.refs import PUBLISHING, queue

if TYPE_CHECKING:
    from collections.abc import Callable

    from git_registry.repository.repository import Repository
    from git_registry.repository.upstream import Upstream

TRIES = 200
STUCK = 12
"""So often in a row a push is rejected though nobody moved the branch: then nobody will."""
LONGEST_PAUSE = 5.0
"""Seconds."""
PATIENCE = 5.0
"""Seconds after which a person is told what takes so long."""

T = TypeVar("T")

_QUOTES = "'\""


class Rejected(Conflict):
    """A push was not taken, since the remote's branch is not where it was, or is locked. In git's words."""


def take_turns(repository: Repository, upstream: Upstream, attempt: Callable[[], T]) -> T:
    """Return what `attempt` answers; when it is `Rejected`, others were first, and it is made again.

    Those of one clone stand in a queue for each branch, for they would only race each other. None of them
    waits for one that gives way to other clones.

    Args:
        repository: a clone.
        upstream: the branch that is pushed to. It must have a tracking ref.
        attempt: fetches and pushes, once.

    Raises:
        Conflict: others were faster every single time; or the remote's branch is locked, and stays so.
    """
    so_far = _SoFar(repository, upstream)
    for number in range(TRIES):
        with queue(repository, f"{PUBLISHING}-{blob_id(upstream.name.encode())}"):
            began = time.monotonic()
            try:
                return attempt()
            except Rejected as rejected:
                so_far.require_movement(rejected.message)
            took = time.monotonic() - began
        so_far.tell(number + 1)
        _give_way(number, took)
    raise Conflict(
        f"others were faster {TRIES} times; nothing was published",
        where=upstream.name,
        hint="try again later",
    )


def _give_way(attempt: int, took: float) -> None:
    """Wait, so that others who push to the same branch can be done: by chance, up to twice as long each time.

    As near or far as the remote is, one push takes about as long for everybody.
    """
    time.sleep(random.uniform(0, min(LONGEST_PAUSE, took * 2**attempt)))  # noqa: S311


class _SoFar:
    """What became of the attempts so far."""

    def __init__(self, repository: Repository, upstream: Upstream) -> None:
        assert upstream.tracking is not None
        self._repository, self._upstream, self._tracking = repository, upstream, upstream.tracking
        self._began, self._is_told = time.monotonic(), False
        self._tips: list[str | None] = []

    def require_movement(self, said: str) -> None:
        """Raise `Conflict` if the branch is rejected again and again and yet stays where it is.

        A server that was killed leaves the lock of a branch behind, and git waits for that for ever.
        """
        tip = self._repository.ref(self._tracking)
        self._tips = [*(self._tips if tip in self._tips else ()), tip]
        if len(self._tips) > STUCK:
            found = re.search(r"\S+\.lock\b", said)
            lock = found[0].strip(_QUOTES) if found else "its lock"
            raise Conflict(
                "it is locked on the remote; nothing was published",
                where=self._upstream.name,
                hint=f"if no git is at work there, remove {lock} there",
            )

    def tell(self, attempts: int) -> None:
        """Say once what takes so long."""
        if not self._is_told and time.monotonic() - self._began >= PATIENCE:
            times = f"{attempts} times" if attempts > 1 else "once"
            self._repository.notify(f"{self._upstream.name}: others were faster {times}; still trying")
            self._is_told = True
