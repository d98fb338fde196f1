"""The files of a version that is being put together. Nothing is uploaded before it is asked for.

A small file is copied when it is added, because scripts write figure after figure to the same name and throw
directories away. A large one is not, or a disk would hold every model twice: it must still be what it was
when it is uploaded, and who wrote to it meanwhile is told. So a version never holds something else than what
was added to it. Only who uploads while a script goes on has large files copied aside, with `hold`. What was
changed in the same tick of the file system's clock, to the same size, is not noticed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from git_registry.errors import Conflict, NotFound, UsageError
from git_registry.model.digest import Digest, check_path, check_paths, list_digest
from git_registry.model.documents.manifest import FileEntry
from git_registry.sdk.following import files_below
from git_registry.sdk.manifests import stored_of
from git_registry.store.blobs import Source, Store, Stored
from git_registry.store.failures import translating
from git_registry.store.hashing import sum_of
from git_registry.store.parallel import each
from git_registry.store.progress import Progress, silent
from git_registry.store.steady import look

_SMALL = 16 << 20
"""Bytes that are quickly copied."""

_SMALL_TOGETHER = 64 << 20
"""Bytes of a directory that are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """A file of this machine, as it was when it was added.

    Attributes:
        path: what it is called in the version.
        local: where its bytes are: a copy, perhaps.
        origin: where it was added from.
        size: in bytes.
        seen: what it looked like; another look says whether it was written to.
        lasting: does whoever added it promise that nobody will write to it?
    """

    path: str
    local: Path
    origin: Path
    size: int
    seen: tuple[int, ...]
    lasting: bool = False

    @classmethod
    def at(cls, local: Path, path: str, *, lasting: bool = False) -> Local:
        """Return the file as it is now.

        Raises:
            UsageError: there is no file.
        """
        try:
            status = local.stat()
        except OSError as error:
            raise UsageError(f"Path is not a file: {str(local)!r}") from error
        return cls(
            path=path, local=local, origin=local, size=status.st_size, seen=look(status), lasting=lasting
        )

    def require_unchanged(self) -> None:
        """Raise `Conflict` if the file is no longer what was added."""
        try:
            same = look(self.local.stat()) == self.seen
        except OSError:
            same = False
        if not same:
            raise Conflict(
                "the file is no longer what was added",
                where=str(self.local),
                hint="log it, and wait() for that, before its files are written to again or removed",
            )

    def digest(self) -> Digest:
        """Return the SHA-256 of its bytes.

        Raises:
            Conflict: it was changed since it was added.
        """
        self.require_unchanged()
        digest = sum_of(self.local).sha256
        self.require_unchanged()
        return digest


Item: TypeAlias = Local | FileEntry
"""A file yet to be uploaded, or one that lies somewhere already."""


