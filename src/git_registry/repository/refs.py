"""Moving a ref: never past somebody else, never twice at once."""

from __future__ import annotations

import contextlib
import random
import time
from typing import TYPE_CHECKING

from git_registry.errors import Conflict, UsageError
from git_registry.repository.locks import taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_registry.repository.repository import Repository

TRIES = 60
LONGEST_PAUSE = 0.05
"""Seconds."""
COMMITTING = "commit-queue"
PUBLISHING = "publish-queue"
FETCHING = "fetch-queue"


class RefMoved(Conflict):
    """The ref is not where it was when the change was made.

    Attributes:
        ref: its full name.
        found: the id it holds now; None if it does not exist.
    """

    kind = "ref-moved"

    def __init__(self, ref: str, found: str | None) -> None:
        now = f"is at {found[:12]} now" if found else "does not exist any more"
        super().__init__(f"it {now}", where=ref, hint="somebody else wrote at the same time; try again")
        self.ref = ref
        self.found = found


def move(repository: Repository, ref: str, *, old: str | None, new: str, reason: str) -> None:
    """Point a ref at `new` if it still is at `old` (None: does not exist yet), with a reflog line.

    The comparison is made under the ref's lock, so nothing can come between. A lock held by
    someone else is waited for a moment; then it is a `Conflict`. Raises `RefMoved` when it lost.
    """
    import pygit2

    pygit = pygit2.Repository(str(repository.gitdir))
    for attempt in range(TRIES):
        with pygit.transaction() as transaction:
            try:
                transaction.lock_ref(ref)
            except (OSError, pygit2.GitError) as error:
                if attempt == TRIES - 1:
                    raise _locked(repository, ref, error) from None
            else:
                found = repository.ref(ref)
                if found != old:
                    raise RefMoved(ref, found)
                transaction.set_target(ref, new, message=reason)
                return
        pause(attempt)


@contextlib.contextmanager
def queue(repository: Repository, name: str = COMMITTING, *, seconds: float | None = None) -> Iterator[None]:
    """Wait for our turn to write in this repository, all worktrees of it.

    It only keeps writers that know it from racing each other for nothing; what is right is decided in `move`.

    Raises:
        Conflict: our turn did not come within so many seconds.
    """
    try:
        file = taken(repository.common_dir / name, seconds=seconds)
    except PermissionError:
        raise UsageError("you may not write to this repository", where=str(repository.common_dir)) from None
    with file:
        yield


def pause(attempt: int) -> None:
    """Wait a moment, longer with each attempt from 0 on, by chance so that two do not stay in step."""
    time.sleep(random.uniform(0.5, 1) * min(LONGEST_PAUSE, 0.001 * 2**attempt))  # noqa: S311


def _locked(repository: Repository, ref: str, error: Exception) -> Conflict:
    lock = repository.common_dir / f"{ref}.lock"
    hint = f"if no git is running, remove {lock}" if lock.exists() else ""
    return Conflict(f"it could not be locked: {error}", where=ref, hint=hint)
