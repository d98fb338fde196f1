"""Files that appear under their names all at once, or not at all.

They are written into a hidden directory beside the target, locked as long as its process lives, and renamed
at the end. What a killed process left is recognised by its lock being free, and removed by the next one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path

from git_registry.errors import Conflict
from git_registry.store.failures import translating


@contextmanager
def landing_directory(target: Path, *, force: bool = False) -> Iterator[Path]:
    """Give an empty directory whose files will be the target's, once all are there.

    Args:
        target: must not exist or be an empty directory.
        force: or may hold files; those of the same name are replaced, one by one, no other is touched.

    Raises:
        Conflict: it holds something.
    """
    target = Path(os.path.realpath(target))
    home = _home(target)
    _sweep(home, target.name)
    _refuse_full(target, force=force)
    with _stage(home, target.name) as stage:
        yield stage
        with translating(str(target)):
            if home == target or (force and target.is_dir()) or _is_here(target):
                pour(stage, target)
            else:
                _rename(stage, target)


@contextmanager
def landing_file(target: Path, *, force: bool = False) -> Iterator[Path]:
    """Give the path of a file that will be at `target` once it is written.

    Raises:
        Conflict: something is there, and `force` is not given; or it is no plain file.
    """
    target = Path(os.path.realpath(target.parent)) / target.name
    _sweep(target.parent, target.name)
    if target.is_dir() or (os.path.lexists(target) and not force):
        raise _in_the_way(target)
    refuse_special(target)
    with _stage(target.parent, target.name) as stage:
        yield stage / target.name
        with translating(str(target)):
            if not force and os.path.lexists(target):
                raise _in_the_way(target)
            (stage / target.name).replace(target)


def _home(target: Path) -> Path:
    """Where to write at first: beside the target, or inside it if beside is another file system or closed."""
    parent = target.parent
    if target.is_dir() and (target.stat().st_dev != parent.stat().st_dev or not os.access(parent, os.W_OK)):
        return target
    return parent


def _is_here(target: Path) -> bool:
    """Is it the current directory, which must not be swapped for another under whoever stands in it?"""
    return target.is_dir() and target.samefile(Path.cwd())


def _refuse_full(target: Path, *, force: bool) -> None:
    if not target.is_dir():
        if os.path.lexists(target):
            raise _in_the_way(target)
    elif not force and any(target.iterdir()):
        raise Conflict(
            "the directory is not empty",
            where=str(target),
            hint="choose another directory, or replace files with --force",
        )


def _in_the_way(target: Path) -> Conflict:
    return Conflict(
        "it already exists", where=str(target), hint="choose another name, or replace it with --force"
    )


@contextmanager
def _stage(home: Path, name: str) -> Iterator[Path]:
    with translating(str(home)):
        home.mkdir(parents=True, exist_ok=True)
        stage, lock = _locked(home, name)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        os.close(lock)


def _locked(home: Path, name: str) -> tuple[Path, int]:
    while True:
        stage = home / f"{_prefix(name)}{os.getpid()}-{uuid.uuid4().hex[:12]}"
        stage.mkdir()
        lock = os.open(stage, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stage.exists():
            return stage, lock
        os.close(lock)  # somebody swept it before it was locked


def _prefix(name: str) -> str:
    return f".{name[:100]}.part-"


def _sweep(home: Path, name: str) -> None:
    """Remove what killed processes left for this target."""
    if not home.is_dir():
        return
    for stale in home.glob(f"{escape(_prefix(name))}*"):
        try:
            lock = os.open(stale, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue  # its process lives
        else:
            shutil.rmtree(stale, ignore_errors=True)
        finally:
            os.close(lock)


def _rename(stage: Path, target: Path) -> None:
    try:
        stage.rename(target)
    except OSError as error:
        if target.exists():
            raise Conflict("something was put there meanwhile", where=str(target)) from error
        raise


def pour(stage: Path, target: Path) -> None:
    """Move every file of `stage` to its place below `target`, never through a symbolic link."""
    moves = [
        (file, target / file.relative_to(stage)) for file in sorted(stage.rglob("*")) if not file.is_dir()
    ]
    for _, place in moves:
        _refuse_detour(place, target)
    for file, place in moves:
        place.parent.mkdir(parents=True, exist_ok=True)
        file.replace(place)


def refuse_special(place: Path) -> None:
    """Raise `Conflict` if a directory, device, pipe or socket stands where a file belongs."""
    if not place.is_symlink() and place.exists() and not place.is_file():
        what = "a directory" if place.is_dir() else "no plain file"
        raise Conflict(f"{what} is where a file belongs", where=str(place), hint="move it away")


def _refuse_detour(place: Path, target: Path) -> None:
    refuse_special(place)
    for directory in place.parents:
        if directory == target:
            return
        if directory.is_symlink() or (directory.exists() and not directory.is_dir()):
            raise Conflict(
                "it is not a directory, and one is needed here", where=str(directory), hint="move it away"
            )
