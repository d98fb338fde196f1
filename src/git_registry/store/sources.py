"""What lies under a local path, as a list of files to upload. Nothing is skipped in silence."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from git_registry.errors import InvalidDocument, NotFound, StoreError, UsageError
from git_registry.model.digest import check_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A local file and the path it gets in a file list."""

    path: str
    local: Path


def collect(path: Path, *, most: int | None = None) -> tuple[Source, ...]:
    """Return the file at `path` under its own name, or every file below it, sorted by path as bytes.

    Args:
        path: a file or a directory.
        most: whoever wants no more than so many gets any so many of them.

    Raises:
        NotFound: nothing is there.
        UsageError: a symbolic link, socket, pipe or device is among them.
        InvalidDocument: a name can't be written in a file list.
        StoreError: a directory can't be read.
    """
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound("there is no such file or directory", where=str(path)) from error
    found: Iterator[tuple[str, Path, int]]
    if stat.S_ISDIR(mode):
        found = ((relative, Path(entry.path), _mode(entry)) for relative, entry in _below(str(path), ""))
    else:
        found = iter([(path.name, path, mode)])
    sources = (_source(*one) for one in islice(found, most))
    return tuple(sorted(sources, key=lambda source: source.path.encode()))


def _below(directory: str, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        with os.scandir(directory) as listing:
            entries = list(listing)
    except OSError as error:
        raise StoreError(f"the directory can't be read: {error.strerror}", where=_shown(directory)) from error
    for entry in entries:
        relative = prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path, relative + "/")
        else:
            yield relative, entry


def _mode(entry: os.DirEntry[str]) -> int:
    return entry.stat(follow_symlinks=False).st_mode


def _source(relative: str, local: Path, mode: int) -> Source:
    where = _shown(str(local))
    if stat.S_ISLNK(mode):
        raise UsageError(
            "is a symbolic link", where=where, hint="copy what it points at (cp -rL), or remove the link"
        )
    if not stat.S_ISREG(mode):
        raise UsageError(f"is a {_KINDS.get(stat.S_IFMT(mode), 'special file')}, not a file", where=where)
    try:
        return Source(path=check_path(relative), local=local)
    except InvalidDocument as error:
        raise InvalidDocument(error.message, where=where, hint=error.hint) from error


_KINDS = {
    stat.S_IFSOCK: "socket",
    stat.S_IFIFO: "pipe",
    stat.S_IFBLK: "device",
    stat.S_IFCHR: "device",
}


def _shown(path: str) -> str:
    """A path that can be printed, whatever bytes are in its name."""
    return path.encode("utf-8", "backslashreplace").decode()
