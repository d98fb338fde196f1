"""Registries, as a script iterates over them."""

from __future__ import annotations

from collections.abc import Mapping

from git_registry.index.search.row import Row, Thing
from git_registry.sdk.surface.collections import HoldsCollections
from git_registry.sdk.surface.paging import Pages
from git_registry.sdk.surface.query import Asked, Query, asking
from git_registry.sdk.surface.registry import Registry
from git_registry.sdk.surface.workspace import Workspace


class Registries(Pages[Registry], HoldsCollections):
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

    def _inside(self, kind: Thing, filter: Mapping[str, object] | None, order: str | None) -> Asked:
        return asking(kind, filter, order, under=self._asked)


def _registry(workspace: Workspace, row: Row) -> Registry:
    return Registry(workspace, row.path)
