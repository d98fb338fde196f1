"""One run of one command: where it works, how it speaks, what time it is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from git_registry.cli.output import Output
from git_registry.errors import RegistryError

if TYPE_CHECKING:
    from datetime import datetime

    from git_registry.catalog.catalog import Catalog
    from git_registry.repository.repository import Repository

PUSH = "registry.push"
"""The setting in git config that decides whether writing commands publish."""


def clock() -> datetime:
    """Return the time. Nothing else in the package reads it."""
    from datetime import UTC, datetime  # a command that only reads has no use for the time

    return datetime.now(UTC)


@dataclass(kw_only=True)
class Session:
    """What every command is given.

    Attributes:
        output: where it prints.
        directory: the clone it works in, as `-C` says; None to look for it.
        trusted: URI prefixes to read from besides those the organization allows.
        push: publish what was written? None leaves it to `registry.push` in git config.
        rewrite: may documents lose their comments?
        at: the revision or date that is looked at, if it is not now.
    """

    output: Output
    directory: str | None = None
    trusted: tuple[str, ...] = ()
    push: bool | None = None
    rewrite: bool = False
    at: str | None = None

    @cached_property
    def now(self) -> datetime:
        """Return the time, read once."""
        return clock()

    def open(self) -> Catalog:
        """Return the clone's catalog; close it."""
        from git_registry.sdk.opening import open_catalog

        catalog = open_catalog(
            self.directory,
            environ=os.environ,
            clock=lambda: self.now,
            notify=self.output.note,
            trusted=self.trusted,
            rewrite=self.rewrite,
        )
        if self.at is not None:
            from git_registry.sdk.looking_back import look_back

            try:
                look_back(catalog, self.at)
            except RegistryError:
                catalog.close()
                raise
        return catalog

    def wants_push(self, repository: Repository) -> bool:
        """Should what was written be published at once? A setting alone asks for nothing without a remote."""
        from git_registry.repository.remote import remotes

        return bool(repository.config_bool(PUSH) and remotes(repository)) if self.push is None else self.push

    def print_version(self) -> None:
        """Say which version this is."""
        from git_registry import __version__

        self.output.line(f"git-registry {__version__}")
