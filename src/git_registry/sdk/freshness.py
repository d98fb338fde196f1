"""Whether anything changed since it was looked at, for whoever shows it again; and fetching what did."""

from __future__ import annotations

from git_registry.catalog import proposals
from git_registry.catalog.catalog import Catalog
from git_registry.model.sha256 import sha256
from git_registry.repository import listed, remote
from git_registry.sdk.dispatching import queue_of


def stamp(catalog: Catalog) -> str:
    """Return a text that is another one as soon as anything is that a reading verb may tell, but the time.

    Every ref of the clone, its settings, and what its automations sent; one call of git, some milliseconds.
    """
    repository = catalog.repository
    told = [f"{target} {name}" for name, target in listed.matching(repository, "refs/")]
    for file in (repository.common_dir / "config", queue_of(catalog)):
        try:
            told.append(f"{file.stat().st_mtime_ns} {file.name}")
        except OSError:
            told.append(f"- {file.name}")
    return sha256("\n".join(told).encode(errors="surrogateescape")).hexdigest()


def bring(catalog: Catalog) -> None:
    """Fetch what others published, proposed and approved; nothing where there is no remote.

    Raises:
        NetworkError: the remote can't be reached.
    """
    there = remote.destination(catalog.repository, catalog.branch or "")
    if there is not None:
        remote.fetch(catalog.repository, there.remote)
        proposals.refresh(catalog)
