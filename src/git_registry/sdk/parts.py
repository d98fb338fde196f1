"""Distributed versions: what each of many workers adds to one, until one of them makes the manifest.

A part is JSON lines, as a file list is, below a line that says who wrote it, for what, how many files follow
and what their digest is: a part that lost some of its lines is noticed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from git_registry import codec
from git_registry.errors import Conflict, InvalidDocument, NotFound, StoreError
from git_registry.model.digest import list_digest, nested
from git_registry.model.documents.manifest import FileEntry
from git_registry.model.names import NAME
from git_registry.sdk.blobs import LARGEST_LIST, Blobs
from git_registry.sdk.manifests import entries_of, stored_of
from git_registry.store.blobs import Stored
from git_registry.store.drafts import Drafts
from git_registry.store.parallel import each

LARGEST_PART = 1 << 28
"""Bytes; more than a million files. All parts together are no more than one file list may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """All parts of a distributed version, put together.

    Attributes:
        workers: who added to it, in the order of their names.
        about: what they all say it is.
        stored: its files, in the order of their paths as bytes.
    """

    workers: tuple[str, ...]
    about: Mapping[str, str]
    stored: tuple[Stored, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    worker: str
    about: Mapping[str, str]
    stored: tuple[Stored, ...]


def add_part(
    where: Blobs,
    distributed_id: str,
    worker: str,
    stored: Iterable[Stored],
    about: Mapping[str, str] | None = None,
) -> None:
    """Add one worker's files to a distributed version, in place of what that worker added before.

    Args:
        where: the organization's store, where the parts lie until there is a manifest.
        distributed_id: which version; a name that the workers share.
        worker: who adds; a name that no other of them has.
        stored: the files, already in the store or referred to.
        about: what the version is, such as its artifact and type: all workers must say the same.

    Raises:
        UsageError: an id is no name.
        InvalidDocument: two files have the same path, or a path is one that no list may hold.
        StoreError: the store can't be reached, or the part is too large.
    """
    _check(distributed_id, worker)
    place = Drafts(where.store).place(distributed_id, worker)
    data = _encoded(worker, dict(about or {}), list(stored))
    _bound(len(data), LARGEST_PART, place)
    Drafts(where.store).put(distributed_id, worker, data)


def parts(where: Blobs, distributed_id: str) -> Parts:
    """Return what all workers added so far.

    Raises:
        UsageError: the id is no name.
        NotFound: nobody has added anything.
        Conflict: two workers say different things of the version, or of one file in it.
        InvalidDocument: a part is damaged.
        StoreError: the store can't be reached, or the parts are too large.
    """
    _check(distributed_id)
    drafts = Drafts(where.store)
    sizes = drafts.sizes(distributed_id)
    if not sizes:
        hint = "has every worker used this id, and this organization?"
        raise NotFound(f"nothing was added to a version {distributed_id!r}", hint=hint)
    _bound(sum(sizes.values()), LARGEST_LIST, distributed_id)

    def read(worker: str) -> _Part:
        data = drafts.read(distributed_id, worker, at_most=LARGEST_PART)
        return _decoded(data, worker, drafts.place(distributed_id, worker))

    found = each(read, sizes)
    return Parts(workers=tuple(sizes), about=_agreed(found), stored=_merged(found))


def drop_parts(where: Blobs, distributed_id: str) -> None:
    """Remove the parts, once there is a manifest or nobody wants one any more. Blobs stay where they are.

    Raises:
        UsageError: the id is no name.
        StoreError: the store can't be reached.
    """
    _check(distributed_id)
    Drafts(where.store).drop(distributed_id)


def _check(*names: str) -> None:
    for name in names:
        NAME.check(name)


def _bound(size: int, most: int, where: str) -> None:
    if size > most:
        raise StoreError(f"it has {size:,} bytes, more than {most:,}", where=where, hint="log fewer files")


def _encoded(worker: str, about: Mapping[str, str], stored: Sequence[Stored]) -> bytes:
    entries = entries_of(stored)
    return _heading(worker, about, entries) + codec.encode_files(entries)


def _heading(worker: str, about: Mapping[str, str], entries: Sequence[FileEntry]) -> bytes:
    """Return the first line of a part with these entries."""
    digest = list_digest((one.path, one.digest, one.uri) for one in entries)
    says = {"format": 1, "worker": worker, "about": about, "count": len(entries), "digest": str(digest)}
    return json.dumps(says).encode() + b"\n"


def _decoded(data: bytes, worker: str, where: str) -> _Part:
    first, newline, lines = data.partition(b"\n")
    about = _about(first)
    entries = list(codec.decode_files(lines, where=where))
    if about is None or first + newline != _heading(worker, about, entries):
        raise InvalidDocument(
            "this part is damaged, or another's",
            where=where,
            hint=f"let the worker {worker} add its part again",
        )
    return _Part(worker, about, tuple(map(stored_of, entries)))


def _about(line: bytes) -> dict[str, str] | None:
    try:
        heading = json.loads(line)
    except (ValueError, RecursionError):
        return None
    about = heading.get("about") if isinstance(heading, dict) else None
    return about if isinstance(about, dict) else None


def _agreed(found: Sequence[_Part]) -> Mapping[str, str]:
    first, *others = found
    for other in others:
        for key in sorted(first.about.keys() | other.about.keys()):
            one, two = first.about.get(key), other.about.get(key)
            if one != two:
                problem = f"the workers {first.worker} and {other.worker} do not agree about its {key}"
                raise Conflict(f"{problem}: {one!r}, {two!r}")
    return first.about


def _merged(found: Iterable[_Part]) -> tuple[Stored, ...]:
    by_path: dict[str, tuple[str, Stored]] = {}
    for part in found:
        for one in part.stored:
            worker, there = by_path.setdefault(one.path, (part.worker, one))
            if _known(there) != _known(one):
                raise Conflict(
                    f"the workers {worker} and {part.worker} added different files as {one.path!r}",
                    hint="give one of them another path",
                )
    _require_files_are_no_directories({path: worker for path, (worker, _) in by_path.items()})
    return tuple(by_path[path][1] for path in sorted(by_path, key=str.encode))


def _require_files_are_no_directories(workers: Mapping[str, str]) -> None:
    """Raise `Conflict` if a file lies below another one: nobody could download that."""
    found = nested(workers)
    if found:
        above, path = found
        raise Conflict(
            f"the worker {workers[above]} added a file {above!r}, and {workers[path]} one below it, {path!r}",
            hint="give one of them another path",
        )


def _known(one: Stored) -> tuple[object, ...]:
    """What the file is in the version's digest: of content that is the content, wherever it is."""
    return (one.digest,) if one.digest.is_content else (one.digest, one.uri)
