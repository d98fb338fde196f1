"""One commit from pure edits, re-applied when the branch moved meanwhile. Nothing else writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.catalog import wellformed
from git_registry.catalog.catalog import Catalog, Reach
from git_registry.catalog.overlay import Overlay
from git_registry.catalog.tree import CommitTree
from git_registry.errors import Refused, UsageError
from git_registry.model.diff import diff
from git_registry.model.edits.change import Edit, Kept
from git_registry.model.events import Event
from git_registry.model.snapshot import Snapshot
from git_registry.policy.settings import IDENTITY
from git_registry.repository import identity
from git_registry.repository.advance import Proposed, advance
from git_registry.repository.objects import BlobId

if TYPE_CHECKING:
    from git_registry.catalog.proposing import Placed

Message = Callable[[Snapshot, tuple[Event, ...]], str]
"""Makes the commit message from the snapshot before and the events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a transaction did.

    Attributes:
        commit: the branch's tip afterwards; None if there still is no commit.
        events: what happened; empty if there was nothing to do.
        attempts: how often it was pushed; 0 if that is left for later.
        branch: the one it was written to.
        mount: the mounted repository that has the branch; empty if it is the organization's own.
        placed: what became of the proposal, if it was proposed.
    """

    commit: str | None
    events: tuple[Event, ...]
    branch: str
    attempts: int = 0
    mount: str = ""
    placed: Placed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """Edits that become one commit, whole or not at all.

    Attributes:
        edits: run in order, each on what the ones before it made.
        message: the commit message, or what makes it.
    """

    edits: Sequence[Edit]
    message: Message | str


def commit(catalog: Catalog, transaction: Transaction) -> Outcome:
    """Commit to the catalog's branch, and bring the work tree along for the changed paths.

    Where the catalog reaches to what is published, the commit is on the remote's branch when this returns.
    The edits see the branch's tip as it is under the lock, so nothing that others commit at the same
    time is lost, and an edit that no longer makes sense there raises.

    Raises:
        Conflict: a changed path has local edits, or an edit's expectation no longer holds.
        InvalidDocument: the result would not be well-formed.
        Refused: the remote does not take it, or this is a server's own repository.
        NetworkError: the remote can't be reached.
    """
    require_clone(catalog)
    happened: tuple[Event, ...] = ()

    def build(tip: str | None) -> Proposed | None:
        nonlocal happened
        happened, proposed = _proposed(catalog, tip, transaction)
        return proposed

    if catalog.reach is Reach.PROPOSED:
        from git_registry.catalog import proposing  # few commands propose anything

        proposing.require_registries(catalog.branch or "")
        placed = proposing.propose(catalog, build, identity.authorship(catalog.repository, catalog.clock()))
        return Outcome(
            commit=placed.commit, events=happened, branch=placed.branch, mount=catalog.mount, placed=placed
        )
    tip, attempts = _advanced(catalog, build)
    return Outcome(
        commit=tip,
        events=happened,
        attempts=attempts,
        branch=catalog.written_branch(),
        mount=catalog.mount,
    )


def require_clone(catalog: Catalog) -> None:
    """Check that a commit made here passes no hook by: those of a server judge what is pushed alone.

    Raises:
        Refused: it is a server's own repository.
    """
    repository = catalog.repository
    if not repository.is_bare_at_heart or repository.config(IDENTITY) is None or _is_copy(catalog):
        return
    raise Refused(
        "this is the server's own repository, whose hook judges pushes alone",
        where=str(repository.gitdir),
        hint="work in a clone; its URL as -C is read as it is published",
    )


def _is_copy(catalog: Catalog) -> bool:
    """Is it a copy of what is at a URL, and what is written is pushed there at once?"""
    from git_registry.catalog import publishing  # only where some server's setting is seen

    published = catalog.reach is Reach.PUBLISHED
    return published and publishing.destination(catalog.repository, catalog.written_branch()) is not None


def _proposed(
    catalog: Catalog, tip: str | None, transaction: Transaction
) -> tuple[tuple[Event, ...], Proposed | None]:
    before = catalog.tree(tip)
    after = edited(before, transaction.edits, drop_comments=catalog.rewrite)
    if not after.changes:
        return (), None
    happened = diff(Snapshot(before) if tip else None, Snapshot(after))
    wellformed.require(before, after, after.changes, happened)
    said = transaction.message
    message = said if isinstance(said, str) else said(Snapshot(before), happened)
    return happened, Proposed(
        changes={path: _content(change) for path, change in after.changes.items()},
        message=f"{message}\n\n{catalog.why}" if catalog.why else message,
    )


def _advanced(catalog: Catalog, build: Callable[[str | None], Proposed | None]) -> tuple[str | None, int]:
    """Commit where the catalog reaches to; return the tip, and how often it was pushed."""
    repository, branch = catalog.repository, catalog.written_branch()
    authorship = identity.authorship(repository, catalog.clock())
    if catalog.reach is not Reach.HERE:
        from git_registry.catalog import publishing  # a command commits here, and publishes later

        if catalog.reach is Reach.PUBLISHED and publishing.destination(repository, branch):
            _require_at_once(catalog)
            return publishing.publish(catalog, build, authorship)
        publishing.catch_up(catalog)
    return advance(repository, branch, build=build, authorship=authorship), 0


def _require_at_once(catalog: Catalog) -> None:
    if catalog.waits:
        raise UsageError(
            f"what is written to {catalog.mount or 'a URL'} is published at once; it can't wait here",
            where="--no-push",
            hint="`git registry clone URL`, and work there",
        )


def edited(below: CommitTree, edits: Sequence[Edit], *, drop_comments: bool = False) -> Overlay:
    """Return the tree with the edits' changes laid over it, each edit seeing those before it."""
    after = Overlay(below, drop_comments=drop_comments)
    for edit in edits:
        after.lay(edit(Snapshot(after)))
    return after


def _content(change: bytes | Kept | None) -> bytes | BlobId | None:
    return BlobId(change.id) if isinstance(change, Kept) else change
