"""The repository that is served: opened as its owner would, also by root."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from git_registry.errors import NotFound, Refused
from git_registry.repository.discovery import from_environment, is_gitdir
from git_registry.repository.process import without_redirection
from git_registry.repository.repository import Repository

_OF_ANOTHER_HOME = ("XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL")


def opened(path: Path) -> Repository:
    """Return the repository at a path; root may name one of somebody else's that has no work tree.

    Git's `safe.directory` guards those who only came by. Root names the repository, asks for its settings,
    and runs nothing that they name.

    Raises:
        NotFound: there is none.
        Refused: it is somebody else's, and we are not root; or another account's is read in its place.
    """
    path = path.absolute()
    if not path.exists():
        raise NotFound(f"{path} is not there")
    if os.geteuid() != 0 or not is_gitdir(path) or path.stat().st_uid == 0:
        return Repository.open(path)
    environment = without_redirection(os.environ)
    for name in _OF_ANOTHER_HOME:
        environment.pop(name, None)
    environment["HOME"] = str(home_of(path.stat().st_uid))
    repository = Repository(from_environment({"GIT_DIR": str(path)}), environment)
    _require_same(path.stat().st_uid, repository.common_dir, path)
    return repository


def owner_of(repository: Repository) -> int:
    """Return the id of the account that the repository belongs to: hosts run hooks as that."""
    return repository.common_dir.stat().st_uid


def home_of(owner: int) -> Path:
    """Return an account's home; one that nobody has where there is no such account."""
    try:
        return Path(pwd.getpwuid(owner).pw_dir)
    except KeyError:
        return Path("/nonexistent")


def require_own(repository: Repository, place: Path, hint: str = "") -> None:
    """Refuse to write, as root, where a link or a setting leads out of what the repository's owner may write.

    Whoever owns a repository chooses what those lead to. What is in the repository itself and is root's, root
    has made.

    Raises:
        Refused: the directory is another account's.
    """
    directory = Path(os.path.realpath(place)).parent
    while not directory.exists():
        directory = directory.parent
    within = directory.is_relative_to(os.path.realpath(repository.common_dir))
    if os.geteuid() == 0 and not within:
        _require_same(owner_of(repository), directory, place, hint)


def _require_same(owner: int, directory: Path, place: Path, hint: str = "") -> None:
    found = directory.stat().st_uid
    if found == owner:
        return
    ours, theirs = name_of(found), name_of(owner)
    raise Refused(
        f"it leads to {directory}, which belongs to {ours}, and the repository belongs to {theirs}",
        where=str(place),
        hint=f"run this as {theirs}{hint}",
    )


def name_of(account: int) -> str:
    """Return what an account is called; its number where it has no name."""
    try:
        return pwd.getpwuid(account).pw_name
    except KeyError:
        return str(account)
