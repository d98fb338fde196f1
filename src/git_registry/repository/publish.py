"""Committing straight onto a remote's branch: published, or not made at all."""

from __future__ import annotations

import random
import re
import time
from typing import TYPE_CHECKING, NamedTuple

from git_registry.errors import Conflict, NetworkError, Refused, RegistryError
from git_registry.repository import history, remote
from git_registry.repository.advance import written
from git_registry.repository.refs import PUBLISHING, queue
from git_registry.repository.remote import Upstream

if TYPE_CHECKING:
    from collections.abc import Callable

    from git_registry.repository.advance import Proposed
    from git_registry.repository.identity import Authorship
    from git_registry.repository.repository import Repository

TRIES = 200
STUCK = 12
"""So often in a row a push is rejected though nobody moved the branch: then nobody will."""

LONGEST_PAUSE = 5.0
"""Seconds."""

_QUOTES = "'\""


class Published(NamedTuple):
    """What became of it.

    Attributes:
        commit: where the remote's branch is, as far as is known; None if it has no commits.
        attempts: how often it was pushed; 0 if there was nothing to do.
    """

    commit: str | None
    attempts: int


def publish(
    repository: Repository,
    upstream: Upstream,
    build: Callable[[str | None], Proposed | None],
    authorship: Authorship,
) -> Published:
    """Commit onto a remote's branch what `build` proposes for its tip. No branch here moves.

    The push is the comparison: unless the remote's branch is where the commit begins, it is rejected, what is
    there is fetched, and `build` is asked again for the new tip. It is asked for what was fetched last first;
    what it raises, or that there is nothing to do, is only believed of what the remote holds now.

    Args:
        repository: a clone; one process at a time publishes from it.
        upstream: the branch, which need not be there yet. It must have a tracking ref.
        build: given the tip (None: no commits yet), what to change; None for nothing to do.
        authorship: who made the change, who commits it, and when.

    Raises:
        NetworkError: the remote can't be reached.
        Refused: it does not take the push.
        Conflict: others were faster every single time; or the remote's branch is locked, and stays so.
    """
    with queue(repository, PUBLISHING):
        return _Publisher(repository, upstream, build, authorship).publish()


def _give_way(attempt: int, *, took: float) -> None:
    """Wait, so that others who push to the same branch can be done: by chance, up to twice as long each time.

    As near or far as the remote is, one push takes about as long for everybody.
    """
    time.sleep(random.uniform(0, min(LONGEST_PAUSE, took * 2**attempt)))  # noqa: S311


class _Publisher:
    def __init__(
        self,
        repository: Repository,
        upstream: Upstream,
        build: Callable[[str | None], Proposed | None],
        authorship: Authorship,
    ) -> None:
        assert upstream.tracking is not None
        self._repository, self._upstream, self._tracking = repository, upstream, upstream.tracking
        self._build, self._authorship = build, authorship
        self._is_fresh = False
        self._stuck, self._said = 0, ""

    def publish(self) -> Published:
        for attempt in range(TRIES):
            began = time.monotonic()
            tip, commit = self._commit()
            if commit is None or commit == tip:
                return Published(tip, 0)
            if self._push(tip, commit):
                return Published(commit, attempt + 1)
            _give_way(attempt, took=time.monotonic() - began)
            self._fetch()
            self._forget(tip)
            self._require_movement(tip)
        raise Conflict(
            f"others were faster {TRIES} times; nothing was published",
            where=self._upstream.name,
            hint="try again later",
        )

    def _commit(self) -> tuple[str | None, str | None]:
        """Return the branch's tip, and the commit made on top of it, or the tip if there is nothing to do."""
        while True:
            tip = self._repository.ref(self._tracking)
            try:
                commit = self._written(tip)
            except RegistryError:
                if self._is_fresh:
                    raise
            else:
                if commit != tip or self._is_fresh:
                    return tip, commit
            self._fetch()

    def _written(self, tip: str | None) -> str | None:
        proposed = self._build(tip)
        return tip if proposed is None else written(self._repository, tip, proposed, self._authorship)

    def _fetch(self) -> None:
        remote.fetch(self._repository, self._upstream.remote)
        self._is_fresh = True

    def _forget(self, tip: str | None) -> None:
        """Forget a branch that was deleted on the remote: a fetch alone leaves it as it was."""
        where = self._upstream
        if tip is None or self._repository.ref(self._tracking) != tip:
            return
        if remote.remote_tip(self._repository, where.remote, where.ref) is None:
            self._repository.git("update-ref", "-d", self._tracking, tip, check=False)

    def _require_movement(self, tip: str | None) -> None:
        """Raise `Conflict` if the branch is rejected again and again and yet stays where it is.

        A server that was killed leaves the lock of a branch behind, and git waits for that for ever.
        """
        self._stuck = self._stuck + 1 if self._repository.ref(self._tracking) == tip else 0
        if self._stuck == STUCK:
            lock = re.search(r"\S+\.lock\b", self._said)
            raise Conflict(
                "it is locked on the remote; nothing was published",
                where=self._upstream.name,
                hint=f"if no git is at work there, remove {lock[0].strip(_QUOTES) if lock else 'its lock'} there",
            )

    def _push(self, tip: str | None, commit: str) -> bool:
        refspec = f"{commit}:{self._upstream.ref}"
        try:
            result = remote.push(
                self._repository, self._upstream.remote, [refspec], expect={self._upstream.ref: tip}
            )
        except NetworkError as broken:
            if self._has_landed(commit, broken):
                return True
            raise
        if result.refused:
            raise Refused(
                "the remote refused the push; nothing was published",
                where=self._upstream.name,
                hint=result.said,
            )
        self._said = result.said
        return result.ok

    def _has_landed(self, commit: str, broken: NetworkError) -> bool:
        """Is a commit on the remote although the connection broke before it could say so?"""
        try:
            self._fetch()
        except NetworkError:
            raise broken from None
        theirs = self._repository.ref(self._tracking)
        return theirs is not None and history.is_ancestor(self._repository, commit, theirs)
