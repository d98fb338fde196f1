"""What a document records about what was made from what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from git_registry.model.documents import manifest as documents
from git_registry.model.documents import run as run_documents
from git_registry.model.layout import PROJECTS
from git_registry.model.lineage.nodes import Code, Data, Node, Run, Version


class Relation(Enum):
    """How the start of an edge is related to its end, in the order they are shown."""

    LINKED_FROM = "linked-from"
    """A registry's version is the project's version at the end."""
    MADE = "made"
    """A run made the version at the end; or code did, in no run."""
    RAN = "ran"
    """A run ran the code at the end."""
    USED = "used"
    """A version or run used the version or data at the end."""


class Way(Enum):
    """Along the edges: to what something was made from, or to what was made from it."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Edge:
    """One thing that a document records: `start` used, made, ran or was linked from `end`.

    Attributes:
        used_as: what an input was used as, if that was said.
        dirty: did the work tree of the code differ from its commit?
    """

    start: Node
    relation: Relation
    end: Node
    used_as: str | None = None
    dirty: bool = False

    @property
    def upstream(self) -> Node:
        """Return the end that was there first."""
        return self.start if self.relation is Relation.MADE else self.end

    @property
    def downstream(self) -> Node:
        """Return the end that came of the other."""
        return self.end if self.relation is Relation.MADE else self.start

    def far(self, way: Way) -> Node:
        """Return where it leads in this direction."""
        return self.upstream if way is Way.UP else self.downstream

    def near(self, way: Way) -> Node:
        """Return where it comes from in this direction."""
        return self.downstream if way is Way.UP else self.upstream


def artifact_place(project: str, artifact: str) -> str:
    """Return the place of an artifact's versions: `projects/churn/churn-xgb`."""
    return f"{PROJECTS}{project}/{artifact}"


def artifact_at(place: str) -> tuple[str, str] | None:
    """Return project and artifact of a place, or None if it is a registry's collection."""
    if not place.startswith(PROJECTS):
        return None
    project, _, artifact = place.removeprefix(PROJECTS).partition("/")
    return project, artifact


def edges_of_manifest(
    place: str, manifest: documents.Manifest, *, organization: str | None = None
) -> Iterator[Edge]:
    """Yield what the manifest of a version at `place` records.

    Args:
        place: `model/churn`, or `projects/churn/churn-xgb`.
        manifest: what stands there. Linked from a project it is the same one, so it says there what it
            says here, and goes on saying it where the project can't be seen.
        organization: our own name; what is said to be in that repository is in this one.
    """
    version = Version(place, manifest.id)
    source = _project_version(manifest.source, organization) if manifest.source else version
    if source != version:
        yield Edge(version, Relation.LINKED_FROM, source)
    run = Run(manifest.run.project, manifest.run.id) if manifest.run else None
    if run:
        yield Edge(run, Relation.MADE, version)
        yield from _ran(run, manifest.code)
    elif manifest.code and manifest.code.commit:
        code = Code(manifest.code.commit, manifest.code.repository or None)
        yield Edge(code, Relation.MADE, version, dirty=manifest.code.dirty)
    yield from _used(version, manifest.inputs, organization)


def edges_of_run(
    project: str, run_id: str, run: run_documents.Run, *, organization: str | None = None
) -> Iterator[Edge]:
    """Yield what a run's document records; `organization` is our own name."""
    node = Run(project, run_id)
    for made in run.outputs:
        place = artifact_place(project, made.artifact)
        yield Edge(node, Relation.MADE, Version(place, made.version))
    yield from _ran(node, run.code)
    yield from _used(node, run.inputs, organization)


def _ran(run: Run, code: documents.Code | None) -> Iterator[Edge]:
    if code and code.commit:
        yield Edge(run, Relation.RAN, Code(code.commit, code.repository or None), dirty=code.dirty)


def _used(user: Version | Run, inputs: Iterable[documents.Input], organization: str | None) -> Iterator[Edge]:
    for one in inputs:
        yield Edge(user, Relation.USED, input_node(one, organization), used_as=one.used_as or None)


def input_node(one: documents.Input, organization: str | None = None) -> Version | Data:
    """Return what an input names; `organization` is our own name."""
    if one.uri:
        return Data(one.uri, one.digest)
    place = one.registry or artifact_place(one.project or "", one.artifact or "")
    return Version(place, one.version or "", _elsewhere(one.repository, organization))


def _project_version(source: documents.ProjectVersion, organization: str | None) -> Version:
    place = artifact_place(source.project, source.artifact)
    return Version(place, source.version, _elsewhere(source.repository, organization))


def _elsewhere(repository: str | None, organization: str | None) -> str | None:
    return None if repository == organization else repository
