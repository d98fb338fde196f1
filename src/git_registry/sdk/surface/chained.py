"""What registries and collections have in common when they are looked for: one filter asks within another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from git_registry.index.search.row import Row, Thing
from git_registry.sdk.surface.narrowing import HoldsVersions
from git_registry.sdk.surface.paging import Pages
from git_registry.sdk.surface.query import Asked, Query, asking
from git_registry.sdk.surface.workspace import Workspace

T = TypeVar("T")


class Chained(Pages[T], HoldsVersions):
    """Things that pass a filter, and what is in those.

    Args:
        workspace: the organization.
        asked: what they answer.
        per_page: how many are read at first.
        start: a `cursor` from before.
    """

    def __init__(
        self, workspace: Workspace, asked: Asked, *, per_page: int = 100, start: str | None = None
    ) -> None:
        source = Query(workspace=workspace, asked=asked, make=self._made)
        super().__init__(source, per_page=per_page, start=start)
        self._workspace = workspace
        self._asked = asked

    @staticmethod
    def _made(workspace: Workspace, row: Row) -> T:
        raise NotImplementedError

    def _inside(self, kind: Thing, filter: Mapping[str, object] | None, order: str | None) -> Asked:
        return asking(kind, filter, order, under=self._asked)
