"""The one way anything is committed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.errors import Conflict
from git_registry.repository import journal, worktree
from git_registry.repository.refs import RefMoved, move, pause, queue
from git_registry.repository.tips import BRANCHES
from git_registry.repository.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from git_registry.repository.identity import Authorship
    from git_registry.repository.objects import BlobId
    from git_registry.repository.repository import Repository

TRIES = 20


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a commit shall change: by path, new bytes, a stored blob, or None to delete; and why.

    Attributes:
        merges: a commit that becomes its second parent; None if it merges nothing.
    """

    changes: Mapping[str, bytes | BlobId | None]
    message: str
    merges: str | None = None


def advance(
    repository: Repository,
    branch: str,
    build: Callable[[str | None], Proposed | None],
    authorship: Authorship,
) -> str | None:
    """Commit onto a branch what `build` proposes for its tip, and return the branch's new tip.

    One writer at a time in this repository; should somebody else move the branch meanwhile, `build`
    is asked again for the new tip. If the branch is checked out here, index and files of the changed
    paths follow, and no others. Nothing proposed, or nothing different, makes no commit.

    Args:
        repository: where to write.
        branch: its short name; it need not exist yet.
        build: given the tip (None: no commits yet), what to change; None for nothing to do. It may
            raise, and then nothing was written.
        authorship: who made the change, who commits it, and when.

    Raises:
        Conflict: files to be changed have local edits (each is named); the branch is checked out in
            another worktree; a lock was held too long.
        RefMoved: others moved the branch every single time.
    """
    ref = BRANCHES + branch
    with queue(repository):
        journal.recover(repository)
        refuse_elsewhere(repository, branch)
        for attempt in range(TRIES):
            tip = repository.ref(ref)
            proposed = build(tip)
            if proposed is None:
                return tip
            try:
                return _commit(repository, branch, tip, proposed, authorship)
            except RefMoved:
                if attempt == TRIES - 1:
                    raise
            pause(attempt)
    raise AssertionError


def _commit(
    repository: Repository, branch: str, tip: str | None, proposed: Proposed, authorship: Authorship
) -> str | None:
    here = worktree.is_checked_out(repository, branch)
    if here:
        refuse_local_edits(repository, tuple(proposed.changes))
    commit = written(repository, tip, proposed, authorship)
    if commit is None or commit == tip:
        return tip
    reason = f"commit: {proposed.message.partition(chr(10))[0]}"
    paths = tuple(proposed.changes) if here else ()
    move_noted(repository, journal.Journal(BRANCHES + branch, tip, commit, paths), reason)
    return commit


def written(
    repository: Repository, tip: str | None, proposed: Proposed, authorship: Authorship
) -> str | None:
    """Write a commit on top of `tip` and return it; `tip` itself if nothing would differ. No ref moves."""
    with Writer(repository) as writer:
        base = writer.reader.root(tip) if tip else None
        tree = writer.tree(base, proposed.changes)
        if tree == base:
            return tip
        return writer.commit(
            tree=tree,
            parents=[one for one in (tip, proposed.merges) if one],
            author=authorship.author,
            committer=authorship.committer,
            message=proposed.message,
        )


def move_noted(repository: Repository, note: journal.Journal, reason: str) -> None:
    """Move a branch, and let index and files follow at the note's paths, though killed at any moment."""
    note.write(repository)
    try:
        move(repository, note.ref, old=note.old, new=note.new, reason=reason)
    except Conflict:
        journal.drop(repository)
        raise
    if note.paths:
        worktree.follow(repository, old=note.old, new=note.new, paths=note.paths)
    journal.drop(repository)


def refuse_local_edits(repository: Repository, paths: Sequence[str]) -> None:
    """Raise `Conflict`, naming each, if index or work tree differ from HEAD at one of these paths."""
    edited = worktree.dirty(repository, paths)
    if edited:
        names = ", ".join(path.encode("utf-8", "backslashreplace").decode() for path in edited)
        raise Conflict(
            f"local edits would be overwritten: {names}",
            where=str(repository.work_tree),
            hint="commit them or put them aside first (`git stash --include-untracked`)",
        )


def refuse_elsewhere(repository: Repository, branch: str) -> None:
    """Raise `Conflict` if another worktree of the repository has the branch checked out."""
    other = worktree.checked_out_elsewhere(repository, branch)
    if other is not None:
        raise Conflict(f"it is checked out in {other}", where=branch, hint=f"write to it there: `cd {other}`")
