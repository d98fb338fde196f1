"""An organization that is thrown away: where a script that is only tried out logs to."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path

from git_registry.catalog.catalog import Reach
from git_registry.errors import UsageError
from git_registry.repository.identity import author
from git_registry.sdk.clock import clock
from git_registry.sdk.initialize import Setup, initialize, repository_for
from git_registry.sdk.surface.workspace import Workspace


def temporary() -> Workspace:
    """Return a new organization with a store of its own, which go when nobody uses them any more."""
    top = Path(tempfile.mkdtemp(prefix="git-registry-disabled-"))
    repository = repository_for(top / "organization")
    try:
        author(repository, clock())
    except UsageError:
        repository.set_config("user.name", "Nobody")
        repository.set_config("user.email", "nobody@localhost")
    setup = Setup(name="disabled", store=(top / "store").as_uri(), admin="user:nobody")
    initialize(repository, setup, clock=clock)
    workspace = Workspace(path=str(top / "organization"), reach=Reach.FETCHED)
    weakref.finalize(workspace, _remove, top, os.getpid())
    return workspace


def _remove(top: Path, process: int) -> None:
    if os.getpid() == process:  # one that was forked leaves what is its parent's
        shutil.rmtree(top, ignore_errors=True)
