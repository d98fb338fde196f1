"""A repository's hooks: putting one where git looks, unless a person has put one there."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_registry.repository.repository import Repository


LARGEST = 64 << 10
"""More than any hook has to say, in bytes."""


class Placed(Enum):
    """What became of a hook."""

    PUT = "it was put there"
    THERE = "this very hook is there already"
    REPLACED = "an older one of the same kind was there"
    TAKEN = "another hook is there"


def place_of(repository: Repository, name: str) -> Path:
    """Return where git looks for a hook (git-config(1), `core.hooksPath`; relative to the work tree)."""
    elsewhere = repository.config("core.hooksPath")
    if elsewhere is None:
        return repository.common_dir / "hooks" / name
    top = repository.work_tree or repository.gitdir
    return top / os.path.expanduser(elsewhere) / name  # noqa: PTH111 - an absolute one stays


def put(repository: Repository, name: str, script: str) -> Placed:
    """Put a hook where git looks, unless one is there, or a person has said where hooks are."""
    place = place_of(repository, name)
    if not os.path.lexists(place) and repository.config("core.hooksPath") is not None:
        return Placed.TAKEN
    return put_at(place, script)


def put_at(place: Path, script: str, *, mark: str | None = None) -> Placed:
    """Put a hook somewhere, unless another one is there that does not carry the mark.

    It stands there whole and executable, or not at all, and belongs to whom the directory belongs to. A link
    counts as a hook, wherever it leads; what is replaced is what it leads to.
    """
    if os.path.lexists(place):
        return _put_over(place, script, mark)
    _make(place.parent)
    with _drafted(place, script, 0o755) as draft:
        try:
            # Unlike a rename, a link never replaces what somebody put there meanwhile.
            os.link(draft, place)
        except FileExistsError:
            return _put_over(place, script, mark)
    return Placed.PUT


def read(place: Path) -> bytes | None:
    """Return what a hook says; None if there is none, or it is nothing that a person would have written.

    Whoever owns the repository decides what stands there: a pipe never says anything, a device never ends.
    """
    with suppress(OSError):
        if not stat.S_ISREG(place.stat().st_mode):
            return None
        # It may have become a pipe since: this neither waits for one nor reads from it.
        with open(os.open(place, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:  # noqa: PTH123
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                said = file.read(LARGEST + 1)
                return said if len(said) <= LARGEST else None
    return None


def is_marked(place: Path, mark: str) -> bool:
    """Does a line of what stands there begin like this? That is how a program knows what it put there."""
    return any(line.startswith(mark.encode()) for line in (read(place) or b"").splitlines())


def _put_over(place: Path, script: str, mark: str | None) -> Placed:
    """Replace what stands there, if it carries the mark and says something else, or can't be run."""
    same = read(place) == script.encode()
    if mark is None or not (same or is_marked(place, mark)):
        return Placed.THERE if same else Placed.TAKEN
    place = place.resolve()
    if same and os.access(place, os.X_OK):
        return Placed.THERE
    with _drafted(place, script, place.stat().st_mode & 0o777 | 0o500) as draft:
        draft.replace(place)
    return Placed.REPLACED


@contextmanager
def _drafted(place: Path, script: str, mode: int) -> Iterator[Path]:
    """Write a script beside the place where it shall stand; what is left of it goes at the end."""
    draft = place.with_name(f"{place.name}.{os.getpid()}.new")
    with suppress(FileNotFoundError):
        draft.unlink()
    try:
        with draft.open("x", encoding="utf-8") as file:
            file.write(script)
            os.fchmod(file.fileno(), mode)
        give(draft, place.parent)
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _make(directory: Path) -> None:
    """Make a directory and those above it, each for whom the one above belongs to."""
    if not directory.is_dir():
        _make(directory.parent)
        directory.mkdir(exist_ok=True)
        give(directory, directory.parent)


def give(path: Path, above: Path) -> None:
    """Let a file belong to whom a directory belongs to, where root made it."""
    if os.geteuid() == 0:
        owner = above.stat()
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
