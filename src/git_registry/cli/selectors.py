"""Selectors as arguments: the shell completes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from git_registry.errors import RegistryError
from git_registry.model.layout import PROJECTS

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog


class _Selector(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """What names a registry, a collection or a version. The verb reads it; only completion is here."""

    name = "selector"

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Return what the word may become."""
        directory = ctx.find_root().params.get("directory")
        try:
            return [
                CompletionItem(name) for name in _names(directory, incomplete) if name.startswith(incomplete)
            ]
        except (RegistryError, OSError):
            return []


def _names(directory: str | None, incomplete: str) -> Iterator[str]:
    from git_registry.cli.output import Output
    from git_registry.cli.session import Session

    with Session(output=Output(), directory=directory).open() as catalog:
        if incomplete.startswith(PROJECTS):
            yield from _in_projects(catalog, incomplete)
            return
        now = catalog.registries().now()
        registry, slash, _ = incomplete.partition("/")
        collection, colon, _ = incomplete.partition(":")
        if colon:
            yield from (f"{collection}:{alias}" for alias in now.alias_names(collection))
            yield f"{collection}:latest"
        elif slash:
            yield from now.collections(registry)
        else:
            yield from (f"{name}/" for name in now.registries())
            yield PROJECTS


def _in_projects(catalog: Catalog, incomplete: str) -> Iterator[str]:
    from git_registry.catalog import projects

    name, slash, below = incomplete.removeprefix(PROJECTS).partition("/")
    if not slash:
        yield from (PROJECTS + one for one in projects.projects(catalog.repository))
        return
    there = projects.on_project(catalog, name)
    if there is None:
        return
    now, (artifact, colon, _) = there.now(), below.partition(":")
    if colon:
        named = f"{PROJECTS}{name}/{artifact}"
        yield from (f"{named}:{alias}" for alias in now.alias_names(f"{name}/{artifact}"))
        yield f"{named}:latest"
    elif below.startswith("runs/"):
        from git_registry.sdk import projecting

        yield from (view.path for view in projecting.runs(catalog, name))
    else:
        yield from (PROJECTS + path for path in now.collections(name))


SELECTOR = _Selector()
