"""One run of one command: where it works, how it speaks, what time it is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from git_registry.cli.output import Output
from git_registry.errors import RegistryError, UsageError
from git_registry.sdk.clock import clock

if TYPE_CHECKING:
    from datetime import datetime

    from git_registry.catalog.catalog import Catalog

PUSH = "registry.push"
"""The setting in git config that decides whether writing commands publish."""


def publishes(catalog: Catalog) -> bool:
    """Is every commit made on the remote itself, as it is for an organization that is named by a URL?"""
    from git_registry.catalog.catalog import Reach

    return catalog.reach is Reach.PUBLISHED


@dataclass(kw_only=True)
class Session:
    """What every command is given.

    Attributes:
        output: where it prints.
        directory: the clone it works in, or the URL, as `-C` says; None to look for it.
        trusted: URI prefixes to read from besides those the organization allows.
        push: publish what was written? None leaves it to `registry.push` in git config.
        proposal: what shall be proposed is called so, empty to call it by what it does; None to commit it.
        request: is review asked for on the forge, where something is proposed?
        rewrite: may documents lose their comments?
        why: what the commit's message says below what happens.
        at: the revision or date that is looked at, if it is not now.
    """

    output: Output
    directory: str | None = None
    trusted: tuple[str, ...] = ()
    push: bool | None = None
    proposal: str | None = None
    request: bool = True
    rewrite: bool = False
    why: str = ""
    at: str | None = None

    @cached_property
    def now(self) -> datetime:
        """Return the time, read once."""
        return clock()

    def open(self) -> Catalog:
        """Return the clone's catalog; close it.

        Raises:
            UsageError: what is committed shall wait, where it can't.
        """
        from git_registry.sdk.opening import open_catalog

        catalog = open_catalog(
            self.directory,
            environ=os.environ,
            clock=lambda: self.now,
            notify=self.output.note,
            trusted=self.trusted,
            rewrite=self.rewrite,
        )
        catalog.waits = self.push is False
        catalog.why = self.why
        try:
            self._require_possible(catalog)
            if self.proposal is not None:
                from git_registry.sdk.forges.asking import announced
                from git_registry.sdk.proposing import begin

                catalog.announced = announced if self.request else None
                catalog = begin(catalog, self.proposal)
            if self.at is not None:
                from git_registry.sdk.looking_back import look_back

                look_back(catalog, self.at)
        except RegistryError:
            catalog.close()
            raise
        return catalog

    def _require_possible(self, catalog: Catalog) -> None:
        if self.push is False and publishes(catalog):
            raise UsageError(
                "what is written to a URL is published at once; there is no clone where it could wait",
                where="--no-push",
                hint="`git registry clone URL`, and work there",
            )

    def wants_push(self, catalog: Catalog) -> bool:
        """Should what waits here be published now? A setting alone asks for nothing without a remote."""
        from git_registry.repository.remote import remotes

        if publishes(catalog):
            return False
        repository = catalog.repository
        return bool(repository.config_bool(PUSH) and remotes(repository)) if self.push is None else self.push

    def print_version(self) -> None:
        """Say which version this is."""
        from git_registry import __version__

        self.output.line(f"git-registry {__version__}")
