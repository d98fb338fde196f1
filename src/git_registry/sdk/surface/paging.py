"""What was found, read as far as somebody looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, Protocol, TypeVar, overload

from git_registry.errors import UsageError

T = TypeVar("T")
S_co = TypeVar("S_co", covariant=True)

_MARK = "+"
_GROWTH = 7


class Source(Protocol[S_co]):
    """Where the things come from."""

    @property
    def is_ordered_chain(self) -> bool:
        """Do they follow the order of others that they belong to?"""
        ...

    def tip(self) -> str:
        """Return the commit that is read now."""
        ...

    def read(self, commit: str, offset: int, limit: int | None) -> Sequence[S_co | None]:
        """Return some of them as they are at a commit; None for one that can't be read, which was told."""
        ...


class Unsized(UsageError, TypeError):
    """It has no length that could be told; a `TypeError` so that `list()` does without."""


class Pages(Generic[T]):
    """Things in order, all as of the one commit at which somebody first looked.

    It may be iterated, by `next()` too, indexed and counted, and goes on another day where `cursor` says.

    Args:
        source: where they come from.
        per_page: how many are read at first.
        start: a `cursor` from before: it goes on behind what was handed out then, at the commit of then.

    Raises:
        UsageError: `per_page` is less than 1, `start` is no cursor, or there are none here.
    """

    def __init__(self, source: Source[T], *, per_page: int = 50, start: str | None = None) -> None:
        if per_page < 1:
            raise UsageError(f"a page has at least one thing, not {per_page}")
        self._source = source
        self._per_page = per_page
        self._known: list[T] = []
        self._ends: list[int] = []
        self._is_whole = False
        self._handed_out = 0
        self._commit: str | None = None
        self._read_to = 0
        if start is not None:
            self._commit, self._read_to = self._begin(start)

    def _begin(self, cursor: str) -> tuple[str, int]:
        self._require_plain("start")
        commit, mark, position = cursor.partition(_MARK)
        if not (commit and mark and position.isascii() and position.isdigit()):
            raise UsageError(f"{cursor!r} is no cursor", hint="pass what `cursor` was")
        return commit, int(position)

    def _require_plain(self, what: str) -> None:
        if self._source.is_ordered_chain:
            raise Unsized(
                f"an ordered chain has no {what}", hint="leave the order out, or make a list of it first"
            )

    @property
    def cursor(self) -> str | None:
        """Return where to go on, behind what was handed out so far; None at the end, or before anything was.

        Raises:
            UsageError: it is an ordered chain.
        """
        self._require_plain("cursor")
        if not self._handed_out or not self._reaches(self._handed_out):
            return None
        return f"{self._commit}{_MARK}{self._ends[self._handed_out - 1]}"

    def __iter__(self) -> Iterator[T]:
        position = 0
        while self._reaches(position):
            self._handed_out = position + 1
            yield self._known[position]
            position += 1

    def __next__(self) -> T:
        if not self._reaches(self._handed_out):
            raise StopIteration
        self._handed_out += 1
        return self._known[self._handed_out - 1]

    def __len__(self) -> int:
        self._require_plain("length")
        self._read(None)
        return len(self._known)

    def __bool__(self) -> bool:
        return self._reaches(0)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        self._require_plain("index")
        last = index.stop if isinstance(index, slice) else index
        if last is None or last < 0 or (isinstance(index, slice) and (index.start or 0) < 0):
            self._read(None)
        else:
            self._reaches(last)
        return self._known[index]

    def _reaches(self, position: int) -> bool:
        """Is there something at a position? As much is read as it takes."""
        while position >= len(self._known) and not self._is_whole:
            # Many more each time: what stands far behind is looked for from the beginning again.
            more = max(self._per_page, _GROWTH * len(self._known))
            self._read(None if self._source.is_ordered_chain else more)
        return position < len(self._known)

    def _read(self, limit: int | None) -> None:
        if self._is_whole:
            return
        if self._commit is None:
            self._commit = self._source.tip()
        came = self._source.read(self._commit, self._read_to, limit)
        for end, thing in enumerate(came, self._read_to + 1):
            if thing is not None:
                self._known.append(thing)
                self._ends.append(end)
        self._read_to += len(came)
        self._is_whole = limit is None or len(came) < limit

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._source}>"
