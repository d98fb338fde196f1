"""Registries, as a script iterates over them."""

from __future__ import annotations

from git_registry.index.search.row import Row
from git_registry.sdk.surface.chained import Chained
from git_registry.sdk.surface.collections import HoldsCollections
from git_registry.sdk.surface.registry import Registry
from git_registry.sdk.surface.workspace import Workspace


class Registries(Chained[Registry], HoldsCollections):
    """Registries that pass a filter, by default by name; their collections, and the versions in those.

    Args:
        workspace: the organization.
        asked: what they answer.
        per_page: how many are read at first.
        start: a `cursor` from before.
    """

    @staticmethod
    def _made(workspace: Workspace, row: Row) -> Registry:
        return Registry(workspace, row.path)
