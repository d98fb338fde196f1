"""The version numbers of a branch, by walking its first-parent line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from git_registry.catalog.catalog import Catalog
from git_registry.errors import InvalidDocument, NotFound, UsageError
from git_registry.model import layout
from git_registry.model.diff.step import Step
from git_registry.model.documents.manifest import Manifest
from git_registry.model.layout import Kind
from git_registry.model.numbers import Arrival, Numbered, number
from git_registry.model.snapshot import Snapshot
from git_registry.repository import history, remote

T = TypeVar("T")

_MOST_NAMED = 200
"""More collections than this are found by walking the whole history: an argument list has an end."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of some or all collections, as the catalog's branch has them."""

    catalog: Catalog
    of: Mapping[str, Mapping[str, Numbered]]

    def get(self, collection: str, version: str) -> Numbered | None:
        """Return a version's number and step, or None if it never was linked on this branch."""
        return self.of.get(collection, {}).get(version)

    def find(self, collection: str, wanted: int) -> str | None:
        """Return the id that has a number, linked or retired."""
        taken = self.of.get(collection, {})
        return next((version for version, numbered in taken.items() if numbered.number == wanted), None)

    def is_published(self, numbered: Numbered) -> bool:
        """Is the number permanent: does the line of the remote's default branch hold its step?"""
        return self._published is None or numbered.commit in self._published

    @cached_property
    def _published(self) -> frozenset[str] | None:
        if not remote.remotes(self.catalog.repository):
            return None
        try:
            tip = self.catalog.published_tip()
        except UsageError:
            return frozenset()  # nobody says which branch is the default one, so no number is promised
        return frozenset(history.first_parents(self.catalog.repository, tip)) if tip else frozenset()


def numbers(catalog: Catalog, collections: Sequence[str] = ()) -> Numbers:
    """Return the numbers of these collections, or of all; perhaps of more than were asked for.

    A shallow clone fetches the history it lacks first, unless `registry.deepen` is false.

    Raises:
        NotFound: the clone is shallow and may not be deepened.
    """
    tip = catalog.tip()
    if tip is None:
        return Numbers(catalog, {})
    whole_history(catalog)
    paths: list[str] = []
    if len(collections) <= _MOST_NAMED and not any(_was_renamed(catalog, path) for path in collections):
        paths = [f"{path}/{part}" for path in collections for part in ("versions", "collection.yaml")]
    steps = history.steps(catalog.repository, tip, paths=paths)
    return Numbers(catalog, number(_arrivals(catalog, steps)))


def at_hand(catalog: Catalog, collections: Iterable[str]) -> Numbers:
    """Return the numbers of these collections, for what is said or printed: nothing is fetched for it.

    There are none in a shallow clone, which can't count.
    """
    wanted = sorted(set(collections))
    if not wanted or catalog.repository.is_shallow:
        return Numbers(catalog, {})
    return numbers(catalog, wanted)


def whole_history(catalog: Catalog) -> None:
    """Make sure the clone holds the whole history; commands that number versions need it.

    Raises:
        NotFound: it does not, and `registry.deepen` forbids fetching it.
    """
    repository = catalog.repository
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
    remote.deepen(repository, _source(catalog))


def _was_renamed(catalog: Catalog, collection: str) -> bool:
    """Only the whole line tells what a renamed collection was called before, and before that."""
    now = catalog.now()
    try:
        return now.has_collection(collection) and now.collection(collection).renamed_from is not None
    except InvalidDocument:
        return True


def _arrivals(catalog: Catalog, steps: Iterator[history.Step]) -> Iterator[Arrival]:
    for step in steps:
        came: dict[str, list[tuple[str, history.Change]]] = {}
        created: list[tuple[str, history.Change]] = []
        deleted = False
        for change in step.changes:
            what = layout.identify(change.path)
            if what.kind is Kind.COLLECTION:
                deleted = deleted or change.after is None
            if change.before or not change.after:
                continue
            if what.kind is Kind.VERSION:
                came.setdefault(what.subject, []).append((what.name, change))
            elif what.kind is Kind.COLLECTION:
                created.append((what.subject, change))
        renames = _renames(catalog, step, created) if deleted else {}
        if came or renames:
            versions = tuple(
                (collection, version)
                for collection, found in came.items()
                for version in _ordered(catalog, step.commit, found)
            )
            yield Arrival(commit=step.commit, versions=versions, renames=renames)


def _renames(
    catalog: Catalog, step: history.Step, created: Sequence[tuple[str, history.Change]]
) -> Mapping[str, str]:
    """Return new path → old path of the collections this step moved whole, as their documents say."""
    if not created or not step.parents:
        return {}
    before, after = catalog.tree(step.parents[0]), catalog.tree(step.commit)
    return _reading(catalog, created, lambda: Step(Snapshot(before), Snapshot(after)).renamed)


def _reading(catalog: Catalog, blobs: Sequence[tuple[str, history.Change]], read: Callable[[], T]) -> T:
    """Return what `read` gives; what it needs is fetched first if this clone has history without blobs."""
    try:
        return read()
    except NotFound:
        if not remote.remotes(catalog.repository):
            raise
    wanted = (change.after.id for _, change in blobs if change.after)
    remote.prefetch(catalog.repository, _source(catalog), wanted)
    return read()


def _source(catalog: Catalog) -> str:
    upstream = remote.upstream(catalog.repository, catalog.branch) if catalog.branch else None
    return upstream.remote if upstream else "origin"


def _ordered(catalog: Catalog, commit: str, found: Sequence[tuple[str, history.Change]]) -> list[str]:
    if len(found) == 1:
        return [found[0][0]]
    tree = catalog.tree(commit)

    def key(one: tuple[str, history.Change]) -> tuple[str, str]:
        version, change = one
        try:
            return tree.document(change.path, Manifest).created, version
        except InvalidDocument:
            return "", version

    return [version for version, _ in _reading(catalog, found, lambda: sorted(found, key=key))]
