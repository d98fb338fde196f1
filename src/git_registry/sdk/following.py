"""Every file below a directory of this machine, as scripts mean it: symbolic links are followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from git_registry.errors import InvalidDocument, StoreError, UsageError
from git_registry.model.digest import check_path
from git_registry.store.sources import Source


def files_below(directory: Path) -> tuple[Source, ...]:
    """Return every file below a directory, sorted by path as bytes; of a link, the file that it leads to.

    Raises:
        UsageError: a link leads nowhere, or into what it is in; or something is neither file nor directory.
        InvalidDocument: a name can't be written in a file list.
        StoreError: a directory can't be read.
    """
    top = Path(os.path.realpath(directory))
    return tuple(sorted(_below(top, "", (top,)), key=lambda one: one.path.encode()))


def _below(directory: Path, prefix: str, above: tuple[Path, ...]) -> Iterator[Source]:
    for entry in _entries(directory):
        local = Path(os.path.realpath(entry)) if entry.is_symlink() else entry
        mode = _mode(local, entry)
        if stat.S_ISREG(mode):
            yield Source(path=_checked(prefix + entry.name, local), local=local)
        elif not stat.S_ISDIR(mode):
            raise UsageError("is neither a file nor a directory", where=_shown(entry))
        elif local in above:
            raise UsageError("is a symbolic link into what it is in", where=_shown(entry))
        else:
            yield from _below(local, f"{prefix}{entry.name}/", (*above, local))


def _entries(directory: Path) -> list[Path]:
    try:
        return list(directory.iterdir())
    except OSError as error:
        raise StoreError(f"the directory can't be read: {error.strerror}", where=_shown(directory)) from error


def _mode(local: Path, link: Path) -> int:
    try:
        return local.lstat().st_mode  # a link that leads to itself still is one
    except OSError as error:
        raise UsageError(f"leads nowhere: {error.strerror}", where=_shown(link)) from error


def _checked(path: str, local: Path) -> str:
    try:
        return check_path(path)
    except InvalidDocument as error:
        raise InvalidDocument(error.message, where=_shown(local), hint=error.hint) from error


def _shown(path: Path) -> str:
    """Return a path that can be printed, whatever bytes are in its name."""
    return str(path).encode("utf-8", "backslashreplace").decode()
