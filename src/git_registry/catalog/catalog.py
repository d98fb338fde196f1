"""A clone of the organization: the handle every verb is given."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Protocol, Self, TypeVar

from git_registry.catalog.tree import CommitTree
from git_registry.errors import NotFound, UsageError
from git_registry.model.layout import PROJECTS
from git_registry.model.snapshot import Snapshot
from git_registry.repository.objects import Reader
from git_registry.repository.repository import Repository

T = TypeVar("T")

_MANY = 20
"""Documents that are dearer to read one by one than by a child of git that is told all their names."""

_TREES_KEPT = 16
"""A process that writes all day comes by many commits; the trees it asked for last are remembered."""


class Reach(Enum):
    """How far what is read and written reaches."""

    HERE = "the branch as it is here"
    FETCHED = "the branch, or what was fetched of it where that is ahead"
    OFFLINE = "the same, and nothing that is far away is asked or given anything"
    PUBLISHED = "what was fetched; a commit is published at once, or not made"
    PROPOSED = "what others published; a commit waits on a branch of its own, for review"


class Held(Protocol):
    """Something that must be closed."""

    def close(self) -> None:
        """Let go of it."""
        ...


def _quiet(_notice: str) -> None:
    return None


@dataclass(kw_only=True)
class Catalog:
    """Documents in Git, seen from one branch of one clone. It has no verbs.

    Attributes:
        repository: the clone.
        branch: the branch that is checked out, without `refs/heads/`; None while HEAD is detached, when
            verbs read that commit and write nothing.
        clock: gives the time of commits and manifests; aware.
        notify: is told, in one line, what a person should know while something takes its time.
        trusted: URI prefixes the user allows for this one command, besides what the organization does.
        rewrite: may documents that people wrote by hand lose their comments, for this one command?
        why: what the messages of commits say below what happens; empty for nothing.
        commit: the one that is read, if it is not the tip. Nothing can be written then.
        date: the date that is looked back to, if it was one that chose the commit.
        reach: does the branch here count alone, or what others published as well?
        waits: may nothing be published, for this one command? Then what would be at once is not made.
        proposal: what a commit that is proposed is called; empty to call it by what it does.
        announced: makes, of a proposal's branch and commit, the push options that ask a forge for review;
            None where none is asked.
        mount: the name by which another organization mounts this one, where it is read as a part of that;
            empty for the organization itself.
        user: who we are in the organization that mounts this one, by its git config; empty if nobody says.
        environ: the process's environment, which says where clones of URLs are kept.
        held: what layers above keep while the catalog is open; it is closed with it.
    """

    repository: Repository
    branch: str | None
    clock: Callable[[], datetime]
    notify: Callable[[str], None] = _quiet
    trusted: tuple[str, ...] = ()
    rewrite: bool = False
    why: str = ""
    commit: str | None = None
    date: datetime | None = None
    reach: Reach = Reach.HERE
    waits: bool = False
    proposal: str = ""
    announced: Callable[[Catalog, str, str], Sequence[str]] | None = None
    mount: str = ""
    user: str = ""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    held: dict[str, Held] = field(default_factory=dict, repr=False)
    _trees: dict[str, CommitTree] = field(default_factory=dict, repr=False)
    _remembered: dict[type, object] = field(default_factory=dict, repr=False)

    @cached_property
    def reader(self) -> Reader:
        """Return the one reader all snapshots share."""
        return self.repository.reader()

    @property
    def project(self) -> str | None:
        """Return the project whose branch is read, or None if it is one with registries."""
        on_project = self.branch is not None and self.branch.startswith(PROJECTS)
        return self.branch.removeprefix(PROJECTS) if self.branch and on_project else None

    def registries(self) -> Catalog:
        """Return the clone as it is if it shows registries; on a project's branch, seen from the default one.

        Raises:
            UsageError: nobody says which that is.
        """
        if self.project is None:
            return self
        from git_registry.repository import remote  # resolving an alias asks no remote

        name = remote.default_branch(self.repository)
        if name.startswith(PROJECTS):
            raise UsageError(
                "a project's branch is checked out, and which branch has the registries is not known",
                hint="git config registry.branch main",
            )
        return self.seen_from(name).reaching()

    def seen_from(self, branch: str | None, commit: str | None = None) -> Catalog:
        """Return the same clone seen from another branch, at its tip or a commit.

        It shares what this one keeps open, and is closed with it.
        """
        return self._sharing(replace(self, branch=branch, commit=commit))

    def reaching(self) -> Catalog:
        """Return a clone that reads what was fetched, too: few check out a project's branch."""
        if self.reach is not Reach.HERE:
            return self
        return self._sharing(replace(self, reach=Reach.FETCHED))

    def proposing(self, name: str = "") -> Catalog:
        """Return the clone as it was published, where a commit is made on a branch of its own, for review."""
        from git_registry.repository import remote  # few commands propose anything

        default = remote.default_branch(self.repository)
        return self._sharing(replace(self, branch=default, commit=None, reach=Reach.PROPOSED, proposal=name))

    def _sharing(self, other: Catalog) -> Catalog:
        other.reader = self.reader
        return other

    def tip(self) -> str | None:
        """Return the commit that is read: the one given, or where the branch or a detached HEAD is.

        None if there is none yet.
        """
        return self.commit or self.present_tip()

    def present_tip(self) -> str | None:
        """Return where the branch, or a detached HEAD, is, whatever commit is read."""
        if self.branch is None:
            return self.repository.head().commit
        if self.reach is Reach.HERE:
            return self.repository.branch(self.branch)
        from git_registry.repository import branches  # a command reads what is checked out

        if self.reach is Reach.PROPOSED and self.project is None:
            return branches.published(self.repository, self.branch)
        return branches.newest(self.repository, self.branch)

    def written_branch(self) -> str:
        """Return the branch that verbs write to.

        Raises:
            UsageError: HEAD is detached, or the past is looked at.
        """
        if self.commit is not None:
            raise UsageError("the past can't be written to", hint="leave --at out")
        return self.branch or self.repository.current_branch()

    def published_tip(self) -> str | None:
        """Return the commit the remote's default branch was at when it was last asked, or None."""
        from git_registry.repository import remote  # resolving an alias asks no remote

        tracking = remote.default_upstream(self.repository)
        return self.repository.ref(tracking) if tracking else None

    def tree(self, commit: str | None) -> CommitTree:
        """Return the tree of a commit; None is the empty one."""
        if commit is None:
            return CommitTree(self.reader, None)
        tree = self._trees.pop(commit, None) or CommitTree(self.reader, self.reader.root(commit), self._fetch)
        self._trees[commit] = tree
        if len(self._trees) > _TREES_KEPT:
            del self._trees[next(iter(self._trees))]
        return tree

    def read_ahead(self, collection: str) -> None:
        """Read the documents of a collection's linked versions at one go, if there are many."""
        tree = self.tree(self.tip())
        blobs = tree.versions(collection)
        if len(blobs) > _MANY:
            from git_registry.catalog import past  # most questions are about few versions

            read = past.contents_of(self)(blobs)
            tree.expect({blob: data for blob, data in read if data is not None})

    def _fetch(self, blobs: Sequence[str]) -> bool:
        """Fetch what a partial clone lacks of these."""
        if self.reach is Reach.OFFLINE or not self.repository.is_partial:
            return False
        from git_registry.catalog import past  # few clones are partial

        return past.fetch(self, blobs)

    def now(self) -> Snapshot:
        """Return the organization at the commit that is read.

        Raises:
            NotFound: there are no commits yet.
        """
        return self._snapshot(self.tip())

    def present(self) -> Snapshot:
        """Return the organization at the branch's tip, whatever commit is read: where blobs are by now.

        Raises:
            NotFound: there are no commits yet.
        """
        return self._snapshot(self.present_tip())

    def _snapshot(self, commit: str | None) -> Snapshot:
        if commit is None:
            raise NotFound(
                f"the branch {self.written_branch()} has no commits yet",
                where=str(self.repository.gitdir),
                hint="`git registry init` creates an organization",
            )
        return Snapshot(self.tree(commit))

    def remembered(self, form: type[T]) -> T:
        """Return what a verb remembers in a form of its own while the catalog is open; an empty one at first.

        Clones seen from other branches share it.
        """
        found = self._remembered.setdefault(form, form())
        assert isinstance(found, form)
        return found

    def close(self) -> None:
        """End the reader's child process, close what is held, and forget what is remembered."""
        self._remembered.clear()
        while self.held:
            self.held.popitem()[1].close()
        if "reader" in self.__dict__:
            self.reader.close()
            del self.__dict__["reader"]
            self._trees.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()
