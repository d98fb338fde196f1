"""The directory of an export: what an earlier one wrote is known, anything else in it stays.

Files are laid aside first, and put in their places when all of them are there: until then the pages of
the last export stand. Whatever kills it, the next one mends: what it may have written is on record before.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from git_registry.errors import RegistryError, UsageError
from git_registry.repository import locks
from git_registry.web.export.record import RECORD, Record, read, written

_LOCK, _ASIDE = ".git-registry-export.lock", ".git-registry-export.new"
_OURS = {RECORD, f"{RECORD}.new", _LOCK, _ASIDE}
_PATIENCE = 60.0
"""Seconds that an export waits for another one into the same directory."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A file of the export.

    Attributes:
        digest: SHA-256 of what it holds.
        changed: is another one in its place now, or none?
    """

    path: str
    digest: str
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """How many files were written, left as they were, and removed."""

    written: int
    unchanged: int
    removed: int


@dataclass(frozen=True, slots=True)
class Folder:
    """A directory that is locked for one export.

    Attributes:
        before: what the last export wrote; None for the first.
    """

    path: Path
    before: Record | None

    def lay(self, path: str, body: bytes) -> Laid:
        """Lay a file aside, if it is another one than in its place; several processes may at once."""
        digest = hashlib.sha256(body).hexdigest()
        changed = not _holds(self.path / path, body)
        if changed:
            self._aside(path).write_bytes(body)
        return Laid(path, digest, changed)

    def publish(self, record: Record) -> Published:
        """Put every file in its place, and remove those of the last export that are no more.

        Raises:
            RegistryError: something is in the way that no export put there.
        """
        old, new = self.before.files if self.before else {}, record.files
        changed = [path for path in new if self._aside(path).exists()]
        gone = sorted(set(old) - set(new))
        self._require_way(changed, old)
        if changed or gone:
            written(self.path, Record(record.version, record.commit, {**old, **new}))
        for path in gone:
            self._remove(path)
        for path in changed:
            place = self.path / path
            place.parent.mkdir(parents=True, exist_ok=True)
            self._aside(path).replace(place)
        written(self.path, record)
        return Published(written=len(changed), unchanged=len(new) - len(changed), removed=len(gone))

    def _aside(self, path: str) -> Path:
        return self.path / _ASIDE / hashlib.sha256(path.encode()).hexdigest()

    def _require_way(self, paths: list[str], old: Mapping[str, str]) -> None:
        """Raise if a link or a file stands where a directory has to be, or a directory where a file."""
        above = {str(parent) for path in paths for parent in Path(path).parents} - {"."}
        for name in sorted(above - set(old)):
            if _kind(self.path / name) not in (None, stat.S_IFDIR):
                raise _in_the_way(self.path / name)
        for path in paths:
            if _kind(self.path / path) == stat.S_IFDIR and not any(one.startswith(f"{path}/") for one in old):
                raise _in_the_way(self.path / path)

    def _remove(self, path: str) -> None:
        """Remove a file, and the directories that are empty then; through no link."""
        *parents, _ = Path(path).parents
        if any(_kind(self.path / parent) != stat.S_IFDIR for parent in parents):
            return
        if _kind(self.path / path) not in (None, stat.S_IFDIR):
            (self.path / path).unlink()
        for parent in parents:
            try:
                (self.path / parent).rmdir()
            except OSError:
                return


def _holds(file: Path, body: bytes) -> bool:
    """Does a file hold this? What a link leads to is not looked at."""
    try:
        seen = file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISREG(seen.st_mode) and seen.st_size == len(body) and file.read_bytes() == body


def _kind(path: Path) -> int | None:
    try:
        return stat.S_IFMT(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _in_the_way(path: Path) -> RegistryError:
    return RegistryError(
        "something that no export wrote is in the way", where=str(path), hint="move it elsewhere"
    )


@contextmanager
def opened(path: Path) -> Iterator[Folder]:
    """Return a directory, locked while an export writes to it.

    Raises:
        UsageError: it holds what no export wrote.
        Conflict: another export is at work in it.
        InvalidDocument: what the last export wrote is not known.
    """
    _require_ours(path)
    path.mkdir(parents=True, exist_ok=True)
    with locks.taken(path / _LOCK, seconds=_PATIENCE):
        try:
            _clear(path / _ASIDE)
            (path / _ASIDE).mkdir()
            yield Folder(path, read(path))
        finally:
            _clear(path / _ASIDE)


def _clear(aside: Path) -> None:
    """Remove what an export laid aside, or one that was killed."""
    if _kind(aside) == stat.S_IFDIR:
        rmtree(aside)
    elif _kind(aside) is not None:
        aside.unlink()


def _require_ours(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise UsageError("this is no directory", where=str(path), hint="name one that is empty or not there")
    held = {one.name for one in path.iterdir()} if path.exists() else set()
    if RECORD not in held and held - _OURS:
        raise UsageError(
            "this directory is not empty, and no export wrote to it",
            where=str(path),
            hint="name one that is empty or not there",
        )
