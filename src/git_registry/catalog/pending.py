"""What names blobs that are due to the store: it may be committed, and is published when they are there.

Asked before every push, by whoever pushes. Where nothing waits, it costs a look at one directory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from git_registry.catalog import local
from git_registry.errors import Refused
from git_registry.model.digest import Digest
from git_registry.model.layout import Kind, identify
from git_registry.repository import bulk, history
from git_registry.repository.objects import BlobId
from git_registry.repository.repository import Repository
from git_registry.store.waiting import Waiting

LARGEST = 1 << 18
"""Bytes of a document (DESIGN §3.1)."""

# Whatever a document says of a blob, it says by its digest: so none is decoded, and no field is forgotten.
_DIGEST = re.compile(rb"sha256:([0-9a-f]{64})(?![0-9a-f])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A document that names blobs which are due to the store.

    Attributes:
        path: where it is.
        blobs: how many of those it names.
    """

    path: str
    blobs: int

    @property
    def name(self) -> str:
        """Return what people call it: `model/churn@3fa94c1b`; its path if that is no version's."""
        what = identify(self.path)
        is_version = what.kind in (Kind.VERSION, Kind.UNLINKED)
        return f"{what.subject}@{what.name[:8]}" if is_version else self.path.removesuffix(".yaml")


def waiting(repository: Repository) -> Waiting:
    """Return the blobs that wait in a clone, for all its work trees."""
    return Waiting(local.directory(repository) / "spool")


def pending(repository: Repository, tip: str, *, since: str | None) -> Iterator[Pending]:
    """Yield each document that is new on a line of commits and names blobs which are due to the store.

    Args:
        repository: the clone.
        tip: the commit that would be published.
        since: what is published; None for nothing.
    """
    here = waiting(repository)
    if not here.is_empty():
        yield from _naming(here, new_documents(repository, tip, since=since))


def new_documents(repository: Repository, tip: str, *, since: str | None) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the content of each document that is new on a line of commits; see `pending`."""
    paths: dict[str, str] = {}
    for step in history.steps(repository, tip, since=since):
        for change in step.changes:
            if change.after and change.path.endswith(".yaml"):
                paths.setdefault(change.after.id, change.path)
    yield from _read(repository, paths)


def digests(data: bytes) -> set[Digest]:
    """Return whatever is named by its content in a document or a file list."""
    return {Digest("sha256", value.decode("ascii")) for value in _DIGEST.findall(data)}


def require_none(repository: Repository, tip: str, *, since: str | None) -> None:
    """Raise `Refused` if a push of `tip` would publish what names blobs that wait here; see `pending`."""
    _refuse(pending(repository, tip, since=since))


def require_none_in(repository: Repository, changes: Mapping[str, bytes | BlobId | None]) -> None:
    """Raise `Refused` if these changes would publish what names blobs that wait here."""
    here = waiting(repository)
    if not here.is_empty():
        kept: dict[str, str] = {
            content: path for path, content in changes.items() if isinstance(content, str)
        }
        written = ((path, content) for path, content in changes.items() if isinstance(content, bytes))
        _refuse(_naming(here, [*written, *_read(repository, kept)]))


def _refuse(found: Iterable[Pending]) -> None:
    named = list(found)
    if named:
        others = f", nor are those of {len(named) - 1} more" if named[1:] else ""
        raise Refused(
            f"its blobs are not in the store yet ({named[0].blobs} wait here){others}; nothing was pushed",
            where=named[0].name,
            hint="`git registry sync` uploads what waits here, and then publishes",
        )


def _read(repository: Repository, paths: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    for object_id, data in bulk.blobs(repository, list(paths), at_most=LARGEST):
        if data is not None:
            yield paths[object_id], data


def _naming(here: Waiting, documents: Iterable[tuple[str, bytes]]) -> Iterator[Pending]:
    due = here.due()
    for path, data in documents:
        blobs = sum(digest in due or here.holds(digest) for digest in digests(data))
        if blobs:
            yield Pending(path=path, blobs=blobs)
