"""The repository that is served: opened as its owner would, also by root."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from git_registry.errors import NotFound
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
        Refused: it is somebody else's, and we are not root.
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
    return Repository(from_environment({"GIT_DIR": str(path)}), environment)


def owner_of(repository: Repository) -> int:
    """Return the id of the account that the repository belongs to: hosts run hooks as that."""
    return repository.common_dir.stat().st_uid


def home_of(owner: int) -> Path:
    """Return an account's home; one that nobody has where there is no such account."""
    try:
        return Path(pwd.getpwuid(owner).pw_dir)
    except KeyError:
        return Path("/nonexistent")
