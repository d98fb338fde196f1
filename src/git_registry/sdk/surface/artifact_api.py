"""The part of the API that finds versions, collections and types, in registries and projects."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from git_registry.errors import NotFound, UsageError
from git_registry.model.names import TAG
from git_registry.sdk import selecting
from git_registry.sdk.surface import naming
from git_registry.sdk.surface.artifact_type import ArtifactType, of_type, types_in
from git_registry.sdk.surface.collection import ArtifactCollection
from git_registry.sdk.surface.listed import listed
from git_registry.sdk.surface.reaching import Reaching
from git_registry.sdk.surface.standing import Standing
from git_registry.sdk.views import named

if TYPE_CHECKING:
    from git_registry.sdk.surface.artifact import Artifact
    from git_registry.sdk.surface.collections import ArtifactCollections
    from git_registry.sdk.surface.versions import Versions


class ArtifactApi(Reaching):
    """Finds versions and what they are in, by W&B's names or ours."""

    def artifact(self, name: str, type: str | None = None) -> Artifact:
        """Return a version: `churn/features:v3`, `wandb-registry-model/churn:production`; else the latest.

        Raises:
            NotFound: there is none by that name.
            UsageError: it is of another type; the name is none, or names another organization.
        """
        from git_registry.sdk.surface.artifact import Artifact

        return Artifact.at_standing(self._standing(name, type))

    def _standing(self, name: str, artifact_type: str | None) -> Standing:
        selector = naming.selector(self.workspace, name, self._project)
        there, parsed = selecting.place(self.workspace.catalog, selector)
        found = selecting.version(there, parsed)
        if artifact_type is not None:
            known = selecting.manifest(there.now(), found).type
            if known != artifact_type:
                raise UsageError(
                    f"type {artifact_type!r} specified, but this artifact is of type {known!r}", where=name
                )
        return Standing(workspace=self.workspace, path=named(there, found.collection), id=found.id)

    def artifact_exists(self, name: str, type: str | None = None) -> bool:
        """Is there such a version, and is it of that type?

        Raises:
            UsageError: the name is none, or names another organization.
        """
        try:
            there = self._standing(name, None)
        except NotFound:
            return False
        return type is None or there.resolve().manifest.type == type

    def artifacts(
        self,
        type_name: str,
        name: str,
        order: str | None = None,
        per_page: int = 50,
        tags: str | Sequence[str] | None = None,
        start: str | None = None,
    ) -> Versions:
        """Return the versions of a collection or artifact, by default the newest first.

        Args:
            type_name: the type of its artifacts.
            name: its name, as in `artifact`, without a version.
            order: a field, `-` in front for descending.
            per_page: how many are read at first.
            tags: only versions that have all of these.
            start: a `cursor` from before.

        Raises:
            NotFound: there is none by that name.
            UsageError: it has another type; or order, tag or cursor are none.
        """
        collection = self.artifact_collection(type_name, name)
        wanted = [TAG.check(tag) for tag in listed(tags)]
        document = {"$and": [{"tag": tag} for tag in wanted]} if wanted else None
        return collection.versions(filter=document, order=order, per_page=per_page, start=start)

    def artifact_versions(self, type_name: str, name: str, per_page: int = 50) -> Versions:
        """Return the same as `artifacts`, W&B's older name of which this is."""
        warnings.warn(
            "Api.artifact_versions is deprecated, use Api.artifacts", DeprecationWarning, stacklevel=2
        )
        return self.artifacts(type_name, name, per_page=per_page)

    def artifact_collection(self, type_name: str, name: str) -> ArtifactCollection:
        """Return a collection of a registry, or an artifact of a project.

        Raises:
            NotFound: there is none by that name.
            UsageError: it has another type; the name is none, or names another organization.
        """
        path = naming.collection(self.workspace, name, self._project)
        return of_type(ArtifactCollection(self.workspace, path), type_name)

    def artifact_collection_exists(self, name: str, type: str) -> bool:
        """Is there such a collection or artifact, and has it that type?

        Raises:
            UsageError: the name is none, or names another organization.
        """
        try:
            path = naming.collection(self.workspace, name, self._project)
            return ArtifactCollection(self.workspace, path).type == type
        except NotFound:
            return False

    def artifact_collections(
        self,
        project_name: str,
        type_name: str,
        order: str | None = None,
        per_page: int = 50,
        start: str | None = None,
    ) -> ArtifactCollections:
        """Return a registry's collections of one type, or a project's artifacts; by default by name.

        Raises:
            NotFound: there is no such registry.
            UsageError: order or cursor are none.
        """
        kind = self._type(type_name, project_name)
        return kind.collections(order=order, per_page=per_page, start=start)

    def artifact_types(self, project: str | None = None, start: str | None = None) -> list[ArtifactType]:  # noqa: ARG002
        """Return the types of a project's artifacts, or those a registry accepts. They come on one page.

        Raises:
            NotFound: there is no such project or registry.
        """
        place = self._place(project)
        return [self._type(name, place) for name in types_in(self.workspace, place)]

    def artifact_type(self, type_name: str, project: str | None = None) -> ArtifactType:
        """Return one type.

        Raises:
            NotFound: nothing there has it, or may have it.
        """
        known = types_in(self.workspace, self._place(project))
        if type_name not in known:
            there = f"there are {', '.join(known)}" if known else "there is none yet"
            raise NotFound(f"there is no type {type_name!r}", where=self._place(project), hint=there)
        return self._type(type_name, project)

    def _type(self, name: str, project: str | None) -> ArtifactType:
        return ArtifactType(workspace=self.workspace, place=self._place(project), name=name)
