"""Which clone a command means (DESIGN §10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from git_registry.catalog.catalog import Catalog
from git_registry.errors import NotFound, UsageError
from git_registry.repository.outside import setting
from git_registry.repository.repository import Repository

_HINT = "go into a clone, pass -C PATH, set GIT_REGISTRY, or `git config --global registry.path PATH`"


def open_catalog(
    path: str | None,
    *,
    environ: Mapping[str, str],
    clock: Callable[[], datetime],
    notify: Callable[[str], None],
    trusted: tuple[str, ...] = (),
    rewrite: bool = False,
) -> Catalog:
    """Return the catalog of the clone meant, on what is checked out there.

    Args:
        path: what `-C` said; else `GIT_REGISTRY`, else the repository around the working directory.
        environ: the process's environment.
        clock: gives the time; aware.
        notify: is told what a person should know while something takes its time.
        trusted: URI prefixes to read from besides those the organization allows.
        rewrite: may documents that people wrote by hand lose their comments?

    Raises:
        NotFound: there is no repository.
        UsageError: the repository is of a kind that is not supported.
    """
    repository = find(path, environ)
    return Catalog(
        repository=repository,
        branch=repository.head().branch,
        clock=clock,
        notify=notify,
        trusted=trusted,
        rewrite=rewrite,
    )


def find(path: str | None, environ: Mapping[str, str]) -> Repository:
    """Return the repository meant; see `open_catalog`."""
    named = path or environ.get("GIT_REGISTRY")
    if named:
        if "://" in named or (":" in named and not Path(named).exists()):
            raise UsageError(
                "a URL does not name a clone yet",
                where="-C" if path else "GIT_REGISTRY",
                hint="`git registry clone URL`, then name the clone's directory",
            )
        return Repository.open(named)
    try:
        return Repository.open(".")
    except NotFound as nowhere:
        configured = setting("registry.path")
        if configured is None:
            raise NotFound(nowhere.message, where=nowhere.where, hint=_HINT) from None
        return Repository.open(Path(configured).expanduser())
