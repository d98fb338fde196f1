"""Blobs that waited here, and are neither here nor in the store: what names them could be read by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from git_registry import codec
from git_registry.catalog import pending
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.pending import Pending
from git_registry.errors import Refused
from git_registry.model.digest import Digest
from git_registry.model.documents.manifest import FileList, Manifest
from git_registry.model.layout import Kind, identify
from git_registry.repository import remote
from git_registry.repository.tips import BRANCHES
from git_registry.sdk.blobs import LARGEST_LIST
from git_registry.store.blobs import Store
from git_registry.store.spool import Spooled, lost

_NAMED = 10


def require_none(catalog: Catalog, store: Store) -> None:
    """Look for what is gone from the spool; where nothing is, the store is not asked.

    Raises:
        Refused: a commit that nobody published names a blob that is gone, and the store does not hold it.
        StoreError: the store can't be reached.
    """
    missing = lost(pending.waiting(catalog.repository), store)
    if not missing:
        return
    names = list(dict.fromkeys(one.name for one in _naming(catalog, store, missing)))
    if names:
        more = f" and {len(names) - _NAMED} more" if names[_NAMED:] else ""
        raise Refused(
            f"blobs that waited here for the store are gone, and it does not hold them; they belong to "
            f"{', '.join(names[:_NAMED])}{more}. Nothing was pushed",
            hint="log or link the original again, and sync then; or take back the commits that name them",
        )


def _naming(catalog: Catalog, store: Store, missing: AbstractSet[Digest]) -> Iterator[Pending]:
    for path, data in _unpublished(catalog):
        named = pending.digests(data) & missing
        listed = None if named else _file_list(path, data)
        if listed is not None:
            named = _listed(catalog, store, listed) & missing
        if named:
            yield Pending(path=path, blobs=len(named))


def _unpublished(catalog: Catalog) -> Iterator[tuple[str, bytes]]:
    """Yield each document that is on a branch here and on none that is published."""
    repository = catalog.repository
    published = catalog.published_tip()
    listed = repository.git("for-each-ref", "--format=%(refname)", BRANCHES).text.splitlines()
    for branch in (ref.removeprefix(BRANCHES) for ref in listed):
        tip, tracking = repository.branch(branch), remote.remembered(repository, branch)
        theirs = repository.ref(tracking) if tracking else None
        if tip is not None:
            yield from pending.new_documents(repository, tip, since=theirs or published)


def _file_list(path: str, data: bytes) -> FileList | None:
    is_version = identify(path).kind in (Kind.VERSION, Kind.UNLINKED)
    return codec.decode(Manifest, data, where=path).file_list if is_version else None


def _listed(catalog: Catalog, store: Store, listed: FileList) -> set[Digest]:
    """Return what a file list names. It is here as long as something of it is, or else in the store."""
    spool = Spooled(store.uri, pending.waiting(catalog.repository).directory)
    chunks = spool.stream(listed.digest, uri=listed.uri, at_most=LARGEST_LIST)
    return {one.digest for one in codec.decode_files(codec.lines_of(chunks), where=listed.uri)}
