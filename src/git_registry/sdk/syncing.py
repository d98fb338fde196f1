"""Publishing what is waiting here, and bringing the branches up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from git_registry.catalog import pending, publishing, syncing
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.syncing import Synced, sync
from git_registry.errors import NetworkError, RegistryError, UsageError
from git_registry.model.layout import PROJECTS
from git_registry.repository import history, remote, tips
from git_registry.repository.refs import queue
from git_registry.repository.repository import Repository
from git_registry.sdk import lost
from git_registry.sdk.blobs import blobs
from git_registry.sdk.guarding import guard
from git_registry.store.blobs import Store
from git_registry.store.progress import Progress, silent
from git_registry.store.spool import Emptied, empty

__all__ = ["Branch", "Everything", "Synced", "sync", "sync_everything", "upload"]

UPLOADING = "upload-queue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """What became of one branch.

    Attributes:
        name: its short name.
        synced: what was done.
        failure: why it was not published, if it wasn't.
    """

    name: str
    synced: Synced
    failure: RegistryError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """What a sync of a whole clone did.

    Attributes:
        uploaded: the blobs that waited here.
        branches: the one that is checked out first; of the others, those that had something to do.
    """

    uploaded: Emptied
    branches: tuple[Branch, ...]

    @property
    def failure(self) -> RegistryError | None:
        """Return why a branch was not published, the first of them, or None."""
        return next((branch.failure for branch in self.branches if branch.failure), None)


def sync_everything(catalog: Catalog, *, progress: Progress = silent) -> Everything:
    """Upload the blobs that wait here; then sync what is checked out, the default branch, and the projects'.

    Of the branches that are not checked out, those count that are here. What keeps one from being published
    does not keep the rest, and is told beside it.

    Raises:
        StoreError: the store can't be reached, or a blob that waits is damaged. Nothing was pushed, and
            what waits goes on waiting.
        Refused: a blob that waited is gone, and what names it would be published. Nothing was pushed.
        UsageError: there is no remote, and no blob waited.
        NetworkError: the remote can't be reached, from the first branch on.
    """
    uploaded = upload(catalog, progress=progress)
    if uploaded.blobs and not remote.remotes(catalog.repository):
        return Everything(uploaded=uploaded, branches=())
    first = _first(catalog)
    branches = [_branch(first, sync)]
    if isinstance(branches[0].failure, NetworkError | UsageError):
        raise branches[0].failure
    branches += [_branch(other, _caught_up) for other in _others(first) if _differs(other)]
    return Everything(uploaded=uploaded, branches=tuple(branches))


def upload(catalog: Catalog, *, progress: Progress = silent) -> Emptied:
    """Upload every blob that waits here; one process at a time does. See `store.spool.empty`.

    They go to the store that the remote's organization has now: another than theirs, if it moved since.
    Readers look there for whatever is known by its content.

    Raises:
        NetworkError: the remote can't be reached.
        Refused: a blob is gone from here, and a commit that nobody published names it. All go on waiting.
        StoreError: the store can't be reached, or a blob that waits is damaged. All go on waiting.
    """
    here = pending.waiting(catalog.repository)
    if here.is_empty():
        return Emptied()
    guard(catalog)  # an upload may take hours, and nobody is to push meanwhile
    with queue(catalog.repository, UPLOADING):
        _ask(catalog)
        store = Store(blobs(catalog).organization.store)
        lost.require_none(catalog, store)
        return empty(here, store, progress=progress)


def _ask(catalog: Catalog) -> None:
    """Fetch what the default branch's remote holds, if there is one: it says where the store is."""
    repository = catalog.repository
    where = remote.destination(repository, remote.default_branch(repository))
    if where is not None:
        remote.fetch(repository, where.remote)


def _first(catalog: Catalog) -> Catalog:
    """Return the clone seen from the branch that is checked out; from the default one while none is."""
    if catalog.branch is not None:
        return catalog
    default = remote.default_branch(catalog.repository)
    known = catalog.repository.branch(default) is not None
    return catalog.seen_from(default if known else catalog.written_branch())


def _others(first: Catalog) -> Iterator[Catalog]:
    """Yield the clone seen from every other branch here that versions are logged or linked on."""
    repository = first.repository
    default = remote.default_branch(repository)
    here = [default] if repository.branch(default) else []
    for name in (*here, *_project_branches(repository)):
        if name != first.branch:
            yield first.seen_from(name)


def _project_branches(repository: Repository) -> list[str]:
    listed = repository.git("for-each-ref", "--format=%(refname)", tips.BRANCHES + PROJECTS).text
    return [ref.removeprefix(tips.BRANCHES) for ref in listed.splitlines()]


def _branch(catalog: Catalog, bring: Callable[[Catalog], Synced]) -> Branch:
    name = catalog.written_branch()
    try:
        return Branch(name=name, synced=bring(catalog))
    except RegistryError as failure:
        return Branch(name=name, synced=Synced(), failure=failure)


def _differs(catalog: Catalog) -> bool:
    """Is the branch here another than what was fetched of it?"""
    here, theirs = _both(catalog)
    return here != theirs


def _caught_up(catalog: Catalog) -> Synced:
    """Sync a branch whose remote was asked a moment ago; one that is only behind needs no second asking."""
    (here, theirs), repository = _both(catalog), catalog.repository
    came = len(history.first_parents(repository, theirs, until=here)) if theirs else 0
    if here and theirs and history.is_ancestor(repository, here, theirs):
        publishing.catch_up(catalog)
        return Synced(fetched=came, to=syncing.line(catalog).upstream.name)
    done = sync(catalog)
    return replace(done, fetched=came + done.fetched)


def _both(catalog: Catalog) -> tuple[str | None, str | None]:
    """Return where a branch is here, and where it was when its remote was last asked."""
    repository, name = catalog.repository, catalog.written_branch()
    tracking = remote.remembered(repository, name)
    return repository.branch(name), repository.ref(tracking) if tracking else None
