"""A clone's own hooks: putting one where git looks, unless a person has put one there."""

from __future__ import annotations

import os
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from git_registry.repository.repository import Repository


class Placed(Enum):
    """What became of a hook."""

    PUT = "it was put there"
    THERE = "this very hook is there already"
    TAKEN = "another hook is there"


def place_of(repository: Repository, name: str) -> Path:
    """Return where git looks for a hook (git-config(1), `core.hooksPath`; relative to the work tree)."""
    elsewhere = repository.config("core.hooksPath")
    if elsewhere is None:
        return repository.common_dir / "hooks" / name
    top = repository.work_tree or repository.gitdir
    return top / os.path.expanduser(elsewhere) / name  # noqa: PTH111 - an absolute one stays


def put(repository: Repository, name: str, script: str) -> Placed:
    """Put a hook where git looks, unless one is there, or a person has said where hooks are.

    It stands there whole and executable, or not at all. A link counts as a hook, wherever it leads.
    """
    place = place_of(repository, name)
    if os.path.lexists(place):
        return Placed.THERE if _is(place, script) else Placed.TAKEN
    if repository.config("core.hooksPath") is not None:
        return Placed.TAKEN
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f"{name}.{os.getpid()}.new")
    draft.write_text(script, encoding="utf-8")
    draft.chmod(0o755)
    try:
        # Unlike a rename, a link never replaces what somebody put there meanwhile.
        os.link(draft, place)
    except FileExistsError:
        return put(repository, name, script)
    finally:
        draft.unlink()
    return Placed.PUT


def _is(place: Path, script: str) -> bool:
    return place.is_file() and place.read_bytes() == script.encode()
