"""What a clone must hold before its history can be told, and getting it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from git_registry.catalog.catalog import Catalog
from git_registry.codec.tree import MAX_BYTES
from git_registry.errors import NotFound, UsageError
from git_registry.repository import bulk, remote

Contents = Callable[[Sequence[str]], Iterable[tuple[str, bytes | None]]]
"""Gives the bytes of many blobs; None for one that is not there."""

_TREES = "tree:"


def require_whole(catalog: Catalog) -> None:
    """Make sure the clone holds the whole history: whoever numbers versions needs it.

    Raises:
        NotFound: it does not, and `registry.deepen` forbids fetching it.
        UsageError: it was cloned without trees, which would be fetched one at a time.
    """
    repository = catalog.repository
    if repository.is_partial:
        _require_trees(catalog)
    if not repository.is_shallow:
        return
    if repository.config_bool("registry.deepen") is False:
        raise NotFound(
            "this clone is shallow, so versions can't be numbered here",
            where=str(repository.gitdir),
            hint="`git fetch --unshallow --filter=blob:none`; aliases and digests work without",
        )
    catalog.notify(
        "fetching the history that this shallow clone lacks (registry.deepen=false turns that off)"
    )
    remote.deepen(repository, source(catalog))


def _require_trees(catalog: Catalog) -> None:
    repository = catalog.repository
    for name in remote.remotes(repository):
        asked = repository.config(f"remote.{name}.partialclonefilter") or ""
        if asked.startswith(_TREES):
            raise UsageError(
                f"this clone was made with --filter={asked}: its history would be fetched tree by tree",
                where=str(repository.gitdir),
                hint="clone with --filter=blob:none, which is as small and holds the trees",
            )


def source(catalog: Catalog) -> str:
    """Return the remote to fetch from what a clone lacks."""
    upstream = remote.upstream(catalog.repository, catalog.branch) if catalog.branch else None
    return upstream.remote if upstream else "origin"


def contents_of(catalog: Catalog) -> Contents:
    """Return what reads many documents; in a clone without blobs those lacking are fetched in one go."""

    def read(ids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        if catalog.repository.is_partial and ids:
            fetch(catalog, ids)
        return bulk.blobs(catalog.repository, ids, at_most=MAX_BYTES)

    return read


def fetch(catalog: Catalog, ids: Sequence[str]) -> bool:
    """Fetch those of the blobs that this partial clone lacks, in one go; return whether it lacked any."""
    from git_registry.repository.objectdb import absent  # libgit2 takes its time to be imported

    lacking = absent(catalog.repository.gitdir, ids)
    remote.prefetch(catalog.repository, source(catalog), lacking)
    return bool(lacking)
