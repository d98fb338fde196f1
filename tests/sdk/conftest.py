from __future__ import annotations

import pytest
from tests.store.conftest import bucket, s3_endpoint, s3_environment

from git_registry.repository import remote

from .desk import Desk, found
from .once import once, tmp_path

__all__ = ["bucket", "s3_endpoint", "s3_environment", "tmp_path"]


@once
def desk(tmp_path):
    """A new organization, alone."""
    return found(tmp_path / "acme")


@once
def upstream(tmp_path, git, desk):
    """A bare repository with the organization in it, which the desk follows."""
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "upstream.git")
    git(tmp_path / "upstream.git", "config", "uploadpack.allowFilter", "true")
    git(desk.path, "remote", "add", "origin", f"file://{tmp_path}/upstream.git")
    git(desk.path, "push", "-q", "-u", "origin", "main")
    git(desk.path, "remote", "set-head", "origin", "main")
    return tmp_path / "upstream.git"


@pytest.fixture
def clone(tmp_path, upstream, desk):
    """Clone the upstream again, for somebody else."""

    def run(name, *options):
        remote.clone(f"file://{upstream}", tmp_path / name, options=options)
        return Desk(tmp_path / name, desk.clock)

    return run
