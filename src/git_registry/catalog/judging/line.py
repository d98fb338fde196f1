"""The steps that a push would add to a branch, each a commit of its first-parent line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.limits import Limits
from git_registry.errors import InvalidDocument
from git_registry.repository.objects import EMPTY_TREE, Reader
from git_registry.repository.process import READING


class Commit(NamedTuple):
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


class Line(NamedTuple):
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


def require_sound(
    catalog: Catalog, tip: str, known: Sequence[str], limits: Limits, *, steps: Sequence[Commit] = ()
) -> None:
    """Check that what merges bring by other parents are commits as Git makes them.

    They are nobody's steps, but whoever looks at the history reads them.

    Args:
        catalog: the repository.
        tip: what brings them.
        known: commits whose history was there before.
        limits: how many commits are read.
        steps: those of them that were read already.

    Raises:
        InvalidDocument: there are too many, or one is too large or malformed.
    """
    most = limits.commits + len(steps)
    asked = ("rev-list", f"--max-count={most + 1}", tip, "--not", *known, "--")
    brought = catalog.repository.git(*asked, env=READING).text.split()
    if len(brought) > most:
        raise InvalidDocument(f"its merges bring more than {limits.commits} commits", hint="push in parts")
    read = {step.id for step in steps}
    for one in brought:
        if one not in read:
            read_commit(catalog.reader, one, limits)


def read_commit(reader: Reader, commit: str, limits: Limits) -> Commit:
    """Return a commit; raise `InvalidDocument` if it is too large, or no commit as Git makes them.

    A header twice, or out of place, is one to some of git's commands and another to others; one without a
    mail or a date is none that libgit2 reads, so nobody could look at the history any more.
    """
    text = reader.commit_text(commit, at_most=limits.commit)
    found = _HEADERS.fullmatch(text.partition(b"\n\n")[0])
    if found is None:
        raise InvalidDocument("the commit is malformed", where=commit[:8], hint="make it with git itself")
    tree, parents, committed = found.groups()
    above = tuple(row.removeprefix("parent ") for row in parents.decode("ascii").split("\n")[1:])
    return Commit(commit, tree.decode("ascii"), above, int(committed), text)


_HEADERS = re.compile(
    rb"tree ([0-9a-f]{40})"
    rb"((?:\nparent [0-9a-f]{40})*)"
    rb"\nauthor [^<>\n\0]*<[^<>\n\0]*> [0-9]{1,12} [+-][0-9]+"
    rb"\ncommitter [^<>\n\0]*<[^<>\n\0]*> ([0-9]{1,12}) [+-][0-9]+"
    rb"(?:\n(?!tree |parent |author |committer )[^\n\0]+)*"
)
