"""Registries, as a script iterates over them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from git_registry.index.search.row import Row
from git_registry.sdk.surface.collections import Collections
from git_registry.sdk.surface.paging import Pages
from git_registry.sdk.surface.query import Asked, Query, asking
from git_registry.sdk.surface.registry import Registry
from git_registry.sdk.surface.workspace import Workspace

if TYPE_CHECKING:
    from git_registry.sdk.surface.versions import Versions


class Registries(Pages[Registry]):
    """Registries that pass a filter, by default by name; their collections, and the versions in those.

    Args:
        workspace: the organization.
        asked: what they answer.
        per_page: how many are read at first.
        start: a `cursor` from before.
    """

    def __init__(
        self, workspace: Workspace, asked: Asked, *, per_page: int = 100, start: str | None = None
    ) -> None:
        source = Query(workspace=workspace, asked=asked, make=_registry)
        super().__init__(source, per_page=per_page, start=start)
        self._workspace = workspace
        self._asked = asked

    def collections(
        self,
        filter: Mapping[str, object] | None = None,
        order: str | None = None,
        per_page: int = 100,
        start: str | None = None,
    ) -> Collections:
        """Return the collections in these registries that pass a filter of their own.

        Raises:
            UsageError: the filter or the order can't be read; or `start` is given for an ordered chain.
        """
        asked = asking("collection", filter, order, under=self._asked)
        return Collections(self._workspace, asked, per_page=per_page, start=start)

    def versions(
        self,
        filter: Mapping[str, object] | None = None,
        order: str | None = None,
        per_page: int = 100,
        start: str | None = None,
    ) -> Versions:
        """Return the versions in these registries that pass a filter of their own.

        Raises:
            UsageError: the filter or the order can't be read; or `start` is given for an ordered chain.
        """
        from git_registry.sdk.surface.versions import Versions

        asked = asking("version", filter, order, under=self._asked)
        return Versions.asked(self._workspace, asked, per_page=per_page, start=start)


def _registry(workspace: Workspace, row: Row) -> Registry:
    return Registry(workspace, row.path)
