"""The index of a clone: found, made, brought up to date, and made anew when it is broken."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from git_registry.catalog.catalog import Catalog
from git_registry.errors import RegistryError
from git_registry.index import following
from git_registry.index.chain import NOWHERE, Chain
from git_registry.index.database import PATIENCE, connect, create, is_ours
from git_registry.index.looking import look
from git_registry.index.moment import Moment

T = TypeVar("T")

_TOGETHER = 2_000
"""Files read before others may write: reading a hundred thousand takes half a minute."""

FILE = Path("registry", "index.sqlite")
"""In the repository's common git directory: all its worktrees share it."""

_JOURNAL = "-journal"
_BROKEN = ("no such", "malformed", "not a database", "disk i/o", "has no column")
_CLOSED = ("readonly", "unable to open", "read-only")


def ask(catalog: Catalog, question: Callable[[Moment], T], *, contents: bool = False) -> T:
    """Return the answer to a question about the organization at the commit a catalog reads.

    The index is brought up to that commit first. What the question gives must not be lazy: when it has been
    answered, nothing keeps others from writing. A broken file is thrown away, and everything is read anew;
    whoever may not write has an index in memory.

    Args:
        catalog: the clone, and the commit.
        question: given the moment; asked again if the index broke meanwhile.
        contents: does it ask for what files say, besides which there are and what happened to them?

    Raises:
        NotFound: the clone lacks history and may not fetch it.
        RegistryError: another process has been writing for too long.
    """
    for broken in (False, True):
        kept = _kept(catalog)
        try:
            return kept.answer(catalog, question, contents=contents)
        except sqlite3.Error as error:
            kept.close()
            _forget(catalog)
            if broken or not _means(error, *_BROKEN, *_CLOSED):
                raise _failed(error, kept.path) from error
            if _means(error, *_CLOSED):
                _keep(catalog, _Kept.in_memory(catalog, kept.path))
            else:
                kept.throw_away()
    raise AssertionError("a question is asked twice at most")


def _means(error: sqlite3.Error, *words: str) -> bool:
    said = str(error).lower()
    return any(word in said for word in words)


def _failed(error: sqlite3.Error, path: Path | None) -> RegistryError:
    if "locked" in str(error):
        return RegistryError(
            f"another process has been writing the index for {PATIENCE:.0f} seconds",
            where=str(path or ""),
            hint="it builds the index of a large history; try again when it is done",
        )
    return RegistryError(f"the index can't be used: {error}", where=str(path or ""))


