"""A collection of a registry, or an artifact of a project, as W&B's API shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from git_registry.catalog.catalog import Catalog
from git_registry.errors import UsageError
from git_registry.index.numbers import numbers
from git_registry.model.layout import PROJECTS
from git_registry.model.selector import WANDB_PREFIX, Selector
from git_registry.sdk import saving, selecting
from git_registry.sdk.surface import dates
from git_registry.sdk.surface.fields import LATEST
from git_registry.sdk.surface.listed import listed
from git_registry.sdk.surface.workspace import Workspace

if TYPE_CHECKING:
    from git_registry.index.events.history import Recorded
    from git_registry.model.lineage.graph import Graph
    from git_registry.sdk.surface.versions import Versions


class ArtifactCollection:
    """Versions under one name: where they were logged, or where they are linked.

    `name`, `description` and `tags` may be set; `save()` writes them, in one commit.

    Attributes:
        description: what it is for; None or an empty text says nothing.
        tags: a list to edit in place.

    Args:
        workspace: the organization.
        path: `model/churn`, or `projects/churn/features`.

    Raises:
        NotFound: it isn't there; the nearest is suggested.
    """

    description: str | None
    tags: list[str]

    def __init__(self, workspace: Workspace, path: str) -> None:
        self._workspace = workspace
        self._path = path
        self.load()

    def load(self) -> None:
        """Read it again; what was set and not saved is forgotten."""
        there, selector = self._place()
        path = selecting.whole(there, selector)
        self._document = there.now().collection(path)
        self._name = path.partition("/")[2]
        self.description = self._document.description
        self.tags = list(self._document.tags)

    def _place(self) -> tuple[Catalog, Selector]:
        """Return the clone seen from its branch, and what selects it there."""
        return selecting.place(self._workspace.catalog, self._path)

    @property
    def id(self) -> str:
        """Return its path."""
        return self._path

    @property
    def path(self) -> str:
        """Return what selects it: `model/churn`, `projects/churn/features`."""
        return self._path

    @property
    def entity(self) -> str:
        """Return the organization's name."""
        return self._workspace.organization

    @property
    def project(self) -> str:
        """Return its project, or what W&B calls its registry: `wandb-registry-model`."""
        registry = self._path.split("/")[-2]
        return registry if self.is_sequence() else f"{WANDB_PREFIX}{registry}"

    @property
    def name(self) -> str:
        """What it is called, or will be once it is saved. Its versions keep their numbers."""
        return self._name

    @name.setter
    def name(self, name: str) -> None:
        if not name or "/" in name:
            raise UsageError(f"a collection can't be called {name!r}")
        self._name = name

    @property
    def type(self) -> str:
        """The type of its artifacts, which never changes."""
        return self._document.type

    @type.setter  # noqa: A003 - it is the property's own
    def type(self, artifact_type: str) -> None:
        self.change_type(artifact_type)

    def change_type(self, new_type: str) -> None:
        """Refuse: a type never changes. W&B lets one change that of a project's artifact.

        Raises:
            UsageError: it is not the type it has.
        """
        if not self.is_sequence():
            raise UsageError("Type can only be changed if the artifact collection is a sequence.")
        if new_type != self.type:
            raise UsageError(
                f"an artifact's type never changes, so {self.type!r} can't become {new_type!r}",
                where=self._path,
                hint="log it under another name",
            )

    @property
    def aliases(self) -> list[str]:
        """Return the aliases of all its versions."""
        there, selector = self._place()
        known = numbers(there).latest(selector.path)
        return [*there.now().alias_names(selector.path), *([LATEST] if known else [])]

    @property
    def created_at(self) -> str:
        """Return when it was created: UTC, ISO 8601."""
        there, selector = self._place()
        return dates.created(there, selector.path)

    @property
    def updated_at(self) -> str:
        """Return when anything last happened to it: UTC, ISO 8601."""
        there, selector = self._place()
        return dates.updated(there, selector.path)

    def is_sequence(self) -> bool:
        """Are its versions logged here, in a project? Those of a registry are linked."""
        return self._path.startswith(PROJECTS)

    def artifacts(self, per_page: int = 50, start: str | None = None) -> Versions:
        """Return its versions, the newest first."""
        from git_registry.sdk.surface.versions import Versions

        return Versions.of_collection(self._workspace, self._path, per_page=per_page, start=start)

    def versions(
        self,
        filter: Mapping[str, object] | None = None,
        order: str | None = None,
        per_page: int = 50,
        start: str | None = None,
    ) -> Versions:
        """Return those of its versions that pass a filter, in an order; by default the newest first.

        Raises:
            UsageError: the filter or the order can't be read.
        """
        from git_registry.sdk.surface.versions import Versions

        return Versions.of_collection(
            self._workspace, self._path, filter=filter, order=order, per_page=per_page, start=start
        )

    def save(self) -> None:
        """Write what was set, in one commit, and read it again.

        Raises:
            Conflict: somebody changed the same meanwhile, or the name is taken.
            NotFound: it isn't there any more.
            UsageError: a name or tag is not allowed.
        """
        there, selector = self._place()
        before = self._document
        wanted = tuple(dict.fromkeys(listed(self.tags)))
        tags = before.tags if set(wanted) == set(before.tags) else wanted
        after = replace(before, description=self.description or None, tags=tags)
        saving.save_collection(there, selector.path, before=before, after=after, name=self._name)
        self._path = f"{self._path.rpartition('/')[0]}/{self._name}"
        self.load()

    def delete(self) -> None:
        """Delete it. Its versions are linked no more; where else they are, they stay.

        Raises:
            NotFound: it isn't there any more.
        """
        from git_registry.sdk import managing

        managing.delete(self._workspace.catalog, self._path)

    def events(self, *, newest_first: bool = True, limit: int | None = None) -> Sequence[Recorded]:
        """Return what happened to it, each event with its commit, author and time."""
        from git_registry.index.events.history import Wanted
        from git_registry.sdk.auditing import history

        wanted = Wanted(newest_first=newest_first, limit=limit)
        return history(self._workspace.catalog, self._path, wanted).events

    def lineage(self) -> Graph:
        """Return what its latest version was made from, and what was made from that."""
        from git_registry.sdk.tracing import lineage

        return lineage(self._workspace.catalog, self._path)

    def __repr__(self) -> str:
        return f"<ArtifactCollection {self._path} ({self.type})>"
