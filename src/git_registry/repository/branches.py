"""A branch, here and as it was fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_registry.repository import history, remote

if TYPE_CHECKING:
    from git_registry.repository.repository import Repository


def published(repository: Repository, name: str) -> str | None:
    """Return where a branch was on its remote when that was last asked; here, where it follows no remote."""
    ref = remote.remembered(repository, name)
    return repository.ref(ref) if ref else repository.branch(name)


def newest(repository: Repository, name: str) -> str | None:
    """Return where a branch is, here or as it was fetched: the one here if that holds more or other steps.

    None if it is nowhere.
    """
    here = repository.branch(name)
    ref = remote.remembered(repository, name)
    theirs = repository.ref(ref) if ref else None
    if here is None or theirs is None or here == theirs:
        return here or theirs
    return theirs if history.is_ancestor(repository, here, theirs) else here
