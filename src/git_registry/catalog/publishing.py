"""Commits that are published at once, and a branch here that keeps up with what was published."""

from __future__ import annotations

from collections.abc import Callable

from git_registry.catalog import pending, syncing
from git_registry.catalog.catalog import Catalog
from git_registry.errors import NetworkError, Refused, RegistryError
from git_registry.repository import branches, history, journal, remote
from git_registry.repository import publish as publisher
from git_registry.repository.adopt import adopt
from git_registry.repository.advance import Proposed
from git_registry.repository.identity import Authorship
from git_registry.repository.repository import Repository
from git_registry.repository.upstream import Upstream


def destination(repository: Repository, branch: str) -> Upstream | None:
    """Return where commits to a branch are published; None where there is no remote that is fetched from."""
    found = remote.destination(repository, branch)
    return found if found and found.tracking else None


def publish(
    catalog: Catalog, build: Callable[[str | None], Proposed | None], authorship: Authorship
) -> tuple[str | None, int]:
    """Commit onto the remote's branch; return where that is then, and how often it was pushed.

    What waits here to be published goes first. The branch here follows afterwards, if there is one.

    Raises:
        Conflict, Refused, NetworkError: see `repository.publish` and `syncing.sync`. Nothing was committed.
            Refused as well where it would name blobs that wait here for the store; and by a mounted
            repository that may be read, not written.
    """
    repository, branch = catalog.repository, catalog.written_branch()
    upstream = destination(repository, branch)
    assert upstream is not None
    if _is_waiting(repository, branch, upstream):
        syncing.sync(catalog)
    try:
        done = publisher.publish(repository, upstream, lambda tip: _whole(repository, build(tip)), authorship)
    except NetworkError as failed:
        _require_writable(catalog, upstream, failed)
        raise
    if repository.branch(branch) is not None:
        _follow(catalog)
    return done


def _require_writable(catalog: Catalog, upstream: Upstream, failed: NetworkError) -> None:
    """Check that a push to a mounted repository failed with the network, not for want of rights there."""
    if not catalog.mount:
        return
    try:
        remote.advertised(catalog.repository, upstream.remote, upstream.ref)
    except NetworkError:
        return
    raise Refused(
        failed.message, where=catalog.mount, hint="it lets you read; ask who runs it whether you may write"
    ) from None


def catch_up(catalog: Catalog) -> None:
    """Bring the branch here to what was fetched of it, before something is committed on top.

    What a killed process left of doing so is finished, too.

    Raises:
        Conflict: files that would change have local edits.
    """
    repository, branch = catalog.repository, catalog.written_branch()
    newest = branches.newest(repository, branch)
    if newest is None:
        return
    if newest != repository.branch(branch) or journal.is_unfinished(repository):
        adopt(
            repository,
            branch,
            lambda _: branches.newest(repository, branch) or newest,
            reason="registry: catch up with what was fetched",
        )


def _whole(repository: Repository, proposed: Proposed | None) -> Proposed | None:
    """Return what would be published, unless it names blobs that nobody else could read yet."""
    if proposed is not None:
        pending.require_none_in(repository, proposed.changes)
    return proposed


def _is_waiting(repository: Repository, branch: str, upstream: Upstream) -> bool:
    """Does the branch here hold commits that nobody published?"""
    here, theirs = repository.branch(branch), repository.ref(upstream.tracking or "")
    if here is None or here == theirs:
        return False
    return theirs is None or not history.is_ancestor(repository, here, theirs)


def _follow(catalog: Catalog) -> None:
    """Let the branch here follow. Whatever keeps it from that, what was asked for is done."""
    try:
        catch_up(catalog)
    except RegistryError as problem:
        catalog.notify(f"published; the branch here stays behind: {problem}")
