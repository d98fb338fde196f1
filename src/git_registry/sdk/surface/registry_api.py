"""The part of the API that finds and creates registries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from git_registry.sdk.surface import naming
from git_registry.sdk.surface.query import asking
from git_registry.sdk.surface.reaching import Reaching

if TYPE_CHECKING:
    from git_registry.sdk.surface.registries import Registries
    from git_registry.sdk.surface.registry import Registry


class RegistryApi(Reaching):
    """Finds registries, and with them collections and versions by filter."""

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
        artifact_types: str | Iterable[str] | None = None,
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
