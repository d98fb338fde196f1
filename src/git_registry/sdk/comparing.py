"""Versions side by side."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TypeVar

from git_registry.catalog.catalog import Catalog
from git_registry.errors import RegistryError, UsageError
from git_registry.model.documents.manifest import FileEntry, Input, Manifest
from git_registry.model.documents.record import Number, Value
from git_registry.sdk import listing, selecting
from git_registry.sdk.rows import Fate, FileRow, InputRow, NumberRow, ValueRow
from git_registry.sdk.views import VersionView, named

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

Listed = Callable[[VersionView], Sequence[FileEntry] | None]
"""Gives a version's files; None if its manifest can't be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The versions' files by path.

    Attributes:
        rows: sorted by path; none if a list can't be read.
        problem: which list can't be read, and why; empty if all were.
    """

    rows: tuple[FileRow, ...] = ()
    problem: str = ""

    def counts(self, version: int) -> Mapping[Fate, int]:
        """Return how many files were added, removed, changed, or are the same, since the first version."""
        fates = [row.fates[version] for row in self.rows]
        return {fate: fates.count(fate) for fate in ("added", "removed", "changed", "same")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two or more versions in the order asked for; every row has a value for each of them."""

    versions: tuple[VersionView, ...]
    size: NumberRow
    metrics: tuple[NumberRow, ...]
    metadata: tuple[ValueRow, ...]
    inputs: tuple[InputRow, ...]
    files: Files

    @property
    def commits(self) -> tuple[str | None, ...]:
        """The commit of the code that made each."""
        codes = (view.manifest.code if view.manifest else None for view in self.versions)
        return tuple(code.commit if code else None for code in codes)


def compare(catalog: Catalog, selectors: Sequence[str]) -> Comparison:
    """Return versions side by side; a collection stands for its latest.

    They may be of different collections, and the same one may come twice. A manifest that can't be read
    gives its view alone; a file list that can't be read leaves the rest to be compared.

    Raises:
        NotFound: there is nothing by one of the names; the nearest is suggested.
        UsageError: fewer than two selectors, or one that names no version.
    """
    if len(selectors) < 2:
        raise UsageError(
            "comparing takes two versions or more",
            hint="`git registry compare model/churn:v3 model/churn:production`",
        )
    return side_by_side(_views(catalog, selectors), partial(listing.files, catalog))


def side_by_side(views: Sequence[VersionView], listed: Listed) -> Comparison:
    """Return versions side by side, one or more of them.

    Args:
        views: the versions.
        listed: gives a version's files, as `listing.files` does; what it raises is told.
    """
    return Comparison(
        versions=tuple(views),
        size=NumberRow(name="size", values=tuple(v.manifest.size if v.manifest else None for v in views)),
        metrics=_metrics(views),
        metadata=_metadata(views),
        inputs=_inputs(views),
        files=_files(views, listed),
    )


def measured(view: VersionView) -> Mapping[str, Number]:
    """Return a version's metrics: the manifest's, and the notes', which win."""
    return {**view.manifest.metrics, **view.notes.metrics} if view.manifest else {}


def _views(catalog: Catalog, selectors: Sequence[str]) -> tuple[VersionView, ...]:
    known, views = dict[str, VersionView](), []
    for text in selectors:
        there, selector = selecting.place(catalog, text)
        found = selecting.version(there, selector, assume_latest=True)
        name = f"{named(there, found.collection)}@{found.id}"
        if name not in known:
            view = listing.show(catalog, name)
            assert isinstance(view, VersionView)
            known[name] = replace(view, manifest=_as_seen_from(catalog, there, view.manifest))
        views.append(known[name])
    return tuple(views)


def _as_seen_from(catalog: Catalog, there: Catalog, manifest: Manifest | None) -> Manifest | None:
    """Return a manifest whose inputs say in which organization they are, where that is not the catalog's."""
    if manifest is None or there.mount == catalog.mount:
        return manifest
    theirs, ours = (selecting.own_name(one.registries().present()) for one in (there, catalog))
    return replace(manifest, inputs=tuple(_input(one, theirs, ours) for one in manifest.inputs))


def _input(one: Input, theirs: str, ours: str) -> Input:
    """Return an input that `theirs` records, as `ours` would; of a URI it is the same."""
    if one.uri:
        return one
    repository = one.repository or theirs
    return replace(one, repository=None if repository == ours else repository)


def _metrics(views: Sequence[VersionView]) -> tuple[NumberRow, ...]:
    each = [measured(view) for view in views]
    return tuple(NumberRow(name=name, values=tuple(one.get(name) for one in each)) for name in _union(each))


def _metadata(views: Sequence[VersionView]) -> tuple[ValueRow, ...]:
    each = [
        dict(_leaves((), {**view.manifest.metadata, **view.notes.metadata})) if view.manifest else {}
        for view in views
    ]
    return tuple(
        ValueRow(
            name=".".join(place),
            values=tuple(one.get(place) for one in each),
            given=tuple(place in one for one in each),
        )
        for place in _union(each)
    )


def _leaves(place: tuple[str, ...], value: Value) -> Iterator[tuple[tuple[str, ...], Value]]:
    """Yield what is not a mapping, with the keys that lead to it; of mappings only empty ones."""
    if not isinstance(value, Mapping) or (place and not value):
        yield place, value
        return
    for key, inner in value.items():
        yield from _leaves((*place, key), inner)


def _inputs(views: Sequence[VersionView]) -> tuple[InputRow, ...]:
    each = [{_identity(one): one for one in view.manifest.inputs} if view.manifest else {} for view in views]
    return tuple(
        InputRow(input=one, given=tuple(key in inputs for inputs in each))
        for key, one in _union(each).items()
    )


def _identity(one: Input) -> Hashable:
    return tuple(getattr(one, part.name) for part in fields(one) if part.name != "extra")


def _files(views: Sequence[VersionView], read: Listed) -> Files:
    lists: dict[str, Mapping[str, FileEntry]] = {}
    for view in views:
        if view.id in lists:
            continue  # an id is what its files are, in whichever collection
        try:
            listed = read(view)
        except RegistryError as unread:
            return Files(problem=f"{view.path}: {unread}")
        if listed is None:
            return Files(problem=view.problem)
        lists[view.id] = {entry.path: entry for entry in listed}
    each = [lists[view.id] for view in views]
    rows = (FileRow(path=path, entries=tuple(one.get(path) for one in each)) for path in sorted(_union(each)))
    return Files(rows=tuple(rows))


def _union(mappings: Iterable[Mapping[K, T]]) -> Mapping[K, T]:
    """Return every key, in the order they first come, with the value it first has."""
    union: dict[K, T] = {}
    for mapping in mappings:
        for key, value in mapping.items():
            union.setdefault(key, value)
    return union
