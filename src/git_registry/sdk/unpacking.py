"""A version's files in a directory that may hold other things, and earlier versions of them.

What is there and right is not fetched again, and nothing else in the directory is touched unasked.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from git_registry.catalog.catalog import Catalog
from git_registry.errors import StoreError
from git_registry.model.documents.manifest import FileEntry
from git_registry.sdk.blobs import Blobs, blobs
from git_registry.sdk.drafting import is_reference
from git_registry.store.cache import Cache
from git_registry.store.download import download
from git_registry.store.hashing import sum_of
from git_registry.store.parallel import each
from git_registry.store.streams import is_absent


def unpack(
    catalog: Catalog,
    entries: Sequence[FileEntry],
    target: Path,
    *,
    cache: Cache | None = None,
    allow_missing: bool = False,
) -> None:
    """Make a directory hold these files; every digest is verified.

    Args:
        catalog: the clone.
        entries: the files that are wanted, as `resolve` gives them.
        target: the directory; made if need be.
        cache: where blobs of remote stores are kept.
        allow_missing: leave out references that lead nowhere any more or that nothing identifies, and say so.

    Raises:
        Conflict: something that is no plain file is where a file belongs.
        Refused: the organization does not allow reading from where the bytes are.
        StoreError: a file is missing, can't be read, or is not what its digest says.
    """
    lacking = tuple(_lacking(entries, target))
    where = blobs(catalog)
    pointers = [one for one in lacking if allow_missing and is_reference(one)]
    whole = [one for one in lacking if not (allow_missing and is_reference(one))]
    target.mkdir(parents=True, exist_ok=True)
    if whole:
        download(where.wanted(whole), target, store=where.store, cache=cache, force=True)
    for pointer in pointers:
        _fetch_if_there(catalog, where, pointer, target, cache)


def _fetch_if_there(
    catalog: Catalog, where: Blobs, pointer: FileEntry, target: Path, cache: Cache | None
) -> None:
    try:
        download(where.wanted([pointer]), target, store=where.store, cache=cache, force=True)
    except StoreError as error:
        if not pointer.digest.is_address and not is_absent(error):
            raise
        catalog.notify(f"{pointer.path} is left out: {error}")


def _lacking(entries: Sequence[FileEntry], target: Path) -> Iterator[FileEntry]:
    right = each(lambda one: is_right(one, target), entries) if target.is_dir() else [False] * len(entries)
    return (one for one, there in zip(entries, right, strict=True) if not there)


def is_right(entry: FileEntry, target: Path) -> bool:
    """Is this very file below a directory? What is known by something weaker than its bytes never is."""
    place = target / entry.path
    try:
        if place.is_symlink() or not place.is_file() or not entry.digest.is_content:
            return False
        if entry.size is not None and place.stat().st_size != entry.size:
            return False
    except OSError:
        return False
    return sum_of(place).sha256 == entry.digest


def strangers(entries: Iterable[FileEntry], target: Path) -> Iterator[Path]:
    """Yield the files below a directory that are not among these. Links are not followed, but are files."""
    known = {one.path for one in entries}
    for directory, below, names in os.walk(target):
        links = [name for name in below if (Path(directory) / name).is_symlink()]
        for name in [*names, *links]:
            path = Path(directory) / name
            if path.relative_to(target).as_posix() not in known:
                yield path


def clear(entries: Iterable[FileEntry], target: Path) -> None:
    """Remove the files below a directory that are not among these."""
    for path in list(strangers(entries, target)):
        path.unlink()
