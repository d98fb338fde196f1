"""Collections, as a script iterates over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Self

from git_registry.catalog.catalog import Catalog
from git_registry.errors import InvalidDocument
from git_registry.index.search.row import Row
from git_registry.model.layout import PROJECTS
from git_registry.sdk import searching
from git_registry.sdk.surface import dates
from git_registry.sdk.surface.chained import Chained
from git_registry.sdk.surface.collection import ArtifactCollection
from git_registry.sdk.surface.listing import Listing
from git_registry.sdk.surface.narrowing import HoldsVersions
from git_registry.sdk.surface.ordering import arranged
from git_registry.sdk.surface.paging import Pages
from git_registry.sdk.surface.query import Query, asking
from git_registry.sdk.surface.workspace import Workspace

if TYPE_CHECKING:
    from git_registry.model.filters import Order


def _collection(workspace: Workspace, row: Row) -> ArtifactCollection:
    return ArtifactCollection(workspace, row.path)


class Collections(Chained[ArtifactCollection]):
    """Collections that pass a filter, by default by name.

    Args:
        workspace: the organization.
        asked: what they answer.
        per_page: how many are read at first.
        start: a `cursor` from before.
    """

    _made = staticmethod(_collection)


class HoldsCollections(HoldsVersions):
    """What collections are in, and versions in those."""

    def collections(
        self,
        filter: Mapping[str, object] | None = None,
        order: str | None = None,
        per_page: int = 100,
        start: str | None = None,
    ) -> Collections:
        """Return the collections in it that pass a filter of their own, by default by name.

        Raises:
            UsageError: the filter or the order can't be read; or `start` is given for an ordered chain.
        """
        asked = self._inside("collection", filter, order)
        return Collections(self._workspace, asked, per_page=per_page, start=start)


class ArtifactCollections(Pages[ArtifactCollection]):
    """The artifacts of a project, or the collections of a registry, that have one type; by name."""

    @classmethod
    def of_registry(
        cls,
        workspace: Workspace,
        registry: str,
        wanted: Mapping[str, object],
        *,
        order: str | None = None,
        per_page: int = 50,
        start: str | None = None,
    ) -> Self:
        """Return those of a registry that pass a filter."""
        asked = asking("collection", wanted, order, within=registry)
        return cls(Query(workspace=workspace, asked=asked, make=_collection), per_page=per_page, start=start)

    @classmethod
    def of_project(
        cls,
        workspace: Workspace,
        project: str,
        wanted: Mapping[str, object],
        *,
        order: str | None = None,
        per_page: int = 50,
        start: str | None = None,
    ) -> Self:
        """Return those of a project that pass a filter."""
        by = searching.read_order(order, "collection") if order else None
        load = partial(_artifacts, workspace=workspace, project=project, wanted=wanted, order=by)
        return cls(Listing(workspace=workspace, project=project, load=load), per_page=per_page, start=start)


def _artifacts(
    there: Catalog,
    workspace: Workspace,
    project: str,
    wanted: Mapping[str, object],
    order: Order | None,
) -> Sequence[ArtifactCollection]:
    paths = list(there.now().collections(project))
    read = searching.read_filter("collection", document=wanted) if wanted else None
    found = arranged(paths, partial(_facts, there), read, order)
    return [ArtifactCollection(workspace, PROJECTS + path) for path in found]


def _facts(there: Catalog, path: str) -> Mapping[str, object]:
    """Return what filters may ask of an artifact; nothing of one whose document can't be read."""
    try:
        document = there.now().collection(path)
    except InvalidDocument:
        return {}
    return {
        "name": path.partition("/")[2],
        "path": path,
        "title": document.title,
        "description": document.description,
        "tag": document.tags,
        "type": document.type,
        "alias": tuple(there.now().alias_names(path)),
        "created_at": dates.created(there, path),
        "updated_at": dates.updated(there, path),
    }