class _Kept:
    """A connection, for as long as its catalog is open."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        self.connection = connection
        self.path = path
        self._inode = _inode(path)
        self._seen: tuple[object, ...] = ()
        self._line: following.Line | None = None

    @classmethod
    def on_disk(cls, catalog: Catalog) -> _Kept:
        """Connect to the clone's file, which is made if it isn't there."""
        path = catalog.repository.common_dir / FILE
        try:
            if not path.exists():
                _make(path)
            connection = connect(path)
            if not is_ours(connection):
                connection.close()
                _remove(path)
                _make(path)
                connection = connect(path)
        except OSError:
            return cls.in_memory(catalog, path)
        except sqlite3.DatabaseError as error:
            if _means(error, *_CLOSED):
                return cls.in_memory(catalog, path)
            _remove(path)
            _make(path)
            connection = connect(path)
        return cls(connection, path)

    @classmethod
    def in_memory(cls, catalog: Catalog, path: Path | None) -> _Kept:
        """Connect to a copy of the file in memory, or to an empty one, where nothing may be written."""
        if path is not None and path.exists():
            memory = sqlite3.connect(":memory:", isolation_level=None)
            with contextlib.suppress(sqlite3.Error), contextlib.closing(connect(path)) as there:
                if is_ours(there):
                    there.backup(memory)
                    return cls(memory, None)
            memory.close()
        catalog.notify("the index can't be written here, so it is made in memory, and each time anew")
        return cls(connect(None), None)

    def answer(self, catalog: Catalog, question: Callable[[Moment], T], *, contents: bool) -> T:
        """Answer in one transaction, so that nothing changes meanwhile."""
        commit = catalog.tip()
        if commit is None:
            catalog.now()  # says that there is nothing yet
            raise AssertionError("a branch without commits has no snapshot")
        caught_up = False
        while True:
            with self._reading():
                line = following.at_hand(self.connection, catalog, commit)
                if line is not None or caught_up:
                    moment = self._moment(catalog, commit, line)
                    lacking = self._unread(moment.line) if contents else []
                    if not lacking:
                        return question(moment)
            if line is None and not caught_up:
                caught_up = self._catch_up(catalog, commit)
            else:
                self._read(catalog, moment.line.on, lacking)

    def _catch_up(self, catalog: Catalog, commit: str) -> bool:
        from git_registry.catalog import past
        from git_registry.index.catching_up import catch_up  # most questions find nothing to write

        past.require_whole(catalog)
        with self._writing():
            return catch_up(self.connection, catalog, commit)

    def _unread(self, line: following.Line) -> list[tuple[str, int]]:
        from git_registry.index import contents as files

        found = []
        if line.on.read < line.position:
            found += files.unread(self.connection, line.on.id, "main.entry", line.on.read)
        if line.position < line.end:
            found += files.unread(self.connection, line.on.id, "temp.entry", NOWHERE)
        return found

    def _read(self, catalog: Catalog, on: Chain, wanted: list[tuple[str, int]]) -> None:
        from git_registry.index import contents as files

        for start in range(0, len(wanted), _TOGETHER):
            with self._writing():
                files.read(self.connection, catalog, wanted[start : start + _TOGETHER])
        with self._writing():
            self.connection.execute(
                "UPDATE chain SET read = position WHERE id = ? AND tip = ?", (on.id, on.tip)
            )

    def _moment(self, catalog: Catalog, commit: str, line: following.Line | None) -> Moment:
        # Two chains that are equal to the last column hold the same steps, so what was seen is still there.
        seen = (commit, line)
        if self._line is None or line is None or seen != self._seen:
            self._line = self._look(catalog, commit, line)
            self._seen = seen
        return Moment(self.connection, self._line)

    def _look(self, catalog: Catalog, commit: str, line: following.Line | None) -> following.Line:
        if line is None:
            from git_registry.index.catching_up import see_beyond

            return see_beyond(self.connection, catalog, commit)
        look(self.connection, line.on, line.position)
        return line

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            if self.connection.in_transaction:
                self.connection.execute("COMMIT")

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def throw_away(self) -> None:
        """Remove the file, unless somebody put a new one in its place already."""
        if self.path is not None and _inode(self.path) == self._inode:
            _remove(self.path)

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()


_HELD = "index"


def _kept(catalog: Catalog) -> _Kept:
    held = catalog.held.get(_HELD)
    if not isinstance(held, _Kept):
        held = _Kept.on_disk(catalog)
        _keep(catalog, held)
    return held


def _keep(catalog: Catalog, kept: _Kept) -> None:
    catalog.held[_HELD] = kept


def _forget(catalog: Catalog) -> None:
    catalog.held.pop(_HELD, None)


def _make(path: Path) -> None:
    """Put an empty index in place, whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as connection:
        create(connection)
    # A journal without its database belongs to one that was deleted, and must not be played into this.
    if not path.exists():
        path.with_name(path.name + _JOURNAL).unlink(missing_ok=True)
    try:
        os.link(new, path)
    except FileExistsError:
        pass  # somebody else was faster, and it may hold something already
    except OSError:
        new.rename(path)  # a file system without hard links
        return
    new.unlink()


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(path.name + _JOURNAL).unlink(missing_ok=True)


def _inode(path: Path | None) -> int | None:
    try:
        return path.stat().st_ino if path else None
    except OSError:
        return None
