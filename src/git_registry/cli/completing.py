"""Arguments that the shell completes from what is in the organization."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from git_registry.errors import RegistryError

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog

    Offers = Callable[[Catalog, str], Iterable[str]]
    """Gives the words that what is typed so far may become, and others."""


class Completed(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """A word that a verb reads; only its completion is here."""

    def __init__(self, name: str, offers: Offers) -> None:
        self.name = name
        self._offers = offers

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Return what the word may become; nothing where there is no organization."""
        from git_registry.cli.output import Output
        from git_registry.cli.session import Session

        directory = ctx.find_root().params.get("directory")
        try:
            with Session(output=Output(), directory=directory).open() as catalog:
                offered = self._offers(catalog, incomplete)
                return [CompletionItem(one) for one in offered if one.startswith(incomplete)]
        except (RegistryError, OSError):
            return []
