"""What a project holds, as pages of it: its branch is read whole, which few projects are too large for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from git_registry.catalog.catalog import Catalog
from git_registry.errors import NotFound
from git_registry.sdk import selecting
from git_registry.sdk.surface.workspace import Workspace

T = TypeVar("T")


@dataclass(kw_only=True)
class Listing(Generic[T]):
    """Things of one project, read at one go.

    Attributes:
        project: its name.
        load: gives all of them, in order, from the clone seen from the project's branch.
    """

    workspace: Workspace
    project: str
    load: Callable[[Catalog], Sequence[T]] = field(repr=False)
    is_ordered_chain: bool = field(default=False, init=False, repr=False)
    _loaded: Sequence[T] | None = field(default=None, init=False, repr=False)

    def _there(self) -> Catalog:
        return selecting.on_project(self.workspace.catalog, self.project)

    def tip(self) -> str:
        """Return the commit that is read now.

        Raises:
            NotFound: there is no such project; the nearest is suggested.
        """
        found = self._there().tip()
        if found is None:
            raise NotFound(f"there is no project {self.project!r} here")
        return found

    def read(self, commit: str, offset: int, limit: int | None) -> Sequence[T]:
        """Return some of them as they are at a commit."""
        if self._loaded is None:
            there = self._there()
            self._loaded = self.load(there.seen_from(there.branch, commit))
        return self._loaded[offset : None if limit is None else offset + limit]

    def __str__(self) -> str:
        return f"projects/{self.project}"
