"""What an artifact is called, and what is known of it that nobody can edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from git_registry.errors import NotFound
from git_registry.model.layout import PROJECTS
from git_registry.model.selector import WANDB_PREFIX
from git_registry.sdk.surface import naming
from git_registry.sdk.surface.standing import Standing
from git_registry.sdk.surface.subject import Read, Subject, read

if TYPE_CHECKING:
    from git_registry.sdk.surface.collection import ArtifactCollection

PENDING, COMMITTED, DELETED = "PENDING", "COMMITTED", "DELETED"


class Identity(Subject):
    """The part of an artifact that says what and where it is.

    Of a link, `source_…` is the version in the project that it was linked from. One that was never in a
    project, or whose project is not here, is its own source.
    """

    _origin: Standing | None = None

    @property
    def bare_name(self) -> str:
        """Return the name it was given, or that of the collection it is in."""
        standing = self._place()
        return self._name if standing is None else standing.path.rpartition("/")[2]

    @property
    def name(self) -> str:
        """Return `churn-xgb:v3`; of a draft the name alone."""
        return self.bare_name if self._place() is None else f"{self.bare_name}:{self.version}"

    @property
    def type(self) -> str:
        """Return what kind of thing it is, such as `model`."""
        return self._type if self._place() is None else self._reading("type").manifest.type

    @property
    def standing(self) -> Standing:
        """Return where it stands: the organization, the path and the id that never change."""
        return self._standing("standing")

    @property
    def id(self) -> str | None:
        """Return 32 digits of its digest; None of a draft."""
        return None if self.is_draft() else self._standing("id").id

    @property
    def version(self) -> str:
        """Return `v3`; the first digits where history is not at hand."""
        return self._reading("version").version

    @property
    def entity(self) -> str:
        """Return the organization's name."""
        return self._standing("entity").workspace.organization

    @property
    def project(self) -> str:
        """Return the project it is in, or what W&B calls its registry: `wandb-registry-model`."""
        above = self._above()
        return f"{WANDB_PREFIX}{above}" if self.is_link else above

    def _above(self) -> str:
        return self._standing("project").path.split("/")[-2]

    @property
    def qualified_name(self) -> str:
        """Return what finds it: `acme/churn/churn-xgb:v3`; of a link `acme/model/churn:v3`.

        In a project that is called like a registry it is `acme/projects/model/churn-xgb:v3`.
        """
        standing, known = self._standing("qualified_name"), self._reading("qualified_name")
        mark = ":" if known.numbered else "@"
        return f"{self.entity}/{naming.shown(standing.workspace, standing.path)}{mark}{known.version}"

    @property
    def collection(self) -> ArtifactCollection:
        """Return the collection or artifact it is a version of."""
        return _collection(self._standing("collection"))

    @property
    def url(self) -> str:
        """Return a URI that never means anything else: `registry://model/churn@3fa94c1b…`."""
        return f"registry://{self._standing('url').selector}"

    @property
    def digest(self) -> str:
        """Return the digest of the list of its files; those of a draft are read for it."""
        if self._place() is None:
            return str(self.draft.digest())
        return str(self._reading("digest").manifest.digest)

    @property
    def size(self) -> int:
        """Return the bytes of all its files."""
        if self._place() is None:
            return sum(one.size or 0 for one in self.draft.items.values())
        return self._reading("size").manifest.size

    @property
    def file_count(self) -> int:
        """Return how many files it has."""
        return self._reading("file_count").manifest.file_count

    @property
    def commit_hash(self) -> str:
        """Return the commit that brought it; empty where history is not at hand."""
        numbered = self._reading("commit_hash").numbered
        return numbered.commit if numbered else ""

    @property
    def state(self) -> str:
        """Return PENDING, also while it is uploaded; COMMITTED, or DELETED if it was unlinked since."""
        if self.is_draft() or self._is_on_its_way():
            return PENDING
        try:
            read(self._standing("state"))
        except NotFound:
            return DELETED
        return COMMITTED

    @property
    def created_at(self) -> str:
        """Return when it was made, in UTC."""
        return self._reading("created_at").manifest.created

    # Where a link comes from

    @property
    def source_standing(self) -> Standing:
        """Return where its source stands."""
        standing = self._standing("source_standing")
        if self._origin is None:
            self._origin = _origin(standing, self._reading("source_standing"))
        return self._origin

    @property
    def source_artifact(self) -> Any:  # noqa: ANN401 - what this is a part of
        """Return what it was linked from; itself if it is no link."""
        origin = self.source_standing
        return self._whole() if origin == self._stands else type(self._whole()).at_standing(origin)

    @property
    def source_entity(self) -> str:
        """Return the organization of its source."""
        return self.entity

    @property
    def source_project(self) -> str:
        """Return the project of its source."""
        return str(self.source_artifact.project)

    @property
    def source_name(self) -> str:
        """Return the name of its source: `churn-xgb:v3`."""
        return str(self.source_artifact.name)

    @property
    def source_qualified_name(self) -> str:
        """Return the name of its source with organization and project."""
        return str(self.source_artifact.qualified_name)

    @property
    def source_version(self) -> str:
        """Return which version of its source it is."""
        return str(self.source_artifact.version)

    @property
    def source_collection(self) -> ArtifactCollection:
        """Return the artifact that its source is a version of."""
        return _collection(self.source_standing)


def _origin(standing: Standing, known: Read) -> Standing:
    source = known.manifest.source
    if standing.is_logged or source is None or source.repository is not None:
        return standing
    above = "/".join([*standing.path.split("/")[:-2], PROJECTS])
    path = f"{above}{source.project}/{source.artifact}"
    origin = Standing(workspace=standing.workspace, path=path, id=source.version)
    try:
        read(origin)
    except NotFound:
        return standing
    return origin


def _collection(standing: Standing) -> ArtifactCollection:
    from git_registry.sdk.surface.collection import ArtifactCollection

    return ArtifactCollection(standing.workspace, standing.path)
