"""Getting a version's bytes, verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from git_registry.catalog.catalog import Catalog
from git_registry.model.documents.manifest import FileEntry
from git_registry.sdk.blobs import Blobs, blobs
from git_registry.sdk.resolving import Resolved, resolve
from git_registry.store.cache import Cache
from git_registry.store.download import Fetched, download_file
from git_registry.store.download import download as download_all
from git_registry.store.progress import Progress, silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Where a download goes.

    Attributes:
        target: a directory for a whole version, a file for one path; by default named like the
            collection or the file, in the working directory.
        path: the one file wanted.
        force: may files that are there be replaced? Nothing else in the directory is touched.
    """

    target: Path | None = None
    path: str | None = None
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """What arrived, and how strongly each file was verified."""

    resolved: Resolved
    target: Path
    files: Sequence[Fetched]


def download(
    catalog: Catalog, selected: str, wish: Wish, *, cache: Cache | None = None, progress: Progress = silent
) -> Downloaded:
    """Download a version, or one file of it; every digest is verified before anything stands at the target.

    Raises:
        NotFound: there is no such version or file.
        Conflict: the target is there already.
        Refused: the organization does not allow reading from where the bytes are.
        StoreError: a blob is missing, can't be read, or is not what its digest says.
    """
    resolved = resolve(catalog, selected, path=wish.path)
    where = blobs(resolved.seen)
    wanted = where.wanted(_today(where, resolved))
    if wish.path is not None:
        target = wish.target or Path(Path(wish.path).name)
        fetched = download_file(
            wanted[0],
            target,
            store=where.store,
            cache=cache,
            force=wish.force,
            progress=progress,
        )
        return Downloaded(resolved=resolved, target=target, files=[fetched])
    target = wish.target or Path(resolved.found.collection.partition("/")[2])
    files = download_all(wanted, target, store=where.store, cache=cache, force=wish.force, progress=progress)
    return Downloaded(resolved=resolved, target=target, files=files)


def _today(where: Blobs, resolved: Resolved) -> Sequence[FileEntry]:
    """Return the files that are wanted, where they lead today; a list in the store is not read again."""
    if resolved.manifest.file_list is not None:
        return resolved.files
    paths = {one.path for one in resolved.files}
    return [one for one in where.entries(resolved.manifest, resolved.found.manifest) if one.path in paths]
