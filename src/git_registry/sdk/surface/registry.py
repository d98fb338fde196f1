"""A registry, as W&B's API shows it, and a little more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from git_registry.errors import NotFound, UsageError
from git_registry.index.search.row import Thing
from git_registry.model.edits import access
from git_registry.model.names import VISIBILITY
from git_registry.model.selector import WANDB_PREFIX
from git_registry.sdk import saving
from git_registry.sdk.initialize import CORE
from git_registry.sdk.surface import dates, naming
from git_registry.sdk.surface.collections import HoldsCollections
from git_registry.sdk.surface.founding import check_name, check_new, found
from git_registry.sdk.surface.listed import listed
from git_registry.sdk.surface.membered import Membered
from git_registry.sdk.surface.query import Asked, asking
from git_registry.sdk.surface.types import AcceptedTypes
from git_registry.sdk.surface.workspace import Workspace

if TYPE_CHECKING:
    from git_registry.index.events.history import Recorded
    from git_registry.sdk.surface.together import Together


class Registry(Membered, HoldsCollections):
    """Collections of one purpose. `name`, `description`, `visibility` and types are written by `save()`.

    A registry's directory never moves, so that what names it stays right: to set `name` is to give it
    another title, by which it is found as well.

    Attributes:
        description: what it is for; None or an empty text says nothing.
        allow_all_artifact_types: does it accept collections of any type?

    Args:
        workspace: the organization.
        name: of its directory.

    Raises:
        NotFound: it isn't there.
    """

    description: str | None
    allow_all_artifact_types: bool

    def __init__(self, workspace: Workspace, name: str) -> None:
        self._workspace = workspace
        self._directory = name
        self.load()

    @classmethod
    def create(
        cls,
        workspace: Workspace,
        name: str,
        visibility: str,
        *,
        organization: str | None = None,
        description: str | None = None,
        artifact_types: str | Iterable[str] | None = None,
    ) -> Self:
        """Create a registry; one that has no types accepts all. See `Api.create_registry`."""
        naming.check_entity(workspace, organization)
        types = tuple(dict.fromkeys(listed(artifact_types)))
        return cls(workspace, found(workspace, name, visibility, description, types))

    def load(self) -> None:
        """Read it again; what was set and not saved is forgotten.

        Raises:
            NotFound: it isn't there any more.
        """
        now = self._catalog.now()
        self._document = now.registry(self._directory)
        self._title = self._document.title
        self._visibility = self._visible = access.visibility(now, self._directory)
        self.description = self._document.description
        self._types = AcceptedTypes(self._document.types)
        self.allow_all_artifact_types = not self._document.types

    @property
    def id(self) -> str:
        """Return the name of its directory."""
        return self._directory

    @property
    def internal_id(self) -> str:
        """Return the same."""
        return self._directory

    @property
    def path(self) -> str:
        """Return what selects it, whatever its title is: `model`."""
        return self._directory

    @property
    def name(self) -> str:
        """What it is called: its title if it was given one. Models and Datasets are `model` and `dataset`."""
        core = CORE.get(self._directory)
        if self._title is None or (core is not None and core.title == self._title):
            return self._directory
        return self._title

    @name.setter
    def name(self, name: str) -> None:
        check_name(name)
        self._title = None if name == self._directory else name

    @property
    def full_name(self) -> str:
        """Return W&B's name of it, which our API understands: `wandb-registry-model`."""
        return f"{WANDB_PREFIX}{self.name}"

    @property
    def entity(self) -> str:
        """Return the organization's name."""
        return self._workspace.organization

    @property
    def organization(self) -> str:
        """Return the organization's name."""
        return self._workspace.organization

    @property
    def visibility(self) -> str:
        """Who may see it: `organization`, or `restricted` to its members, which it then stays."""
        return self._visible

    @visibility.setter
    def visibility(self, visibility: str) -> None:
        if VISIBILITY.problem(visibility):
            raise UsageError(f"Invalid visibility: {VISIBILITY.problem(visibility)}")
        self._visible = visibility

    @property
    def artifact_types(self) -> AcceptedTypes:
        """The types it accepts, if not all. They are appended, and never removed once saved."""
        return self._types

    @artifact_types.setter
    def artifact_types(self, types: AcceptedTypes) -> None:
        if types is not self._types:  # `artifact_types += [...]` sets what is there already
            raise UsageError(f"types are added, not replaced: append to it what {types!r} has besides")

    @property
    def created_at(self) -> str:
        """Return when it was created: UTC, ISO 8601."""
        return dates.created(self._catalog, self._directory)

    @property
    def updated_at(self) -> str:
        """Return when anything last happened in it: UTC, ISO 8601."""
        return dates.updated(self._catalog, self._directory)

    def _inside(self, kind: Thing, filter: Mapping[str, object] | None, order: str | None) -> Asked:
        return asking(kind, filter, order, within=self._directory)

    def save(self) -> None:
        """Write what was set, in one commit, and read it again.

        Raises:
            Conflict: somebody changed the same meanwhile, or another registry is called that.
            InvalidDocument: it accepted any type, and shall not any more.
            NotFound: it isn't there any more.
            Refused: it is restricted, and shall be so no longer.
            UsageError: a type was added while it accepts all, or there is none to accept.
        """
        before = self._document
        if self._title != before.title and self._title is not None:
            check_new(self._workspace, self._title, but=self._directory)
        after = replace(
            before, title=self._title, description=self.description or None, types=self._accepted()
        )
        visibility = None if self._visible == self._visibility else self._visible
        saving.save_registry(
            self._catalog, self._directory, before=before, after=after, visibility=visibility
        )
        self.load()

    def _accepted(self) -> tuple[str, ...]:
        if self.allow_all_artifact_types:
            if self._types.added:
                raise UsageError(
                    "it accepts all types, so none can be added",
                    where=self._directory,
                    hint="set allow_all_artifact_types to False first",
                )
            return ()
        if not self._types:
            raise UsageError(
                "it would accept no type at all", where=self._directory, hint="append to artifact_types"
            )
        return tuple(self._types)

    def delete(self) -> None:
        """Delete it with all its collections, in one commit. Where else their versions are, they stay.

        Raises:
            UsageError: it isn't there any more.
        """
        try:
            saving.delete_registry(self._catalog, self._directory)
        except NotFound as gone:
            raise UsageError(f"Failed to delete registry {self.name!r}: it isn't there any more") from gone

    def transaction(self, message: str | None = None) -> Together:
        """Return what collects links, promotions, aliases and tags, and makes one commit of them.

        Readers see all of it or nothing; nothing happens if the block raises:

            with registry.transaction() as together:
                together.link(artifact, "churn", aliases=["staging"])
                together.promote("fraud:v3", "production")

        Args:
            message: the commit's; by default what happens, in words.
        """
        from git_registry.sdk.surface.together import Together

        return Together(self._workspace, self._directory, message)

    def events(self, *, newest_first: bool = True, limit: int | None = None) -> Sequence[Recorded]:
        """Return what happened in it, each event with its commit, author and time."""
        from git_registry.index.events.history import Wanted
        from git_registry.sdk.auditing import history

        wanted = Wanted(newest_first=newest_first, limit=limit)
        return history(self._catalog, self._directory, wanted).events

    def __repr__(self) -> str:
        return f"<Registry {self._directory}>"
