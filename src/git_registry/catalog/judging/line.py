"""The steps that a push would add to a branch, each a commit of its first-parent line."""

from __future__ import annotations

from dataclasses import dataclass

from git_registry.catalog.judging.limits import Limits
from git_registry.errors import InvalidDocument
from git_registry.repository.objects import EMPTY_TREE, Reader


@dataclass(frozen=True, slots=True)
class Commit:
    """What a commit says of itself, as far as that is judged.

    Attributes:
        id: its own.
        tree: its tree's id.
        parents: the first is the step before it.
        committed: seconds since 1970, as the committer claims.
        text: all of it, signature and all.
    """

    id: str
    tree: str
    parents: tuple[str, ...]
    committed: int
    text: bytes

    @property
    def is_merge(self) -> bool:
        """Has it more than one parent?"""
        return len(self.parents) > 1


@dataclass(frozen=True, slots=True)
class Line:
    """Steps, the oldest first.

    Attributes:
        steps: none if the branch stays where it is.
        forward: do they begin where the branch was? If not, none are given.
        before: the tree that they begin with.
    """

    steps: tuple[Commit, ...]
    forward: bool
    before: str


def line(reader: Reader, tip: str, old: str | None, limits: Limits) -> Line:
    """Return the steps from `old`, or from nothing, to `tip`.

    Commits are read one by one, each after its size: one that is huge is not read, and what other parents
    a merge has is not followed, so nobody is made to walk what is not judged.

    Raises:
        InvalidDocument: there are too many, or one is too large or malformed.
    """
    steps: list[Commit] = []
    at: str | None = tip
    while at is not None and at != old:
        if len(steps) >= limits.commits:
            raise InvalidDocument(
                f"more than {limits.commits} commits would come before the one that is there",
                hint="push in parts; or what is there is not on the first-parent line: `git registry sync`",
            )
        one = read_commit(reader, at, limits)
        steps.append(one)
        at = one.parents[0] if one.parents else None
    if at != old:
        return Line((), forward=False, before=EMPTY_TREE)
    return Line(tuple(reversed(steps)), forward=True, before=reader.root(old) if old else EMPTY_TREE)


def read_commit(reader: Reader, commit: str, limits: Limits) -> Commit:
    """Return a commit; raise `InvalidDocument` if it is too large, or no commit as Git makes them."""
    text = reader.commit_text(commit, at_most=limits.commit)
    header = text.partition(b"\n\n")[0].split(b"\n")
    try:
        tree = _after(header[0], b"tree ")
        parents = []
        for row in header[1:]:
            if not row.startswith(b"parent "):
                break
            parents.append(_after(row, b"parent "))
        dated = next(row for row in header if row.startswith(b"committer "))
        committed = int(dated.rsplit(b" ", 2)[1])
    except (ValueError, StopIteration, IndexError):
        raise InvalidDocument("the commit is malformed", where=commit[:8]) from None
    return Commit(commit, tree, tuple(parents), committed, text)


def _after(row: bytes, word: bytes) -> str:
    found = row.removeprefix(word)
    if len(found) != 40 or len(found) == len(row):
        raise ValueError
    return found.decode("ascii")
