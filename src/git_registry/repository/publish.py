"""Committing straight onto a remote's branch: published, or not made at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from git_registry.errors import NetworkError, Refused, RegistryError
from git_registry.repository import history, remote
from git_registry.repository.advance import written
from git_registry.repository.turns import Rejected, take_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from git_registry.repository.advance import Proposed
    from git_registry.repository.identity import Authorship
    from git_registry.repository.repository import Repository
    from git_registry.repository.upstream import Upstream


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
    *,
    beside: Mapping[str, str] | None = None,
) -> Published:
    """Commit onto a remote's branch what `build` proposes for its tip. No branch here moves.

    The push is the comparison: unless the remote's branch is where the commit begins, it is rejected, what is
    there is fetched, and `build` is asked again for the new tip. It is asked for what was fetched last first;
    what it raises, or that there is nothing to do, is only believed of what the remote holds now.

    Args:
        repository: a clone.
        upstream: the branch, which need not be there yet. It must have a tracking ref.
        build: given the tip (None: no commits yet), what to change; None for nothing to do.
        authorship: who made the change, who commits it, and when.
        beside: by full name, other refs there, each with the commit that it must still be at.

    Raises:
        NetworkError: the remote can't be reached.
        Refused: it does not take the push.
        Conflict: others were faster every single time; or the remote's branch is locked, and stays so.
    """
    publisher = _Publisher(repository, upstream, build, authorship, beside or {})
    return take_turns(repository, upstream, publisher.attempt)


class _Publisher:
    def __init__(
        self,
        repository: Repository,
        upstream: Upstream,
        build: Callable[[str | None], Proposed | None],
        authorship: Authorship,
        beside: Mapping[str, str],
    ) -> None:
        assert upstream.tracking is not None
        self._repository, self._upstream, self._tracking = repository, upstream, upstream.tracking
        self._build, self._authorship, self._beside = build, authorship, beside
        self._is_fresh = False
        self._tip: str | None = None
        self._attempts = 0

    def attempt(self) -> Published:
        if self._attempts:
            self._fetch()
            self._forget(self._tip)
        self._tip, commit = self._commit()
        if commit is None or commit == self._tip:
            return Published(self._tip, 0)
        self._attempts += 1
        self._push(commit)
        return Published(commit, self._attempts)

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

    def _push(self, commit: str) -> None:
        where = self._upstream
        # A ref that is pushed where it is already is only looked at.
        pushed = {where.ref: commit, **self._beside}
        try:
            result = remote.push(
                self._repository,
                where.remote,
                [f"{target}:{ref}" for ref, target in pushed.items()],
                expect={where.ref: self._tip, **self._beside},
                atomic=len(pushed) > 1,
            )
        except NetworkError as broken:
            if not self._has_landed(commit, broken):
                raise
            return
        if result.refused:
            raise Refused(
                f"{result.refuser} refused the push; nothing was published",
                where=where.name,
                hint=result.said,
            )
        if not result.ok:
            raise Rejected(result.said, where=where.name)

    def _has_landed(self, commit: str, broken: NetworkError) -> bool:
        """Is a commit on the remote although the connection broke before it could say so?"""
        try:
            self._fetch()
        except NetworkError:
            raise broken from None
        theirs = self._repository.ref(self._tracking)
        return theirs is not None and history.is_ancestor(self._repository, commit, theirs)
