"""A version's files as a tree: a row for each folder and each file, the folders first."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.errors import RegistryError
from git_registry.model.documents.manifest import FileEntry
from git_registry.sdk import listing
from git_registry.sdk.views import VersionView
from git_registry.web import far

MOST = 1_000
"""Files that are shown."""

DEEPEST = 8
"""Folders that are set in further than the one they are in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A folder or a file.

    Attributes:
        depth: in how many folders it is, as far as that shows.
        size: bytes; None if nobody knows. Of a folder, those of all that is in it.
        count: how many files are in a folder; None of a file.
        entry: what the list says of a file; None of a folder.
        command: what downloads a file; empty of a folder.
    """

    name: str
    depth: int
    size: int | None
    count: int | None = None
    entry: FileEntry | None = None
    command: str = ""

    @property
    def is_weak(self) -> bool:
        """May it change unnoticed, because it is not known by its content?"""
        return self.entry is not None and not self.entry.digest.is_content


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The files.

    Attributes:
        rows: the first of them, each below its folder.
        total: how many files there are; None if the list can't be read.
        more: how many files are not shown.
        weak: how many are not known by their content.
        example: the largest file; None if there is none, or the list can't be read.
        problem: why the list can't be read.
    """

    rows: Sequence[Row] = ()
    total: int | None = None
    more: int = 0
    weak: int = 0
    example: FileEntry | None = None
    problem: str = ""


def tree(catalog: Catalog, view: VersionView) -> Tree:
    """Return a version's files, read from the store where its manifest does not list them."""
    try:
        entries = _entries(catalog, view)
    except RegistryError as unread:
        return Tree(problem=str(unread))
    if entries is None:
        return Tree(problem=view.problem)
    ordered = sorted(entries, key=_place)
    return Tree(
        rows=list(_rows(ordered, view.path)),
        total=len(entries),
        more=max(0, len(entries) - MOST),
        weak=sum(not one.digest.is_content for one in entries),
        example=max(entries, key=lambda one: one.size or 0, default=None),
    )


def _entries(catalog: Catalog, view: VersionView) -> Sequence[FileEntry] | None:
    if view.manifest is None or view.manifest.file_list is None:
        return listing.files(catalog, view)
    with far.in_turn():
        return listing.files(catalog, view)


def _place(entry: FileEntry) -> tuple[tuple[bool, str], ...]:
    *folders, name = entry.path.split("/")
    return (*((False, one) for one in folders), (True, name))


def _rows(ordered: Sequence[FileEntry], selector: str) -> Iterator[Row]:
    inside = _inside(ordered)
    open_: list[str] = []
    for entry in ordered[:MOST]:
        *folders, name = entry.path.split("/")
        same = len(list(_common(open_, folders)))
        for depth in range(same, len(folders)):
            count, size = inside["/".join(folders[: depth + 1])]
            yield Row(name=folders[depth], depth=min(depth, DEEPEST), size=size, count=count)
        open_ = folders
        yield Row(
            name=name,
            depth=min(len(folders), DEEPEST),
            size=entry.size,
            entry=entry,
            command=shlex.join(
                ["git", "registry", "download", selector, f"./{name}", f"--path={entry.path}"]
            ),
        )


def _common(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    for ours, theirs in zip(one, other, strict=False):
        if ours != theirs:
            return
        yield ours


def _inside(entries: Sequence[FileEntry]) -> dict[str, tuple[int, int]]:
    """Return folder → how many files are in it and how many bytes, those of unknown size left out."""
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for entry in entries:
        folder = entry.path
        while "/" in folder:
            folder = folder.rpartition("/")[0]
            count, size = found[folder]
            found[folder] = (count + 1, size + (entry.size or 0))
    return found
