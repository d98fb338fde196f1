"""Files of a list onto this machine: each verified while it is copied, all put in place at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from git_registry.errors import InvalidDocument, StoreError
from git_registry.model.digest import check_path
from git_registry.store.blobs import Store
from git_registry.store.cache import Cache
from git_registry.store.fetch import Fetched, Fetcher, Wanted
from git_registry.store.landing import landing_directory, landing_file
from git_registry.store.location import check_uri
from git_registry.store.progress import OneAtATime, Progress, silent

__all__ = ["Fetched", "Wanted", "download", "download_file"]


def download(
    wanted: Sequence[Wanted],
    target: Path,
    *,
    store: Store | None = None,
    cache: Cache | None = None,
    options: Mapping[str, object] | None = None,
    force: bool = False,
    progress: Progress = silent,
) -> tuple[Fetched, ...]:
    """Make the directory `target` hold these files, and say for each how strongly it was verified.

    Which URIs may be opened is the caller's to decide, before.

    Args:
        wanted: the files, in any order.
        target: must not exist or be empty.
        store: where everything known by its SHA-256 is looked for first.
        cache: where blobs of remote stores are kept.
        options: what fsspec is told about URIs outside the store.
        force: let the target hold files: those of the same name are replaced, no other is touched.
        progress: who wants to know.

    Raises:
        Conflict: the target is not empty, and `force` was not asked for; or something in it is in the way.
        InvalidDocument: a path or URI is not acceptable, or two paths exclude each other.
        StoreError: something is not there, unreadable, or not what its digest says. Nothing is put in place.
    """
    _check(wanted)
    progress = _begin(progress, wanted)
    with landing_directory(target, force=force) as stage:
        fetcher = Fetcher(stage=stage, store=store, cache=cache, options=options, progress=progress)
        return fetcher.fetch(wanted)


def download_file(
    wanted: Wanted,
    target: Path,
    *,
    store: Store | None = None,
    cache: Cache | None = None,
    options: Mapping[str, object] | None = None,
    force: bool = False,
    progress: Progress = silent,
) -> Fetched:
    """Put one file at `target`, whatever its list calls it. Arguments and errors are those of `download`."""
    _require_known(wanted)
    progress = _begin(progress, [wanted])
    with landing_file(target, force=force) as place:
        alone = Wanted(path=place.name, size=wanted.size, digest=wanted.digest, uri=wanted.uri)
        fetcher = Fetcher(stage=place.parent, store=store, cache=cache, options=options, progress=progress)
        return fetcher.fetch([alone])[0]


def _begin(progress: Progress, wanted: Sequence[Wanted]) -> Progress:
    sizes = [one.size for one in wanted]
    known = [size for size in sizes if size is not None]
    progress = OneAtATime(progress)
    progress.start(sum(known) if len(known) == len(sizes) else None, len(sizes))
    return progress


def _require_known(wanted: Wanted) -> None:
    check_uri(wanted.uri)
    if wanted.digest.is_address:
        raise StoreError(
            f"{wanted.path} is known by its address alone: nothing tells whether its bytes are those logged",
            where=wanted.uri,
            hint="read it there yourself, or log it again with what identifies it",
        )


def _check(wanted: Sequence[Wanted]) -> None:
    """Paths come from documents that anybody may have written."""
    files: set[str] = set()
    for one in wanted:
        _require_known(one)
        if check_path(one.path) in files:
            raise InvalidDocument("the path is there twice", where=one.path)
        files.add(one.path)
    for path in files:
        for cut in range(len(path)):
            if path[cut] == "/" and path[:cut] in files:
                raise InvalidDocument("the path is a file and a directory", where=path[:cut])
