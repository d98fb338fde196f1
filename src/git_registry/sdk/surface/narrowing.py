"""From what holds versions to those that pass a filter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from git_registry.index.search.row import Thing
from git_registry.sdk.surface.query import Asked
from git_registry.sdk.surface.workspace import Workspace

if TYPE_CHECKING:
    from git_registry.sdk.surface.versions import Versions


class HoldsVersions:
    """What versions are in. What it is made of says in which ones of all: `_inside`."""

    _workspace: Workspace

    def _inside(self, kind: Thing, filter: Mapping[str, object] | None, order: str | None) -> Asked:
        raise NotImplementedError

    def versions(
        self,
        filter: Mapping[str, object] | None = None,
        order: str | None = None,
        per_page: int = 100,
        start: str | None = None,
    ) -> Versions:
        """Return the versions in it that pass a filter of their own, by default the last linked first.

        Raises:
            UsageError: the filter or the order can't be read; or `start` is given for an ordered chain.
        """
        from git_registry.sdk.surface.versions import Versions

        asked = self._inside("version", filter, order)
        return Versions.asked(self._workspace, asked, per_page=per_page, start=start)
