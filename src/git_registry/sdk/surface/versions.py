"""Versions, as a script iterates over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Self

from git_registry.catalog.catalog import Catalog
from git_registry.index.search.row import Row
from git_registry.model import filters
from git_registry.model.filters import Filter
from git_registry.model.layout import PROJECTS
from git_registry.model.selector import Selector
from git_registry.sdk import listing, searching
from git_registry.sdk.surface.artifact import Artifact
from git_registry.sdk.surface.listing import Listing
from git_registry.sdk.surface.ordering import arranged
from git_registry.sdk.surface.paging import Pages
from git_registry.sdk.surface.query import Asked, Query, asking
from git_registry.sdk.surface.standing import Standing
from git_registry.sdk.surface.workspace import Workspace
from git_registry.sdk.views import VersionView

_NEWEST = "-number"
"""So that the first is `latest`, which what was linked again last need not be."""


class Versions(Pages[Artifact]):
    """Versions, by default the last linked first; those of one collection by number, the highest first."""

    @classmethod
    def of_collection(
        cls,
        workspace: Workspace,
        path: str,
        *,
        filter: Mapping[str, object] | None = None,
        order: str | None = None,
        per_page: int = 50,
        start: str | None = None,
    ) -> Self:
        """Return the versions of one collection or artifact.

        Raises:
            UsageError: the filter or the order can't be read.
        """
        if not path.startswith(PROJECTS):
            asked = asking("version", filter, order or _NEWEST, within=path)
            return cls.asked(workspace, asked, per_page=per_page, start=start)
        project, _, name = path.removeprefix(PROJECTS).partition("/")
        read = searching.read_filter("version", document=filter) if filter else None
        by = searching.read_order(order, "version") if order else None
        load = partial(_logged, workspace=workspace, path=path, name=name, wanted=read, order=by)
        return cls(Listing(workspace=workspace, project=project, load=load), per_page=per_page, start=start)

    @classmethod
    def asked(
        cls, workspace: Workspace, asked: Asked, *, per_page: int = 100, start: str | None = None
    ) -> Self:
        """Return the versions that answer a question."""
        return cls(Query(workspace=workspace, asked=asked, make=_linked), per_page=per_page, start=start)


def _linked(workspace: Workspace, row: Row) -> Artifact:
    return Artifact.at_standing(Standing(workspace=workspace, path=row.path, id=row.id))


def _logged(
    there: Catalog,
    workspace: Workspace,
    path: str,
    name: str,
    wanted: Filter | None,
    order: filters.Order | None,
) -> Sequence[Artifact]:
    """Return the versions of a project's artifact."""
    assert there.project is not None
    views = listing.versions(there, Selector(registry=there.project, collection=name, project=True))
    found = arranged(views, _facts, wanted, order)
    return [Artifact.at_standing(Standing(workspace=workspace, path=path, id=view.id)) for view in found]


def _facts(view: VersionView) -> Mapping[str, object]:
    """Return what filters may ask of a version in a project."""
    manifest, notes = view.manifest, view.notes
    facts: dict[str, object] = {
        "number": view.number,
        "version": f"v{view.number}",
        "id": view.id,
        "collection": view.collection.partition("/")[2],
        "alias": view.aliases,
        "tag": notes.tags,
        "description": notes.description,
    }
    if manifest is not None:
        facts |= {
            "digest": str(manifest.digest),
            "artifact": manifest.artifact,
            "type": manifest.type,
            "created_at": manifest.created,
            "size": manifest.size,
            "metrics": {**manifest.metrics, **notes.metrics},
            "metadata": {**manifest.metadata, **notes.metadata},
            "run": manifest.run.id if manifest.run else None,
        }
    return facts
