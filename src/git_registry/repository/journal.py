"""A note of what a commit will change in the work tree, so that a killed process can be finished for.

Written before the ref moves and removed after the files followed. Whatever kills the process in
between, the next write finds index and files as before the commit, or brings them to after it.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from git_registry.repository.history import is_ancestor
from git_registry.repository.tips import BRANCHES
from git_registry.repository.worktree import check_out, files_at, index_file, is_checked_out, stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from git_registry.repository.objects import Reader, TreeEntry
    from git_registry.repository.repository import Repository

NAME = "commit-journal"
LARGEST = 16 * 1024 * 1024
LONGEST_WRITE = 5.0
"""Seconds; a lock lives for some milliseconds."""


@dataclass(frozen=True, slots=True)
class Journal:
    """A commit that is being made: the ref goes from `old` to `new`, which differ in these paths."""

    ref: str
    old: str | None
    new: str
    paths: tuple[str, ...]

    def write(self, repository: Repository) -> None:
        """Put it where `recover` looks, whole or not at all."""
        path = _path(repository)
        draft = path.with_name(f"{NAME}.new")
        draft.write_text(json.dumps(asdict(self)), encoding="ascii")
        draft.replace(path)


def drop(repository: Repository) -> None:
    """Forget the note: the files followed, or the ref never moved."""
    _path(repository).unlink(missing_ok=True)


def is_unfinished(repository: Repository) -> bool:
    """Did a process die while it was writing here, or is one about it right now?"""
    return _path(repository).exists()


def recover(repository: Repository) -> None:
    """Finish what a killed process began: to be called first, in the queue, by whatever writes here.

    If the ref did move, index and work tree follow, but only where they still hold what they held
    before, nothing, or the torn beginning of the new content. What the user made since stays.
    """
    note = _read(repository)
    if note is None:
        return
    _break_locks(repository, note.ref)
    tip = repository.ref(note.ref)
    here = is_checked_out(repository, note.ref.removeprefix(BRANCHES))
    if here and tip is not None and tip != note.old and is_ancestor(repository, note.new, tip):
        _finish(repository, note, tip)
    drop(repository)


def _break_locks(repository: Repository, ref: str) -> None:
    """Remove the locks that the killed process held: Git itself would wait for them for ever.

    They are its own if they were made after its note and have been held for longer than any write takes:
    we hold the queue, so no other writer of ours is at work.
    """
    written = _path(repository).stat().st_mtime
    for held in (repository.common_dir / ref, index_file(repository)):
        lock = held.with_name(f"{held.name}.lock")
        with contextlib.suppress(FileNotFoundError):
            made = lock.stat().st_mtime
            if written <= made < time.time() - LONGEST_WRITE:
                lock.unlink()


def _finish(repository: Repository, note: Journal, tip: str) -> None:
    with repository.reader() as reader:
        old = files_at(reader, note.old, note.paths)
        now = files_at(reader, tip, note.paths)
        files = _Files(repository, reader, note.paths)
        untouched = {path: now[path] for path in note.paths if files.is_ours(path, old[path], now[path])}
    staged = _staged(repository, note.paths)
    stage(repository, {p: now[p] for p in note.paths if staged.get(p) in _ids(old[p], now[p])})
    staged = _staged(repository, untouched)
    # A path staged otherwise since then is the user's, its file too.
    check_out(repository, {p: now[p] for p in untouched if staged.get(p) in _ids(now[p])})


class _Files:
    """What the work tree holds at some paths."""

    def __init__(self, repository: Repository, reader: Reader, paths: Iterable[str]) -> None:
        assert repository.work_tree is not None
        self._top = repository.work_tree
        self._reader = reader
        plain = [path for path in paths if self._is_plain(path)]
        self._ids = dict(zip(plain, _hashes(repository, plain)))

    def is_ours(self, path: str, old: TreeEntry | None, now: TreeEntry | None) -> bool:
        """Whether nothing would be lost by bringing a path from `old` to `now`."""
        place = self._top / path
        if not os.path.lexists(place):
            return all(not (self._top / above).is_symlink() for above in _above(path))
        if path not in self._ids:
            return False
        return self._ids[path] in _ids(old, now) or (now is not None and self._is_torn(place, now))

    def _is_torn(self, place: Path, now: TreeEntry) -> bool:
        """Whether a file is the beginning of what should be there (line ends aside)."""
        if self._reader.size(now.id) > LARGEST or place.stat().st_size > LARGEST:
            return False
        found, whole = place.read_bytes(), self._reader.blob(now.id, at_most=LARGEST)
        return whole.startswith((found, found.replace(b"\r\n", b"\n").removesuffix(b"\r")))

    def _is_plain(self, path: str) -> bool:
        places = [self._top / above for above in _above(path)]
        place = self._top / path
        return not any(p.is_symlink() for p in [*places, place]) and place.is_file()


def _hashes(repository: Repository, paths: list[str]) -> list[str]:
    """Return the blob id each file would have if it were added, filters and line ends included."""
    if not paths:
        return []
    quoted = (path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") for path in paths)
    lines = "".join(f'"{path}"\n' for path in quoted)
    fed = lines.encode("utf-8", "surrogateescape")
    return repository.git("hash-object", "--stdin-paths", input=fed).text.split("\n")


def _staged(repository: Repository, paths: Iterable[str]) -> Mapping[str, str]:
    """Return the blob id the index holds at each of these paths it knows; of a conflict, none that fits."""
    wanted = set(paths)
    listed = repository.git("ls-files", "--stage", "-z").stdout.decode("utf-8", "surrogateescape")
    found: dict[str, str] = {}
    for line in listed.split("\0")[:-1]:
        facts, _, path = line.partition("\t")
        if path in wanted:
            _, object_id, number = facts.split(" ")
            found[path] = object_id if number == "0" else "unmerged"
    return found


def _ids(*entries: TreeEntry | None) -> set[str | None]:
    return {entry.id if entry else None for entry in entries}


def _above(path: str) -> list[str]:
    names = path.split("/")[:-1]
    return ["/".join(names[: depth + 1]) for depth in range(len(names))]


def _path(repository: Repository) -> Path:
    return repository.gitdir / NAME


def _read(repository: Repository) -> Journal | None:
    try:
        note = json.loads(_path(repository).read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except ValueError:
        return None  # not ours: we only ever write it whole
    return Journal(note["ref"], note["old"], note["new"], tuple(note["paths"]))
