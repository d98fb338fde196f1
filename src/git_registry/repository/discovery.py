"""Where a repository is, found as git finds it but without starting it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from git_registry.errors import NotFound, Refused, UsageError
from git_registry.repository.format import RepositoryFormat, read_format
from git_registry.repository.process import Git, without_redirection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RELATIVE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")


class Location(NamedTuple):
    """The directories of one repository."""

    gitdir: Path
    """What HEAD and index are in; in a linked worktree its own."""
    common_dir: Path
    """What refs and objects are in, shared by all worktrees."""
    work_tree: Path | None
    """The top of the checked-out files; None if there is none (bare)."""
    format: RepositoryFormat


def discover(start: Path) -> Location:
    """Return the repository that `start` or the nearest directory above it belongs to.

    As git-rev-parse(1) finds it: a `.git` directory, a `.git` file (worktree, submodule), or a bare
    repository; `GIT_CEILING_DIRECTORIES` ends the search. A repository of another user is git's to
    allow (`safe.directory`). Raises `NotFound`, `Refused` or `UsageError`.
    """
    start = Path(os.path.abspath(start))  # noqa: PTH100 - git keeps symlinks in the names it shows
    if not start.exists():
        raise NotFound(f"{start} is not there")
    for directory in _upward(start):
        found = _at(directory)
        if found is not None:
            _refuse_strangers(found)
            return found
    raise NotFound(f"{start} is not in a Git repository", hint="`git init` makes one")


def from_environment(environ: Mapping[str, str]) -> Location:
    """Return the repository `GIT_DIR` names, with `GIT_WORK_TREE` and `GIT_COMMON_DIR`, as in a hook."""
    gitdir = Path(os.path.abspath(environ["GIT_DIR"]))  # noqa: PTH100
    if not (gitdir / "HEAD").exists():
        raise NotFound(f"{gitdir} is not a Git repository", where="GIT_DIR")
    named = environ.get("GIT_COMMON_DIR")
    common = Path(os.path.abspath(named)) if named else _common_dir(gitdir)  # noqa: PTH100
    fmt = read_format(common)
    work_tree: Path | None
    if "GIT_WORK_TREE" in environ:
        work_tree = Path(os.path.abspath(environ["GIT_WORK_TREE"]))  # noqa: PTH100
    elif fmt.worktree:
        work_tree = _join(gitdir, fmt.worktree)
    else:
        work_tree = None if fmt.bare else Path.cwd()
    return Location(gitdir, common, work_tree, fmt)


def absolute_paths(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with git's own paths absolute, so that it holds in any directory."""
    fixed = dict(environ)
    for name in RELATIVE:
        if fixed.get(name):
            fixed[name] = os.path.abspath(fixed[name])  # noqa: PTH100
    pools = fixed.get("GIT_ALTERNATE_OBJECT_DIRECTORIES")
    if pools and '"' not in pools:
        absolute = (os.path.abspath(pool) for pool in pools.split(os.pathsep))  # noqa: PTH100
        fixed["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = os.pathsep.join(absolute)
    return fixed


def is_gitdir(directory: Path) -> bool:
    """Whether it looks like a repository to git: `HEAD`, `objects/` and `refs/` (gitrepository-layout(5))."""
    head = directory / "HEAD"
    return (
        (head.is_symlink() or head.is_file())
        and (directory / "objects").is_dir()
        and (directory / "refs").is_dir()
    )


def _upward(start: Path) -> Iterator[Path]:
    ceilings = {Path(p) for p in os.environ.get("GIT_CEILING_DIRECTORIES", "").split(os.pathsep) if p}
    yield start
    for parent in start.parents:
        if parent in ceilings:
            return
        yield parent


def _at(directory: Path) -> Location | None:
    dot_git = directory / ".git"
    if dot_git.is_file():
        gitdir = _gitfile(dot_git)
        common = _common_dir(gitdir)
        fmt = read_format(common)
        linked = common != gitdir
        moved = None if linked else fmt.worktree
        return Location(gitdir, common, _join(gitdir, moved) if moved else directory, fmt)
    if is_gitdir(dot_git):
        return _plain(dot_git, directory)
    if is_gitdir(directory):
        return _plain(directory, directory.parent if directory.name == ".git" else None)
    if (directory / "commondir").is_file() and (directory / "gitdir").is_file():
        # Inside `.git/worktrees/<name>`: the file `gitdir` names the worktree's `.git`.
        common = _common_dir(directory)
        top = _join(directory, (directory / "gitdir").read_text().strip()).parent
        return Location(directory, common, top, read_format(common))
    return None


def _plain(gitdir: Path, top: Path | None) -> Location:
    fmt = read_format(gitdir)
    if fmt.bare:
        return Location(gitdir, gitdir, None, fmt)
    return Location(gitdir, gitdir, _join(gitdir, fmt.worktree) if fmt.worktree else top, fmt)


def _gitfile(path: Path) -> Path:
    text = path.read_text("utf-8", "surrogateescape")
    gitdir = _join(path.parent, text.removeprefix("gitdir: ").rstrip("\r\n"))
    if not text.startswith("gitdir: ") or not (gitdir / "HEAD").exists():
        hint = "`git worktree repair` may mend it"
        raise NotFound("it names no Git repository", where=str(path), hint=hint)
    return gitdir


def _common_dir(gitdir: Path) -> Path:
    try:
        text = (gitdir / "commondir").read_text("utf-8", "surrogateescape")
    except FileNotFoundError:
        return gitdir
    return _join(gitdir, text.rstrip("\r\n"))


def _join(base: Path, path: str) -> Path:
    return Path(os.path.normpath(base / path))


def _refuse_strangers(found: Location) -> None:
    """Let git itself judge a repository somebody else owns: its config could run anything as us."""
    owner = os.environ.get("SUDO_UID") if os.geteuid() == 0 else None
    ours = {os.geteuid(), int(owner) if owner and owner.isdigit() else os.geteuid()}
    places = [place for place in (found.gitdir, found.work_tree) if place is not None]
    if all(place.stat().st_uid in ours for place in places if place.exists()):
        return
    asked = Git(environment={**without_redirection(os.environ), "LC_ALL": "C"})
    answer = asked.run("-C", str(places[-1]), "rev-parse", "--git-dir", check=False)
    if answer.code != 0:
        raise Refused(answer.stderr.removeprefix("fatal: "), where=str(found.gitdir))


def check_supported(fmt: RepositoryFormat) -> None:
    """Raise `UsageError` for a repository whose object or ref format cannot be read here yet."""
    if fmt.object_format != "sha1":
        raise UsageError(
            f"repositories with {fmt.object_format} object ids are not supported yet: libgit2, "
            "which writes for us, cannot open them",
            hint="make the repository with `git init --object-format=sha1`",
        )
    if fmt.ref_storage != "files":
        raise UsageError(
            f"repositories that keep refs in {fmt.ref_storage} are not supported yet: libgit2, "
            "which writes for us, cannot open them",
            hint="`git refs migrate --ref-format=files` converts it",
        )
