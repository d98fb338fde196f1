"""What a repository that is empty still lacks for its first push."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from git_registry.policy.settings import IDENTITY, RESCUE
from git_registry.repository.repository import Repository
from git_registry.sdk.serving.settings import BY_KEY, is_key

FIRST = "main"
"""The branch that `git registry init` makes, so the one that is pushed first."""


def is_empty(repository: Repository) -> bool:
    """Is there no branch yet?"""
    return not repository.git("for-each-ref", "--count=1", "refs/heads").stdout


def strays(repository: Repository) -> bool:
    """Does HEAD name another branch than the one that the first push would make?"""
    return repository.head().branch not in (None, FIRST) and is_empty(repository)


def lead(repository: Repository) -> str:
    """Return the command by which HEAD names the branch that is pushed first."""
    path = shlex.quote(str(repository.common_dir))
    return f"git -C {path} symbolic-ref HEAD refs/heads/{FIRST}"


def rescuer(identity: str | None) -> str:
    """Return what stands for one who may make the first push, as this adapter knows people."""
    return "SHA256:FINGERPRINT" if identity in BY_KEY else "user:NAME"


def can_begin(identity: str | None, rescue: Sequence[str]) -> bool:
    """May somebody rescue whom this adapter can know? One that knows keys alone knows nobody by name."""
    return any(map(is_key, rescue)) if identity in BY_KEY else bool(rescue)


def missing(repository: Repository) -> Iterator[str]:
    """Yield what somebody still has to say before the first push."""
    if not is_empty(repository):
        return
    if strays(repository):
        yield (
            f"HEAD names {repository.head().branch}, which isn't there; "
            f"the first push goes there, or: {lead(repository)}"
        )
    identity = repository.config(IDENTITY)
    if not can_begin(identity, repository.config_all(RESCUE)):
        yield f"nobody may make the first push; say who: --rescue {rescuer(identity)}"
