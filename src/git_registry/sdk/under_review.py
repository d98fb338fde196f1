"""What a review looks at: the organization at the base, and as the merge would make it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.ruling import rules_at
from git_registry.catalog.tree import CommitTree
from git_registry.index.numbers import Numbers, settled
from git_registry.model.documents.manifest import FileEntry
from git_registry.model.snapshot import Snapshot
from git_registry.policy.rules import Rules
from git_registry.sdk.blobs import Blobs, ruled
from git_registry.sdk.views import VersionView, version_view


@dataclass(frozen=True)
class UnderReview:
    """A change that nobody has merged yet.

    Attributes:
        catalog: the clone, seen from the base.
        base: the commit of the default branch that it is held against.
        head: the commit that is to be merged.
        tree: what the merge makes.
        lists: file lists that were read from the store, by the version's id, which is what its files are.
    """

    catalog: Catalog
    base: str
    head: str
    tree: str
    lists: dict[str, Sequence[FileEntry]] = field(default_factory=dict, repr=False)

    @cached_property
    def before(self) -> Snapshot:
        """Return the organization as it is."""
        return Snapshot(self.catalog.tree(self.base))

    @cached_property
    def after(self) -> Snapshot:
        """Return the organization as it would be."""
        return Snapshot(self.merged)

    @cached_property
    def merged(self) -> CommitTree:
        """Return the tree that the merge makes."""
        return CommitTree(self.catalog.reader, self.tree)

    @cached_property
    def known(self) -> Numbers:
        """Return the version numbers at the base: what the merge links has none yet."""
        return settled(self.catalog)

    @cached_property
    def rules(self) -> Rules:
        """Return the rules that it is judged by."""
        return rules_at(self.catalog, self.base)

    @cached_property
    def blobs(self) -> Blobs:
        """Return the store and its rules as they are, whatever the change would make of them.

        Raises:
            RegistryError: `organization.yaml` can't be read, or isn't there.
        """
        return ruled(self.catalog, self.before)

    def new(self, collection: str, version: str) -> VersionView | None:
        """Return a version as the merge would leave it; None if it is linked neither there nor now."""
        return self._view(collection, version, (self.after, self.before))

    def old(self, collection: str, version: str) -> VersionView | None:
        """Return a version as it is now; None likewise."""
        return self._view(collection, version, (self.before, self.after))

    def _view(self, collection: str, version: str, looked_in: tuple[Snapshot, ...]) -> VersionView | None:
        for now in looked_in:
            if now.find(collection, version) is not None:
                return version_view(now, collection, version, self.known)
        return None
