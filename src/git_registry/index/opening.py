"""The index of a clone: found, made, brought up to date, and made anew when it is broken."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from git_registry.catalog.catalog import Catalog
from git_registry.errors import RegistryError
from git_registry.index.chains import following
from git_registry.index.chains.chain import NOWHERE
from git_registry.index.chains.looking import look
from git_registry.index.moment import Moment
from git_registry.index.storage import file
from git_registry.index.storage.database import AT_ONCE, PATIENCE, connect
from git_registry.index.storage.file import FILE
from git_registry.index.storage.trouble import Trouble, trouble

if TYPE_CHECKING:
    from git_registry.index.contents.unread import Unread

T = TypeVar("T")

_TOGETHER = 2_000
"""Files read before others may write: reading a hundred thousand takes half a minute."""


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
    ways = iter((_Kept.on_disk, _Kept.copied, _Kept.in_memory))
    while True:
        kept = _kept(catalog)
        try:
            return kept.answer(catalog, question, contents=contents)
        except sqlite3.Error as error:
            if trouble(error) is Trouble.BUSY and kept.has_patience_left(catalog):
                continue
            _forget(catalog)
            way = _way_round(kept, trouble(error), ways)
            if way is None:
                raise _failed(error, kept.path) from error
            _keep(catalog, way(catalog))


_Way = Callable[[Catalog], "_Kept"]


def _way_round(kept: _Kept, what: Trouble, ways: Iterator[_Way]) -> _Way | None:
    """Return how to go on; None if that is of no use."""
    kept.close()
    if what in (Trouble.BUSY, Trouble.OURS):
        return None
    if what is Trouble.BROKEN and not kept.throw_away():
        what = Trouble.CLOSED
    if what is Trouble.CLOSED:
        return next((way for way in ways if way != _Kept.on_disk), None)
    return next(ways, None)


def _failed(error: sqlite3.Error, path: Path | None) -> RegistryError:
    if trouble(error) is Trouble.BUSY:
        return RegistryError(
            f"another process has been writing the index for {PATIENCE:.0f} seconds",
            where=str(path or ""),
            hint="it builds the index of a large history; try again when it is done",
        )
    return RegistryError(f"the index can't be used: {error}", where=str(path or ""))


_TRIES = 4
_WAITING = "waiting for another process that is writing the index"


class _Kept:
    """A connection, for as long as its catalog is open."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None, patience: float = PATIENCE) -> None:
        self.connection = connection
        self.path = path
        self._inode = file.inode(path) if path else None
        self._state: tuple[object, ...] = ()
        self._line: following.Line | None = None
        self._remembered: dict[str, Any] = {}
        self._patience = patience

    @classmethod
    def on_disk(cls, catalog: Catalog) -> _Kept:
        """Connect to the clone's file, which is made if it isn't there."""
        path = catalog.repository.common_dir / FILE
        patience = AT_ONCE
        for _ in range(_TRIES):
            try:
                return cls(file.open_or_make(path, patience), path, patience)
            except OSError:
                break
            except sqlite3.Error as error:
                if trouble(error) is Trouble.BUSY:
                    if patience == PATIENCE:
                        raise _failed(error, path) from error
                    catalog.notify(_WAITING)
                    patience = PATIENCE
                    continue
                is_gone = not path.exists() or (trouble(error) is Trouble.BROKEN and _removed(path))
                if not is_gone:
                    break
        return cls.copied(catalog)

    @classmethod
    def copied(cls, catalog: Catalog) -> _Kept:
        """Connect to a copy in memory, where nothing may be written."""
        copy = file.copied(catalog.repository.common_dir / FILE)
        return cls(copy, None) if copy else cls.in_memory(catalog)

    @classmethod
    def in_memory(cls, catalog: Catalog) -> _Kept:
        """Connect to an empty index in memory."""
        catalog.notify("the index can't be written here, so it is made in memory, and each time anew")
        return cls(connect(None), None)

    def has_patience_left(self, catalog: Catalog) -> bool:
        """Say that others are writing, and be ready to wait for them; False if we did already."""
        if self._patience == PATIENCE:
            return False
        self._patience = PATIENCE
        catalog.notify(_WAITING)
        self.connection.execute(f"PRAGMA busy_timeout={PATIENCE * 1000:.0f}")
        return True

    def answer(self, catalog: Catalog, question: Callable[[Moment], T], *, contents: bool) -> T:
        """Answer in one transaction, so that nothing changes meanwhile."""
        commit = catalog.tip()
        if commit is None:
            catalog.now()  # says that there is nothing yet
            raise AssertionError("a branch without commits has no snapshot")
        caught_up, absent = False, frozenset[str]()
        while True:
            with self._reading():
                moment = self._moment(catalog, commit, caught_up=caught_up)
                lacking = self._unread(moment.line, absent) if moment and contents else []
                if moment and not lacking:
                    return question(moment)
            if moment is None:
                caught_up = self._catch_up(catalog, commit)
            else:
                absent |= self._read(catalog, moment.line, lacking)

    def _catch_up(self, catalog: Catalog, commit: str) -> bool:
        from git_registry.catalog import past
        from git_registry.index.chains.catching_up import catch_up  # most questions find nothing to write

        past.require_whole(catalog)
        with self._writing():
            return catch_up(self.connection, catalog, commit)

    def _unread(self, line: following.Line, absent: frozenset[str]) -> Unread:
        from git_registry.index.contents.unread import unread  # few questions ask for contents

        found = []
        if line.on.read < line.position:
            found += unread(self.connection, line.on.id, "main.entry", line.on.read)
        if line.position < line.end:
            found += unread(self.connection, line.on.id, "temp.entry", NOWHERE)
        return [(blob, kind) for blob, kind in found if blob not in absent]

    def _read(self, catalog: Catalog, line: following.Line, wanted: Unread) -> frozenset[str]:
        """Read files, and return the blobs that are not here."""
        from git_registry.index.contents import reading as files
        from git_registry.index.contents.unread import advance

        absent = frozenset[str]()
        for start in range(0, len(wanted), _TOGETHER):
            with self._writing():
                absent |= files.read(self.connection, catalog, wanted[start : start + _TOGETHER])
        if line.on.read < line.position:
            with self._writing():
                advance(self.connection, line.on.id)
        return absent

    def _moment(self, catalog: Catalog, commit: str, *, caught_up: bool) -> Moment | None:
        """Return the moment, or None if something must be written first."""
        state = following.state(self.connection, catalog, commit)
        if state != self._state or self._line is None:
            self._line = None  # nothing is seen any more if looking fails
            self._line = self._look(catalog, commit, caught_up=caught_up)
            self._state = state
            self._remembered = {}
        return Moment(self.connection, self._line, self._remembered) if self._line else None

    def _look(self, catalog: Catalog, commit: str, *, caught_up: bool) -> following.Line | None:
        line = following.at_hand(self.connection, catalog, commit)
        if line is not None:
            look(self.connection, line.on, line.position)
            return line
        from git_registry.index.chains.catching_up import beyond, see_beyond

        line = beyond(self.connection, catalog, commit, caught_up=caught_up)
        return line and see_beyond(self.connection, catalog, commit, line)

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

    def throw_away(self) -> bool:
        """Remove the file, unless somebody put a new one in its place already; return whether it is gone."""
        if self.path is None:
            return False
        return file.inode(self.path) != self._inode or _removed(self.path)

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


def _removed(path: Path) -> bool:
    try:
        file.remove(path)
    except OSError:
        return False
    return True
