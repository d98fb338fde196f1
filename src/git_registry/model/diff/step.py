"""From one snapshot to the next: which paths differ, and the documents at them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TypeVar

from git_registry.errors import InvalidDocument, NotFound
from git_registry.model.diff.change import Change, identify
from git_registry.model.diff.paths import ChangedPath, changed_paths
from git_registry.model.diff.rename import carried, renames
from git_registry.model.documents.record import Document
from git_registry.model.layout import Kind
from git_registry.model.snapshot import Entry, Snapshot

D = TypeVar("D", bound=Document)

_TOGETHER = {Kind.UNLINKED: Kind.VERSION, Kind.UNLINKED_NOTES: Kind.NOTES}
_ORDER = {kind: position for position, kind in enumerate(Kind)}


class Nothing:
    """The tree before the first commit."""

    def entries(self, directory: str) -> Mapping[str, Entry]:  # noqa: ARG002
        """Return nothing."""
        return {}

    def document(self, path: str, kind: type[D]) -> D:
        """Raise: there is none."""
        raise NotFound(f"there is no {kind.kind} here", where=path)


class Step:
    """Two snapshots, and the changes from one to the other.

    Whoever knows which paths differ (Git says so of a whole history in one stream) hands them in as
    `changed_paths` would give them; otherwise the two trees are compared.

    Attributes:
        renamed: new path → old path of each collection that was renamed.
        unclear: was there something that could not be read, or was no file, where a change comes from?
            Set while one change is looked at. What it means can then not be told for sure.
    """

    __slots__ = ("_protected", "after", "before", "changes", "renamed", "unclear")

    def __init__(
        self, before: Snapshot | None, after: Snapshot | None, paths: Iterable[ChangedPath] | None = None
    ) -> None:
        self.before = before or Snapshot(Nothing())
        self.after = after or Snapshot(Nothing())
        known = changed_paths(self.before.tree, self.after.tree) if paths is None else paths
        changes = tuple(self._changes(known))
        self.renamed = renames(self.before, self.after, changes)
        self.changes = tuple(carried(changes, self.renamed)) if self.renamed else changes
        self.unclear = False
        self._protected: dict[str, frozenset[str] | None] = {}

    def _changes(self, paths: Iterable[ChangedPath]) -> Iterator[Change]:
        for path, was, now in paths:
            identity = identify(path, self.before, self.after)
            yield Change(path=path, identity=identity, before=was, after=now, origin=path)

    def groups(self) -> Iterator[tuple[Change, ...]]:
        """Yield the changes that are about one thing together: from the organization down, files last."""
        for _, group in groupby(sorted(self.changes, key=_place), key=_thing):
            yield tuple(group)

    def origin(self, collection: str) -> str:
        """Return the path a collection had before the step."""
        return self.renamed.get(collection, collection)

    def read(self, kind: type[D], was: str | None, now: str | None) -> tuple[D | None, D | None]:
        """Return the documents at a path before and at one after the step, None for no path.

        A document that could not be read *before* counts as none, and makes the step `unclear`: or else
        nobody could ever mend one.

        Raises:
            InvalidDocument: the one after the step can't be read.
        """
        return self._before(was, kind), (self.after.tree.document(now, kind) if now else None)

    def _before(self, path: str | None, kind: type[D]) -> D | None:
        try:
            return self.before.tree.document(path, kind) if path else None
        except InvalidDocument:
            self.unclear = True
            return None

    def protects(self, registry: str, alias: str) -> bool:
        """Is an alias protected before or after the step? It is if that can't be told."""
        if registry not in self._protected:
            self._protected[registry] = self._protected_in(registry)
        aliases = self._protected[registry]
        return aliases is None or alias.casefold() in aliases

    def _protected_in(self, registry: str) -> frozenset[str] | None:
        try:
            access = (self.before.access(registry), self.after.access(registry))
        except (InvalidDocument, NotFound):
            return None
        return frozenset(alias.casefold() for document in access for alias in document.protected_aliases)


def _thing(change: Change) -> tuple[object, ...]:
    """Return what a change is about: a version's manifest is one thing, wherever it lies."""
    identity = change.identity
    kind = _TOGETHER.get(identity.kind, identity.kind)
    outside = change.path if kind is Kind.OUTSIDE else ""
    return kind is Kind.OUTSIDE, identity.registry, identity.collection, _ORDER[kind], identity.name, outside


def _place(change: Change) -> tuple[object, ...]:
    return *_thing(change), change.path
