"""What a clone keeps for itself: it is in no commit, and no other clone has it."""

from __future__ import annotations

from pathlib import Path

from git_registry.repository.repository import Repository

NAME = "registry"
"""Of the directory. The hook that looks for what waits in it, `pre-push`, spells it as well."""


def directory(repository: Repository) -> Path:
    """Return where that is, for all work trees of the clone. It need not be there yet."""
    return repository.common_dir / NAME
