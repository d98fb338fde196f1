"""Which clone a command means (DESIGN §10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from git_registry.catalog.catalog import Catalog, Reach
from git_registry.errors import NotFound
from git_registry.repository.outside import setting
from git_registry.repository.repository import Repository

_HINT = "go into a clone, pass -C PATH|URL, set GIT_REGISTRY, or `git config --global registry.path PATH|URL`"


def open_catalog(
    path: str | None,
    *,
    environ: Mapping[str, str],
    clock: Callable[[], datetime],
    notify: Callable[[str], None],
    trusted: tuple[str, ...] = (),
    rewrite: bool = False,
    reach: Reach | None = None,
) -> Catalog:
    """Return the catalog of the clone meant: on what is checked out there; for a URL, on the default branch.

    Args:
        path: what `-C` said; else `GIT_REGISTRY`, else the repository around the working directory.
        environ: the process's environment.
        clock: gives the time; aware.
        notify: is told what a person should know while something takes its time.
        trusted: URI prefixes to read from besides those the organization allows.
        rewrite: may documents that people wrote by hand lose their comments?
        reach: how far it reaches; by default a clone is taken as it is here, and what is committed to a URL
            is published.

    Raises:
        NotFound: there is no repository.
        UsageError: the repository is of a kind that is not supported.
        NetworkError: the URL can't be reached, and nothing was fetched from there yet.
    """
    seen = partial(Catalog, clock=clock, notify=notify, trusted=trusted, rewrite=rewrite, environ=environ)
    found = find(path, environ)
    if isinstance(found, Repository):
        found.notify = notify
        return seen(repository=found, branch=found.head().branch, reach=reach or Reach.HERE)
    from git_registry.repository.remote import default_branch
    from git_registry.sdk.clones import Clone  # most clones are somebody's own

    clone = Clone.of(found, environ, clock=clock, notify=notify)
    repository = clone.kept() if reach is Reach.OFFLINE else clone.refreshed()
    return seen(repository=repository, branch=default_branch(repository), reach=reach or Reach.PUBLISHED)


def find(path: str | None, environ: Mapping[str, str]) -> Repository | str:
    """Return the repository meant, or the URL; see `open_catalog`."""
    named = path or environ.get("GIT_REGISTRY")
    if not named:
        try:
            return Repository.open(".")
        except NotFound as nowhere:
            named = setting("registry.path")
            if named is None:
                raise NotFound(nowhere.message, where=nowhere.where, hint=_HINT) from None
    return named if is_url(named) else Repository.open(Path(named).expanduser())


def is_url(text: str) -> bool:
    """Does a text name a repository elsewhere, rather than a directory? `git@host:path` does, as for git."""
    return "://" in text or (re.match(r"[^/]+:", text) is not None and not Path(text).exists())
