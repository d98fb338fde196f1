"""One type of artifacts in a project or a registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from git_registry.errors import InvalidDocument, UsageError
from git_registry.model.layout import PROJECTS
from git_registry.model.names import PLACE
from git_registry.model.snapshot import Snapshot
from git_registry.sdk import selecting
from git_registry.sdk.surface.collection import ArtifactCollection
from git_registry.sdk.surface.collections import ArtifactCollections
from git_registry.sdk.surface.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactType:
    """A type, where it is.

    Attributes:
        place: `model`, or `projects/churn`.
        name: the type.
    """

    workspace: Workspace
    place: str
    name: str

    def collections(
        self,
        filters: Mapping[str, object] | None = None,
        order: str | None = None,
        per_page: int = 50,
        start: str | None = None,
    ) -> ArtifactCollections:
        """Return the collections or artifacts of this type, by default by name.

        Raises:
            UsageError: the filter or the order can't be read.
        """
        wanted: Mapping[str, object] = {"type": self.name}
        if filters:
            wanted = {"$and": [wanted, filters]}
        project = self.place.startswith(PROJECTS)
        make = ArtifactCollections.of_project if project else ArtifactCollections.of_registry
        name = self.place.removeprefix(PROJECTS)
        return make(self.workspace, name, wanted, order=order, per_page=per_page, start=start)

    def collection(self, name: str) -> ArtifactCollection:
        """Return the collection or artifact of this type that has a name.

        Raises:
            NotFound: there is none.
            UsageError: it has another type.
        """
        return of_type(ArtifactCollection(self.workspace, f"{self.place}/{PLACE.check(name)}"), self.name)


def of_type(collection: ArtifactCollection, wanted: str | None) -> ArtifactCollection:
    """Return the collection.

    Raises:
        UsageError: it has not the type that is wanted.
    """
    if wanted is not None and collection.type != wanted:
        raise UsageError(
            f"type {wanted!r} specified, but its artifacts are of type {collection.type!r}",
            where=collection.path,
        )
    return collection


def types_in(workspace: Workspace, place: str) -> Sequence[str]:
    """Return the types of artifacts in a project, or those a registry accepts, or has where it accepts any.

    Raises:
        NotFound: there is no such project or registry.
    """
    if place.startswith(PROJECTS):
        there = selecting.on_project(workspace.catalog, place.removeprefix(PROJECTS))
        return _used(there.now(), place.removeprefix(PROJECTS))
    now = workspace.catalog.now()
    return now.registry(place).types or _used(now, place)


def _used(now: Snapshot, place: str) -> Sequence[str]:
    found = set()
    for path in now.collections(place):
        try:
            found.add(now.collection(path).type)
        except InvalidDocument:
            continue  # nobody can tell which type that is
    return sorted(found)
