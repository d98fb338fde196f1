"""`gr.Api()`: the organization as a script asks for it, outside any run."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from git_registry.errors import NotFound, UsageError
from git_registry.model.layout import PROJECTS
from git_registry.model.names import TAG
from git_registry.model.selector import WANDB_PREFIX
from git_registry.sdk import selecting
from git_registry.sdk.surface import naming
from git_registry.sdk.surface.artifact_type import ArtifactType, of_type, types_in
from git_registry.sdk.surface.collection import ArtifactCollection
from git_registry.sdk.surface.organization import Organization, viewer
from git_registry.sdk.surface.query import asking
from git_registry.sdk.surface.standing import Standing
from git_registry.sdk.surface.workspace import Workspace

if TYPE_CHECKING:
    from git_registry.sdk.surface.artifact import Artifact
    from git_registry.sdk.surface.collections import ArtifactCollections
    from git_registry.sdk.surface.members import Team, User
    from git_registry.sdk.surface.past_run import PastRun
    from git_registry.sdk.surface.past_runs import Runs
    from git_registry.sdk.surface.project import Project
    from git_registry.sdk.surface.registries import Registries
    from git_registry.sdk.surface.registry import Registry
    from git_registry.sdk.surface.versions import Versions


class Api:
    """One organization: its registries, its projects, and what is in them.

    What it answers is what was fetched; what it changes is published at once. `flush()` fetches.

    Args:
        overrides: `entity`, which is checked, and `project`, for names without one.
        timeout: accepted as W&B does; Git's own settings say how long a remote may take.
        api_key: accepted as W&B does; Git's credential helpers keep what a remote asks for.
        path: a clone's directory or a URL, if it is not the one that commands would find.
        at: a revision or a date: everything is as of then, and nothing can be written.

    Raises:
        UsageError: the entity is another organization's.
    """

    def __init__(
        self,
        overrides: Mapping[str, str] | None = None,
        timeout: int | None = None,
        api_key: str | None = None,
        *,
        path: str | None = None,
        at: str | None = None,
    ) -> None:
        del timeout, api_key
        given = overrides or {}
        self.workspace = Workspace(path=path, at=at)
        self._project = given.get("project")
        naming.check_entity(self.workspace, given.get("entity") or given.get("organization"))

    @property
    def default_entity(self) -> str:
        """Return the organization's name."""
        return self.workspace.organization

    @property
    def viewer(self) -> User | None:
        """Return who we are; None if nobody knows."""
        return viewer(self.workspace)

    def user(self, username_or_email: str) -> User | None:
        """Return somebody the organization knows by that name or address; None if it knows nobody."""
        identities = self.organization().document.identities
        for one in self.organization().members:
            addresses = identities[one.id].emails if one.id in identities else ()
            if username_or_email in (one.id, one.username, *addresses):
                return one
        return None

    def team(self, team: str) -> Team:
        """Return a team.

        Raises:
            NotFound: there is none of that name.
        """
        teams = {one.name: one for one in self.organization().teams}
        if team not in teams:
            raise NotFound(f"there is no team {team!r}", hint=selecting.nearest(team, teams))
        return teams[team]

    def organization(self, name: str | None = None) -> Organization:
        """Return the organization.

        Raises:
            UsageError: it is not called that.
        """
        naming.check_entity(self.workspace, name)
        return Organization(self.workspace.catalog.now().organization())

    def flush(self) -> None:
        """Fetch what others published since.

        Raises:
            NetworkError: the remote can't be reached.
        """
        from git_registry.repository import remote

        catalog = self.workspace.catalog
        upstream = remote.destination(catalog.repository, catalog.branch or "")
        if upstream is not None:
            remote.fetch(catalog.repository, upstream.remote)

    # Versions

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
        prefix = PROJECTS if there.project else ""
        return Standing(workspace=self.workspace, path=f"{prefix}{found.collection}", id=found.id)

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
        wanted = [TAG.check(tag) for tag in ([tags] if isinstance(tags, str) else tags or ())]
        document = {"$and": [{"tag": tag} for tag in wanted]} if wanted else None
        return collection.versions(filter=document, order=order, per_page=per_page, start=start)

    def artifact_versions(self, type_name: str, name: str, per_page: int = 50) -> Versions:
        """Return the same as `artifacts`, W&B's older name of which this is."""
        warnings.warn(
            "Api.artifact_versions is deprecated, use Api.artifacts", DeprecationWarning, stacklevel=2
        )
        return self.artifacts(type_name, name, per_page=per_page)

    # Collections

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

    def _place(self, project: str | None) -> str:
        return naming.place(self.workspace, project or self._project or naming.UNCATEGORIZED)

    # Registries

    def registries(
        self,
        organization: str | None = None,
        filter: Mapping[str, object] | None = None,
        order: str | None = None,
        per_page: int = 100,
        start: str | None = None,
    ) -> Registries:
        """Return the registries that pass a filter, by default by name.

        Raises:
            UsageError: it is another organization; the filter or the order can't be read.
        """
        from git_registry.sdk.surface.registries import Registries

        naming.check_entity(self.workspace, organization)
        return Registries(self.workspace, asking("registry", filter, order), per_page=per_page, start=start)

    def registry(self, name: str, organization: str | None = None) -> Registry:
        """Return a registry by its name or title, in any case, with or without `wandb-registry-`.

        Raises:
            NotFound: there is none of that name; the nearest is suggested.
            UsageError: it is another organization.
        """
        from git_registry.sdk.surface.registry import Registry

        naming.check_entity(self.workspace, organization)
        return Registry(self.workspace, naming.registry(self.workspace, name))

    def create_registry(
        self,
        name: str,
        visibility: str,
        organization: str | None = None,
        description: str | None = None,
        artifact_types: Iterable[str] | None = None,
    ) -> Registry:
        """Create a registry.

        Args:
            name: at most 113 characters. One that no directory can have becomes the title.
            visibility: `organization`, or `restricted` to its members. Who creates that is its admin.
            organization: ours, if it is given.
            description: what it is for.
            artifact_types: those it accepts; None for all.

        Raises:
            Conflict: there is one of that name.
            UsageError: it may not be called that; "Invalid visibility"; it is another organization.
        """
        from git_registry.sdk.surface.registry import Registry

        return Registry.create(
            self.workspace,
            name,
            visibility,
            organization=organization,
            description=description,
            artifact_types=artifact_types,
        )

    # Projects and runs

    def project(self, name: str, entity: str | None = None) -> Project:
        """Return a project, which need not be there yet, or a registry, which W&B has as a project.

        Raises:
            NotFound: there is no such registry.
            UsageError: the entity is another organization's.
        """
        from git_registry.sdk.surface.project import Project

        naming.check_entity(self.workspace, entity)
        return Project(workspace=self.workspace, place=naming.place(self.workspace, name))

    def projects(self, entity: str | None = None, per_page: int = 200) -> list[Project]:  # noqa: ARG002
        """Return all projects that were fetched, by name.

        Raises:
            UsageError: the entity is another organization's.
        """
        from git_registry.catalog.projects import projects
        from git_registry.sdk.surface.project import Project

        naming.check_entity(self.workspace, entity)
        names = projects(self.workspace.catalog.repository)
        return [Project(workspace=self.workspace, place=f"{PROJECTS}{name}") for name in names]

    def run(self, path: str = "") -> PastRun:
        """Return a run: `k3j2h1`, `churn/k3j2h1`, `acme/churn/k3j2h1`.

        Raises:
            NotFound: there is none; the nearest is suggested.
            UsageError: the path is none, or names another organization.
        """
        from git_registry.sdk.surface.past_run import PastRun

        return PastRun(self.workspace, *naming.run(self.workspace, path, self._project))

    def runs(
        self,
        path: str | None = None,
        filters: Mapping[str, object] | None = None,
        order: str | None = "+created_at",
        per_page: int = 50,
    ) -> Runs:
        """Return the runs of a project that pass a filter, by default the first started first.

        Args:
            path: `churn` or `acme/churn`.
            filters: such as `{"state": "finished", "config.depth": {"$gte": 6}}`.
            order: a field, `-` in front for descending; `-summary_metrics.auc` too.
            per_page: how many are handed out as a page.

        Raises:
            UsageError: the filter or the order can't be read; the path names another organization.
        """
        from git_registry.sdk.surface.past_runs import Runs

        place = self._place(path)
        if not place.startswith(PROJECTS):
            raise UsageError(f"{path!r} is a registry, which has no runs", hint=f"{WANDB_PREFIX}… names one")
        return Runs.of_project(
            self.workspace, place.removeprefix(PROJECTS), filters, order, per_page=per_page
        )