class Draft:
    """The files of a version that is being put together, by what they are called in it."""

    def __init__(self, kept: Iterable[FileEntry] = ()) -> None:
        self._items: dict[str, Item] = {one.path: one for one in kept}
        self._room: Path | None = None
        self._written = 0

    @property
    def items(self) -> Mapping[str, Item]:
        """Return everything in it by path, in the order it was added."""
        return self._items

    def add_file(self, local: Path, path: str, *, overwrite: bool = False, lasting: bool = False) -> Local:
        """Add a file; of a symbolic link, the file that it leads to. A `lasting` one is never written to.

        Raises:
            UsageError: there is no file, or another one is called that and may not be overwritten.
            InvalidDocument: no file may be called that.
        """
        if not local.is_file():
            raise UsageError(f"Path is not a file: {str(local)!r}")
        item = Local.at(Path(os.path.realpath(local)), check_path(plain(path)), lasting=lasting)
        if item.size <= _SMALL and not lasting:
            item = self._copied(item)
        self.put(item, overwrite=overwrite)
        return item

    def add_directory(
        self, directory: Path, below: str = "", *, overwrite: bool = False, lasting: bool = False
    ) -> None:
        """Add every file below a directory; symbolic links are followed.

        Its smallest files are copied, as many as are quickly.

        Args:
            directory: where they are.
            below: a directory in the version; by default its top.
            overwrite: may files of other content be replaced?
            lasting: will nobody write to them?

        Raises:
            UsageError: it is no directory; or a link in it leads nowhere, or something in it is no file; or
                another file is called what one of them would be.
        """
        if not directory.is_dir():
            raise UsageError(f"Path is not a directory: {str(directory)!r}")
        prefix = f"{plain(below)}/" if below and plain(below) != "." else ""
        items = [
            Local.at(one.local, check_path(prefix + one.path), lasting=lasting)
            for one in files_below(directory)
        ]
        small = set() if lasting else _smallest(items)
        for item in items:
            self.put(self._copied(item) if item.path in small else item, overwrite=overwrite)

    def put(self, item: Item, *, overwrite: bool = False) -> None:
        """Add what may lie elsewhere: in another version, or where a reference leads.

        Raises:
            UsageError: another file is called that and may not be overwritten.
        """
        there = self._items.get(item.path)
        if there is not None and not overwrite and not _is_same(there, item):
            raise UsageError(
                f"Cannot add the same path twice: {item.path!r}",
                hint="another file is called that; pass overwrite=True, or merge=True for a directory",
            )
        self._items[item.path] = item

    def remove(self, path: str) -> None:
        """Take a file out, or everything below a directory.

        Raises:
            NotFound: there is neither.
        """
        name = plain(path)
        gone = [one for one in self._items if one == name or one.startswith(f"{name}/")]
        if not gone:
            raise NotFound(f"No such file or directory: {name!r}")
        for one in gone:
            del self._items[one]

    def room(self) -> Path:
        """Return a directory for files that are written for this draft; it goes when the draft does."""
        if self._room is None:
            self._room = Path(tempfile.mkdtemp(prefix="git-registry-draft-"))
            weakref.finalize(self, _clear, str(self._room), os.getpid())
        return self._room

    def written(self) -> Path:
        """Return the path of a new file in that directory, for whoever writes one."""
        self._written += 1
        return self.room() / str(self._written)

    def hold(self) -> None:
        """Copy aside what may be written to, so that it can be uploaded later as it is now.

        Raises:
            Conflict: a file was changed or removed since it was added.
            StoreError: the disk is full.
        """
        for path, one in list(self._items.items()):
            if isinstance(one, Local) and not one.lasting:
                self._items[path] = self._copied(one)

    def _copied(self, file: Local) -> Local:
        copy = self.written()
        file.require_unchanged()
        with translating(str(copy)):
            shutil.copyfile(file.local, copy)
        file.require_unchanged()
        return replace(Local.at(copy, file.path, lasting=True), origin=file.origin)

    def digest(self) -> Digest:
        """Return the digest that the list of its files has, for which they are all read."""
        items = list(self._items.values())
        return list_digest(
            (one.path, digest, "" if isinstance(one, Local) else one.uri)
            for one, digest in zip(items, each(digest_of, items), strict=True)
        )

    def stored(self, store: Store, progress: Progress = silent) -> tuple[Stored, ...]:
        """Upload what is not in the store, and return every file as it is stored.

        Raises:
            Conflict: a file was changed or removed since it was added.
            InvalidDocument: a path is both a file and a directory.
            StoreError: the store can't be reached. What arrived stays there; a second call goes on.
        """
        check_paths(self._items)
        files = [one for one in self._items.values() if isinstance(one, Local)]
        for file in files:
            file.require_unchanged()
        sources = [Source(path=one.path, local=one.local) for one in files]
        uploaded = store.upload(sources, progress=progress) if sources else ()
        for file in files:
            file.require_unchanged()
        lying = [one for one in self._items.values() if isinstance(one, FileEntry)]
        return (*uploaded, *map(stored_of, lying))


def _smallest(files: Iterable[Local]) -> set[str]:
    """Return the paths of the smallest files that are quickly copied together."""
    by_size = sorted(files, key=lambda one: one.size)
    totals = accumulate(one.size for one in by_size)
    return {one.path for one, total in zip(by_size, totals, strict=True) if total <= _SMALL_TOGETHER}


def _clear(room: str, owner: int) -> None:
    """Remove a draft's directory, unless it is that of the process this one was forked from."""
    if os.getpid() == owner:
        shutil.rmtree(room, ignore_errors=True)


def plain(path: str) -> str:
    """Return a path as lists have it, of what people write: `./a//b/` is `a/b`."""
    return PurePosixPath(path).as_posix()


def digest_of(item: Item) -> Digest:
    """Return how a file is known, for which one that is not uploaded is read."""
    return item.digest() if isinstance(item, Local) else item.digest


def is_reference(entry: FileEntry) -> bool:
    """Does an entry point at data where it lies, rather than at a blob that is called by its digest?"""
    value = entry.digest.value
    return not (entry.digest.is_content and entry.uri.endswith(f"/sha256/{value[:2]}/{value}"))


def _is_same(one: Item, other: Item) -> bool:
    return digest_of(one) == digest_of(other)
