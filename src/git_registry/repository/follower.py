"""A bare repository that only follows a remote: what was fetched of it, and no branches of its own."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from git_registry.errors import RegistryError
from git_registry.repository import remote
from git_registry.repository.process import Git
from git_registry.repository.repository import Repository
from git_registry.repository.tips import BRANCHES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ORIGIN = "origin"
TRACKED = f"refs/remotes/{ORIGIN}/"
TAGS = "refs/tags/"


class Heads(NamedTuple):
    """What a remote says it has."""

    default: str | None
    """The branch its HEAD stands for, without `refs/heads/`; None if it is empty or HEAD is detached."""
    tips: Mapping[str, str]
    """Commit by the name that branches and Git tags have here once they are fetched."""


def make(directory: Path, url: str) -> Repository:
    """Make a follower of a URL in an empty directory, of a supported kind. Nothing is fetched yet."""
    command = ("init", "--quiet", "--bare", "--template=", "--initial-branch=main", "--", str(directory))
    Git().run(*command, env={"GIT_DEFAULT_HASH": "sha1", "GIT_DEFAULT_REF_FORMAT": "files"})
    repository = Repository.open(directory.absolute())
    for key, value in (
        (f"remote.{ORIGIN}.url", url),
        (f"remote.{ORIGIN}.fetch", f"+{BRANCHES}*:{TRACKED}*"),
        (f"remote.{ORIGIN}.fetch", f"+{TAGS}*:{TAGS}*"),
        # A branch that was deleted there would hide another whose name begins with its own and a slash.
        (f"remote.{ORIGIN}.prune", "true"),
        # What goes on in the background after a fetch would find the directory renamed.
        ("gc.autoDetach", "false"),
    ):
        repository.git("config", "--add", "--", key, value)
    return repository


def follows(repository: Repository) -> str | None:
    """Return the URL that a repository follows, or None."""
    return repository.config(f"remote.{ORIGIN}.url")


def heads(repository: Repository) -> Heads:
    """Ask the remote what it has, without fetching; raise `NetworkError` in git's words if that fails."""
    default, tips = None, {}
    for line in remote.advertised(repository, ORIGIN, "HEAD", f"{BRANCHES}*", f"{TAGS}*"):
        found, _, name = line.partition("\t")
        if name == "HEAD" and found.startswith(f"ref: {BRANCHES}"):
            default = found.removeprefix(f"ref: {BRANCHES}")
        elif name.startswith(BRANCHES):
            tips[TRACKED + name.removeprefix(BRANCHES)] = found
        elif name.startswith(TAGS) and not name.endswith("^{}"):
            tips[name] = found
    return Heads(default, tips)


def has(repository: Repository, there: Heads) -> bool:
    """Is all that the remote has here already, and nothing else?"""
    return _here(repository) == there


def keep_up(repository: Repository, there: Heads, *, turn: float | None = None) -> None:
    """Fetch what the remote has; raise `NetworkError` in git's words if that fails.

    Raises:
        Conflict: another process has been fetching for more than `turn` seconds.
    """
    remote.fetch(repository, ORIGIN, turn=turn)
    name = f"{TRACKED}HEAD"
    if there.default is not None:
        repository.git("symbolic-ref", name, TRACKED + there.default)
    elif repository.symbolic(name):
        repository.git("symbolic-ref", "--delete", name)


def is_sound(repository: Repository) -> bool:
    """Can the remote's default branch, and every branch here, be read, as far as one look tells?"""
    try:
        tips = filter(None, map(repository.ref, (f"{TRACKED}HEAD", *_branches(repository))))
        with repository.reader() as reader:
            return all(reader.tree(reader.root(tip)) is not None for tip in tips)
    except RegistryError:
        return False


def _branches(repository: Repository) -> list[str]:
    """Return the full names of the branches here, those as well that hold nonsense: git leaves them out."""
    top = repository.common_dir
    loose = (path for path in (top / BRANCHES).rglob("*") if path.is_file() and path.suffix != ".lock")
    names = [path.relative_to(top).as_posix() for path in loose]
    with suppress(FileNotFoundError):
        packed = (top / "packed-refs").read_text("utf-8", "surrogateescape").splitlines()
        names += [
            name for _, _, name in (line.partition(" ") for line in packed) if name.startswith(BRANCHES)
        ]
    return names


def _here(repository: Repository) -> Heads:
    """Return what was fetched last."""
    default, tips = None, {}
    listing = "--format=%(refname) %(objectname) %(symref)"
    for line in repository.git("for-each-ref", listing, TRACKED, TAGS).text.splitlines():
        name, found, symbolic = line.split(" ")
        if name == f"{TRACKED}HEAD":
            default = symbolic.removeprefix(TRACKED)
        else:
            tips[name] = found
    return Heads(default, tips)
