"""A project, or what W&B calls the project of a registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.model.layout import PROJECTS
from git_registry.model.selector import WANDB_PREFIX
from git_registry.sdk import projecting
from git_registry.sdk.surface.artifact_type import ArtifactType, types_in
from git_registry.sdk.surface.workspace import Workspace

if TYPE_CHECKING:
    from git_registry.sdk.surface.past_runs import Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Where artifacts are: logged by runs, or linked in a registry.

    Attributes:
        place: `projects/churn`, or a registry's name.
    """

    workspace: Workspace
    place: str

    @property
    def id(self) -> str:
        """Return what selects it."""
        return self.place

    @property
    def name(self) -> str:
        """Return its name, `churn`, or `wandb-registry-model`."""
        if self.is_registry:
            return f"{WANDB_PREFIX}{self.place}"
        return self.place.removeprefix(PROJECTS)

    @property
    def entity(self) -> str:
        """Return the organization's name."""
        return self.workspace.organization

    @property
    def path(self) -> list[str]:
        """Return entity and name, as W&B does."""
        return [self.entity, self.name]

    @property
    def is_registry(self) -> bool:
        """Is it a registry?"""
        return not self.place.startswith(PROJECTS)

    @property
    def description(self) -> str | None:
        """Return what it is for.

        Raises:
            NotFound: there is no such project.
        """
        if self.is_registry:
            return self.workspace.catalog.now().registry(self.place).description
        document = projecting.project(self.workspace.catalog, self.place.removeprefix(PROJECTS)).document
        return document.description if document else None

    def artifact_types(self, per_page: int = 50) -> list[ArtifactType]:  # noqa: ARG002 - as W&B has it
        """Return the types of its artifacts; of a registry those it accepts, or has where it accepts any.

        Raises:
            NotFound: there is no such project.
        """
        return [self.artifact_type(name) for name in types_in(self.workspace, self.place)]

    def artifacts_types(self, per_page: int = 50) -> list[ArtifactType]:
        """Return the same: W&B's older name for it."""
        return self.artifact_types(per_page)

    def artifact_type(self, name: str) -> ArtifactType:
        """Return one type, whether anything has it or not."""
        return ArtifactType(workspace=self.workspace, place=self.place, name=name)

    def runs(
        self,
        filters: Mapping[str, object] | None = None,
        order: str | None = "+created_at",
        per_page: int = 50,
    ) -> Runs:
        """Return its runs; a registry has none.

        Raises:
            UsageError: the filter or the order can't be read.
        """
        from git_registry.sdk.surface.past_runs import Runs

        return Runs.of_project(self.workspace, self.name, filters, order, per_page=per_page)
