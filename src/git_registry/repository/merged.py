"""What merging two commits would make, without merging them (git-merge-tree(1), git 2.38)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_registry.errors import Conflict, UsageError
from git_registry.repository.process import READING, Git, failed

if TYPE_CHECKING:
    from git_registry.repository.repository import Repository

_AS_ANYWHERE = (
    *("-c", "merge.renames=true", "-c", "merge.directoryRenames=conflict"),
    *("-c", "merge.renormalize=false"),
)
_CONFLICTS, _UNKNOWN_OPTION = 1, 129
_MOST_NAMED = 10


def merged_tree(repository: Repository, ours: str, theirs: str) -> str:
    """Return the tree that a merge of `theirs` into `ours` makes. It is written; no ref names it.

    Raises:
        Conflict: they can't be merged without somebody's decision, or share no history.
        UsageError: git is too old to say.
    """
    # Without a work tree: no .gitattributes of whatever is checked out says how to merge.
    git = Git(repository.gitdir, None, repository.command.environment)
    ask = ("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs)
    done = git.run(*_AS_ANYWHERE, *ask, check=False, env=READING)
    if done.code == _UNKNOWN_OPTION:
        raise UsageError("what a merge would make can't be told by this git", hint="git 2.38 or newer does")
    if "unrelated histories" in done.stderr:
        raise Conflict("they share no history", where=f"{ours[:8]} and {theirs[:8]}")
    if done.code not in (0, _CONFLICTS):
        raise failed(ask, done.stderr, done.code)
    tree, *paths = done.stdout.decode("utf-8", "surrogateescape").rstrip("\0").split("\0")
    if done.code == _CONFLICTS:
        raise _conflict(ours, theirs, [path for path in paths if path])
    return tree


def _conflict(ours: str, theirs: str, paths: list[str]) -> Conflict:
    named = ", ".join(dict.fromkeys(paths[:_MOST_NAMED]))
    more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
    return Conflict(
        f"merging it into {ours[:8]} conflicts in {named or 'some files'}{more}",
        where=theirs[:8],
        hint="merge or rebase onto what is there by now, and push again",
    )
