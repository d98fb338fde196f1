"""The steps of a line, each with the organization before and after it, read as fast as Git tells of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.comparing import compared
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import Commit
from git_registry.catalog.rolling import Documents, Rolling
from git_registry.catalog.tree import CommitTree
from git_registry.codec.tree import MAX_BYTES as LARGEST_DOCUMENT
from git_registry.errors import InvalidDocument
from git_registry.model import layout
from git_registry.model.diff.paths import ChangedPath
from git_registry.model.layout import Kind
from git_registry.model.snapshot import REGULAR, Snapshot
from git_registry.repository import bulk
from git_registry.repository.objects import EMPTY_TREE

_MANY = 20
"""Blobs that are dearer to read one by one than by children of git that are told all their names."""

_TOGETHER = 500
"""Steps whose documents are read at one go."""


class Stepped(NamedTuple):
    """One step.

    Attributes:
        commit: what made it; None for what would be merged, which no commit has made yet.
        changes: the paths that differ.
        before, after: the organization; of what never was there, an empty tree.
    """

    commit: Commit | None
    changes: tuple[ChangedPath, ...]
    before: Rolling
    after: Rolling

    @property
    def snapshots(self) -> tuple[Snapshot, Snapshot]:
        """Return both as snapshots."""
        return Snapshot(self.before), Snapshot(self.after)


def stepped(catalog: Catalog, before: str, steps: Sequence[Commit], limits: Limits) -> Iterator[Stepped]:
    """Yield steps that follow each other, from a tree on.

    Raises:
        InvalidDocument: too much differs, a file is too large, or a tree is malformed.
    """
    roots = [before, *(one.tree for one in steps)]
    yield from _walked(catalog, steps, list(pairwise(roots)), limits)


def difference(catalog: Catalog, before: str, after: str, limits: Limits) -> Stepped:
    """Return what would be one step between two trees; raise as `stepped` does."""
    return next(_walked(catalog, (None,), [(before, after)], limits))


def _walked(
    catalog: Catalog,
    steps: Sequence[Commit | None],
    pairs: Sequence[tuple[str, str]],
    limits: Limits,
) -> Iterator[Stepped]:
    if not steps:
        return
    found = compared(catalog, pairs, limits)
    reader = catalog.reader
    documents = Documents(reader)
    first = pairs[0][0]
    tree = Rolling(documents, CommitTree(reader, None if first == EMPTY_TREE else first).entries)
    changes = (tuple(found.changes(pair)) for pair in pairs)
    for some in _batches(zip(steps, changes, strict=True)):
        _read_ahead(catalog, documents, [change for _, paths in some for change in paths], limits)
        for commit, paths in some:
            _require_whole(tree, paths)
            after = tree.after(paths)
            yield Stepped(commit, paths, tree, after)
            tree = after.settle(tree)


def _batches(
    steps: Iterable[tuple[Commit | None, tuple[ChangedPath, ...]]],
) -> Iterator[list[tuple[Commit | None, tuple[ChangedPath, ...]]]]:
    batch: list[tuple[Commit | None, tuple[ChangedPath, ...]]] = []
    for one in steps:
        batch.append(one)
        if len(batch) >= _TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch


def _require_whole(tree: Rolling, paths: Iterable[ChangedPath]) -> None:
    """Check that a step changes what was there, each path once: else one of its trees is malformed.

    Git compares trees whose entries repeat, or are out of order, without a word, unless the server sets
    `receive.fsckObjects`.
    """
    seen: set[str] = set()
    for path, was, _ in paths:
        directory, _, name = path.rpartition("/")
        there = tree.entries(directory).get(name)
        known = there if there is not None and not there.is_directory else None
        if path in seen or (known != was):
            raise InvalidDocument("the tree has this name twice, or out of order", where=path)
        seen.add(path)


def _read_ahead(
    catalog: Catalog, documents: Documents, changes: Sequence[ChangedPath], limits: Limits
) -> None:
    """Look at the size of what comes before anything is read, and read what is asked for soon."""
    came = {now.id: path for path, _, now in changes if now is not None and now.mode in _BLOB_MODES}
    soon = {blob for blob, path in came.items() if layout.identify(path).kind not in _UNREAD}
    # A few that are read later say by themselves then if one is no file.
    alone = soon if len(came) <= _MANY else set[str]()
    for blob in alone:
        _require_size(came[blob], catalog.reader.size(blob), limits)
    small: list[str] = []
    for blob, kind, size in bulk.sizes(catalog.repository, [one for one in came if one not in alone]):
        if kind != "blob":
            raise InvalidDocument("the tree names an object that is no file", where=came[blob])
        _require_size(came[blob], size, limits)
        if size <= LARGEST_DOCUMENT and blob in soon:
            small.append(blob)
    read = bulk.blobs(catalog.repository, small, at_most=LARGEST_DOCUMENT)
    documents.expect({blob: data for blob, data in read if data is not None})


_UNREAD = (Kind.OUTSIDE, Kind.REGISTRY_CARD, Kind.COLLECTION_CARD)
_BLOB_MODES = (REGULAR, 0o100755, 0o120000)


def _require_size(path: str, size: int, limits: Limits) -> None:
    at_most = LARGEST_DOCUMENT if path.endswith(".yaml") else limits.file
    if size > at_most:
        raise InvalidDocument(f"it has {size} bytes; at most {at_most} are taken", where=path)
