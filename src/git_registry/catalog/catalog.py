"""A clone of the organization: the handle every verb is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Self

from git_registry.catalog.tree import CommitTree
from git_registry.errors import NotFound
from git_registry.model.snapshot import Snapshot
from git_registry.repository.objects import Reader
from git_registry.repository.repository import Repository


def _quiet(_notice: str) -> None:
    return None


@dataclass(kw_only=True)
class Catalog:
    """Documents in Git, seen from one branch of one clone. It has no verbs.

    Attributes:
        repository: the clone.
        branch: the branch verbs read and write, without `refs/heads/`.
        clock: gives the time of commits and manifests; aware.
        notify: is told, in one line, what a person should know while something takes its time.
        trusted: URI prefixes the user allows for this one command, besides what the organization does.
        rewrite: may documents that people wrote by hand lose their comments, for this one command?
    """

    repository: Repository
    branch: str
    clock: Callable[[], datetime]
    notify: Callable[[str], None] = _quiet
    trusted: tuple[str, ...] = ()
    rewrite: bool = False
    _trees: dict[str, CommitTree] = field(default_factory=dict, repr=False)

    @property
    def ref(self) -> str:
        """Return the branch's full name."""
        return f"refs/heads/{self.branch}"

    @cached_property
    def reader(self) -> Reader:
        """Return the one reader all snapshots share."""
        return self.repository.reader()

    def tip(self) -> str | None:
        """Return the commit the branch is at, or None if it has none yet."""
        return self.repository.ref(self.ref)

    def tree(self, commit: str | None) -> CommitTree:
        """Return the tree of a commit; None is the empty one."""
        if commit is None:
            return CommitTree(self.reader, None)
        if commit not in self._trees:
            self._trees[commit] = CommitTree(self.reader, self.reader.root(commit))
        return self._trees[commit]

    def now(self) -> Snapshot:
        """Return the organization at the branch's tip.

        Raises:
            NotFound: there are no commits yet.
        """
        tip = self.tip()
        if tip is None:
            raise NotFound(
                f"the branch {self.branch} has no commits yet",
                where=str(self.repository.gitdir),
                hint="`git registry init` creates an organization",
            )
        return Snapshot(self.tree(tip))

    def close(self) -> None:
        """End the reader's child process."""
        if "reader" in self.__dict__:
            self.reader.close()
            del self.__dict__["reader"]
            self._trees.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()
