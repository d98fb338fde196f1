"""What Git knows and does where there is no repository yet."""

from __future__ import annotations

from pathlib import Path

from git_registry.repository.process import Git
from git_registry.repository.repository import Repository


def setting(key: str) -> str | None:
    """Return a value from the user's and the system's configuration, or None (git-config(1))."""
    found = Git().run("config", "--get", "--", key, check=False)
    return found.text if found.code == 0 else None


def create(directory: Path) -> Repository:
    """Create a repository in `directory`, on the branch `init.defaultBranch` names; main if it names none.

    Git's own default is still `master`, which hosts no longer give a new repository.
    """
    branch = setting("init.defaultBranch") or "main"
    Git().run("init", "--quiet", f"--initial-branch={branch}", "--", str(directory))
    return Repository.open(directory.absolute())
