"""An automation as an argument: the shell completes it."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from git_registry.errors import RegistryError


class _Automation(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """What a person calls an automation. The verb reads it; only completion is here."""

    name = "automation"

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Return what the word may become: a path, or a name that no two have."""
        directory = ctx.find_root().params.get("directory")
        try:
            return [CompletionItem(one) for one in _known(directory) if one.startswith(incomplete)]
        except (RegistryError, OSError):
            return []


def _known(directory: str | None) -> list[str]:
    from git_registry.cli.output import Output
    from git_registry.cli.session import Session
    from git_registry.sdk import automating

    with Session(output=Output(), directory=directory).open() as catalog:
        views = automating.automations(catalog)
    names = [view.name for view in views]
    return [*(one for one in names if names.count(one) == 1), *(view.path for view in views)]


AUTOMATION = _Automation()
