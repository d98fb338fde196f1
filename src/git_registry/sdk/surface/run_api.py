"""The part of the API that finds projects and runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from git_registry.errors import UsageError
from git_registry.model.layout import PROJECTS
from git_registry.sdk.surface import naming
from git_registry.sdk.surface.reaching import Reaching

if TYPE_CHECKING:
    from git_registry.sdk.surface.past_run import PastRun
    from git_registry.sdk.surface.past_runs import Runs
    from git_registry.sdk.surface.project import Project


class RunApi(Reaching):
    """Finds what was logged, before anything is linked."""

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
        include_sweeps: bool = False,
        lazy: bool = True,
    ) -> Runs:
        """Return the runs of a project that pass a filter, by default the first started first.

        Args:
            path: `churn` or `acme/churn`.
            filters: such as `{"state": "finished", "config.depth": {"$gte": 6}}`.
            order: a field, `-` in front for descending; `-summary_metrics.auc` too.
            per_page: how many are handed out as a page.
            include_sweeps: accepted as W&B does.
            lazy: accepted as W&B does; a run is one document, and read whole.

        Raises:
            UsageError: the filter or the order can't be read; the path names another organization.
        """
        from git_registry.sdk.surface.past_runs import Runs

        del include_sweeps, lazy
        place = self._place(path)
        if not place.startswith(PROJECTS):
            raise UsageError(
                f"{path!r} is a registry, which has no runs", hint=f"{PROJECTS}NAME names a project"
            )
        return Runs.of_project(
            self.workspace, place.removeprefix(PROJECTS), filters, order, per_page=per_page
        )
