"""The checked-out files: whether they are as committed, and bringing a few of them to a new commit."""

from __future__ import annotations

import contextlib
import stat
from typing import TYPE_CHECKING

from git_registry.errors import Conflict
from git_registry.repository.objects import EMPTY_TREE, NOTHING, TreeEntry, entry_at
from git_registry.repository.refs import pause

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from git_registry.repository.objects import Reader
    from git_registry.repository.repository import Repository

MANY = 256
"""So many paths are named to git; of more, it is asked about everything, which costs it less."""

TRIES = 60

Entries = dict[str, TreeEntry | None]


def is_checked_out(repository: Repository, branch: str) -> bool:
    """Whether this branch's files are here: it is the current one, and not a clone without a checkout."""
    if repository.work_tree is None or repository.head().branch != branch:
        return False
    return repository.branch(branch) is None or index_file(repository).exists()


def checked_out_elsewhere(repository: Repository, branch: str) -> Path | None:
    """Return the other worktree of this repository in which a branch is checked out, if there is one."""
    for gitdir, top in _other_worktrees(repository):
        with contextlib.suppress(OSError):
            if (gitdir / "HEAD").read_text().strip() == f"ref: refs/heads/{branch}" and top.exists():
                return top
    return None


def index_file(repository: Repository) -> Path:
    """Return the index that belongs to this work tree (`GIT_INDEX_FILE`, as in a hook, comes first)."""
    named = repository.command.environment.get("GIT_INDEX_FILE")
    return repository.gitdir / "index" if not named else repository.gitdir.joinpath(named)


def files_at(reader: Reader, commit: str | None, paths: Iterable[str]) -> Entries:
    """Return what a commit (None: nothing) holds at each path, directories aside; each tree is read once."""
    root = EMPTY_TREE if commit is None else reader.root(commit)
    once = _Remembering(reader)
    found = ((path, entry_at(once, root, path)) for path in paths)
    return {path: None if entry is None or entry.is_tree else entry for path, entry in found}


def dirty(repository: Repository, paths: Sequence[str]) -> tuple[str, ...]:
    """Return which of these paths are not as HEAD has them, in the index or in the work tree.

    Staged, modified, deleted, or something of the user's where HEAD has nothing: a file, ignored or
    not, a directory, a symlink in place of a directory above. Git compares, so `.gitattributes` count.
    """
    top = repository.work_tree
    assert top is not None
    with repository.reader() as reader:
        held = files_at(reader, repository.head().commit, paths)
    reported = _reported(repository, paths)
    return tuple(path for path in paths if path in reported or _in_the_way(top, path, held))


def follow(repository: Repository, *, old: str | None, new: str, paths: Iterable[str]) -> None:
    """Bring index and files of these paths from the commit `old` to `new`; leave all else alone.

    What others have staged stays staged. Files pass through git's own checkout, so line ends and
    filters are as anywhere. To be called with paths that were not `dirty`.
    """
    paths = tuple(paths)
    with repository.reader() as reader:
        before, after = files_at(reader, old, paths), files_at(reader, new, paths)
    moved = {path: after[path] for path in paths if before[path] != after[path]}
    stage(repository, moved)
    check_out(repository, moved)


def stage(repository: Repository, entries: Mapping[str, TreeEntry | None]) -> None:
    """Make the index hold these entries (None: nothing) at these paths."""
    gone = [f"0 {NOTHING}\t{path}\0" for path, entry in entries.items() if entry is None]
    held = [f"{entry.mode:o} {entry.id}\t{path}\0" for path, entry in entries.items() if entry]
    _on_the_index(repository, "update-index", "-z", "--index-info", lines=[*gone, *held])


def check_out(repository: Repository, entries: Mapping[str, TreeEntry | None]) -> None:
    """Make the work tree hold these entries, which are in the index already, at these paths."""
    top = repository.work_tree
    assert top is not None
    for path, entry in entries.items():
        if entry is None:
            _remove(top, path)
    lines = [f"{path}\0" for path, entry in entries.items() if entry]
    _on_the_index(repository, "checkout-index", "-f", "-u", "-z", "--stdin", lines=lines)


def _on_the_index(repository: Repository, *command: str, lines: list[str]) -> None:
    if not lines:
        return
    fed = "".join(lines).encode("utf-8", "surrogateescape")
    lock = index_file(repository).with_name(index_file(repository).name + ".lock")
    for attempt in range(TRIES):
        done = repository.git(*command, input=fed, check=False)
        if done.code == 0:
            return
        if not lock.exists() and attempt > 1:
            break
        pause(attempt)
    hint = f"if no git is running, remove {lock}; the next command here brings the files up to date"
    raise Conflict(
        f"the commit is made, but its files could not be checked out: {done.stderr}",
        where=str(repository.work_tree),
        hint=hint if lock.exists() else "the next command here tries again",
    )


def _reported(repository: Repository, paths: Sequence[str]) -> set[str]:
    """Return what `git status` has to say: `XY path` for each tracked path that differs."""
    named = paths if len(paths) <= MANY else ()
    command = ("--literal-pathspecs", "status", "--porcelain", "-z", "--no-renames", "-uno")
    lines = repository.git(*command, "--", *named).stdout.decode("utf-8", "surrogateescape").split("\0")
    return {line[3:] for line in lines[:-1]}


def _in_the_way(top: Path, path: str, held: Entries) -> bool:
    """Whether something is there that HEAD has not, and that is not replaced along with it."""
    for above in _above(path):
        kind = _kind(top / above)
        if kind is None:
            return False
        if kind != stat.S_IFDIR:
            return not held.get(above)
    kind = _kind(top / path)
    if kind == stat.S_IFDIR:
        inside = (place for place in (top / path).rglob("*") if _kind(place) != stat.S_IFDIR)
        return any(str(place.relative_to(top)) not in held for place in inside)
    return kind is not None and held[path] is None


def _above(path: str) -> list[str]:
    names = path.split("/")
    return ["/".join(names[:depth]) for depth in range(1, len(names))]


def _kind(place: Path) -> int | None:
    try:
        return stat.S_IFMT(place.lstat().st_mode)
    except OSError:
        return None


def _remove(top: Path, path: str) -> None:
    """Remove a file, and the directories that are empty without it."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
        (top / path).unlink()
    parent = path.rpartition("/")[0]
    with contextlib.suppress(OSError):
        while parent:
            (top / parent).rmdir()
            parent = parent.rpartition("/")[0]


def _other_worktrees(repository: Repository) -> Iterable[tuple[Path, Path]]:
    """Yield gitdir and top directory of each worktree but this one."""
    common = repository.common_dir
    if common != repository.gitdir and not repository.is_bare_at_heart:
        yield common, common.parent
    for gitdir in sorted((common / "worktrees").glob("*")):
        with contextlib.suppress(OSError):
            if not gitdir.samefile(repository.gitdir):
                yield gitdir, gitdir.joinpath((gitdir / "gitdir").read_text().strip()).parent


class _Remembering:
    """A reader that reads each tree once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._trees: dict[str, tuple[TreeEntry, ...]] = {}

    def tree(self, tree: str) -> tuple[TreeEntry, ...]:
        if tree not in self._trees:
            self._trees[tree] = self._reader.tree(tree)
        return self._trees[tree]
