"""Which branch's chain answers for a commit, and where the commit is on it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.errors import UsageError
from git_registry.index.chains import chain as chains
from git_registry.index.chains.chain import NOWHERE, Chain
from git_registry.model.layout import PROJECTS
from git_registry.repository import remote
from git_registry.repository.tips import BRANCHES


@dataclass(frozen=True, slots=True)
class Followed:
    """The branch a chain follows.

    Attributes:
        ref: in full; a remote's, where there is one.
        published: the commit it is at; None if nothing was published yet.
        extended_by: the short name of the local branch whose own steps the chain may hold as well.
        certain: does somebody say that this is the branch that counts? In a repository without a remote it
            is the one that happens to be checked out.
    """

    ref: str
    published: str | None
    extended_by: str | None
    certain: bool = True

    def is_extended(self, catalog: Catalog) -> bool:
        """Does what the catalog reads belong to the chain, though nobody published it?"""
        return catalog.commit is None and catalog.branch == self.extended_by


@dataclass(frozen=True, slots=True)
class Line:
    """Where a commit is.

    Attributes:
        on: the chain.
        position: the last of the commit's steps that the chain holds.
        end: the commit's own position; larger if there are steps beyond the chain.
        published: the position of what is published; None if nothing ever will be, so everything is.
    """

    on: Chain
    position: int
    end: int
    published: int | None

    def is_published(self, position: int) -> bool:
        """Is the step at a position permanent?"""
        return self.published is None or position <= min(self.position, self.published)


def followed(catalog: Catalog) -> Followed:
    """Return the branch whose chain answers for what a catalog reads."""
    repository = catalog.repository
    mine = catalog.branch
    if mine is not None and mine.startswith(PROJECTS):
        ref = remote.remembered(repository, mine) or BRANCHES + mine
        return Followed(ref, repository.ref(ref), mine)
    try:
        default = remote.default_branch(repository)
        tracking = remote.default_upstream(repository)
    except UsageError:
        return Followed("HEAD", None, None, certain=False)  # detached, and nobody says which branch counts
    ref = tracking or BRANCHES + default
    return Followed(ref, repository.ref(ref), default, certain=tracking is not None)


def state(connection: sqlite3.Connection, catalog: Catalog, commit: str) -> tuple[object, ...]:
    """Return all that decides what is seen of a commit: what was seen once is still there while it is equal.

    Two chains that are equal to the last column hold the same steps.
    """
    return commit, catalog.branch, followed(catalog), *chains.chains(connection)


def at_hand(connection: sqlite3.Connection, catalog: Catalog, commit: str) -> Line | None:
    """Return where a commit is, if it is on its chain and the chain has seen what was published."""
    follows = followed(catalog)
    on = chains.chain(connection, follows.ref)
    if on is None or not is_current(on, follows):
        return None
    position = chains.position_of(connection, on, commit)
    return None if position is None else line_at(connection, catalog, on, position)


def is_current(on: Chain, follows: Followed) -> bool:
    """Has a chain seen what was published?

    A branch that is gone may come back, with another history; so what it was at last is remembered.
    """
    return follows.published in (None, on.published)


def _is_others(catalog: Catalog, ref: str) -> bool:
    """Does a ref remember what a remote has? A branch here does so in a mirror alone."""
    return not ref.startswith(BRANCHES) or followed(catalog).certain


def line_at(connection: sqlite3.Connection, catalog: Catalog, on: Chain, position: int) -> Line:
    """Return the line that ends at a position of a chain."""
    published: int | None = NOWHERE
    if not remote.remotes(catalog.repository):
        published = None
    elif on.published and catalog.repository.ref(on.ref) and _is_others(catalog, on.ref):
        published = chains.position_of(connection, on, on.published)
    return Line(on, position, position, published)
