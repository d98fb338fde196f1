"""Bringing a branch to a commit that exists already: a fast-forward, or a line of commits made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_registry.repository import advance, journal, worktree
from git_registry.repository.changes import changed
from git_registry.repository.refs import RefMoved, pause, queue
from git_registry.repository.tips import BRANCHES

if TYPE_CHECKING:
    from collections.abc import Callable

    from git_registry.repository.repository import Repository

_DEEPEST, _MOST = 128, 10_000_000
"""A repository holds other files too, as deep as anybody likes; what others published is taken whole."""


def adopt(repository: Repository, branch: str, choose: Callable[[str | None], str], *, reason: str) -> str:
    """Move a branch to the commit that `choose` names for its tip, and return it.

    If the branch is checked out here, index and files follow for the paths that differ, and no others.
    Should somebody else move it meanwhile, `choose` is asked again.

    Args:
        repository: where.
        branch: its short name; it need not exist yet.
        choose: given the tip (None: no commits yet), the commit to be at. It may raise; then nothing
            moved.
        reason: what the reflog says.

    Raises:
        Conflict: files that differ have local edits (each is named), or a lock was held too long.
    """
    ref = BRANCHES + branch
    with queue(repository):
        journal.recover(repository)
        advance.refuse_elsewhere(repository, branch)
        for attempt in range(advance.TRIES):
            tip = repository.ref(ref)
            target = choose(tip)
            if target == tip:
                return target
            try:
                _move(repository, branch, (tip, target), reason)
            except RefMoved:
                if attempt == advance.TRIES - 1:
                    raise
                pause(attempt)
            else:
                return target
    raise AssertionError


def _move(repository: Repository, branch: str, step: tuple[str | None, str], reason: str) -> None:
    old, new = step
    paths: tuple[str, ...] = ()
    if worktree.is_checked_out(repository, branch):
        with repository.reader() as reader:
            before = reader.root(old) if old else None
            differing = changed(reader, before, reader.root(new), depth=_DEEPEST, entries=_MOST)
            paths = tuple(change.path for change in differing)
        advance.refuse_local_edits(repository, paths)
    advance.move_noted(repository, journal.Journal(BRANCHES + branch, old, new, paths), reason)
