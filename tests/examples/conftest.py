"""An organization as people come to it: a bare remote, and each with a clone."""

from __future__ import annotations

import pytest
from tests.sdk.desk import found
from tests.sdk.once import once, tmp_path
from tests.store.conftest import bucket, s3_endpoint, s3_environment

from git_registry.repository import remote
from git_registry.sdk import managing
from git_registry.sdk.managing import Description

from .machine import Machine

__all__ = ["bucket", "s3_endpoint", "s3_environment", "tmp_path"]

TEAMS = """\
teams:
  vision:
    members: [user:ada, user:grace]
  speech:
    members: [user:ada]
"""


@once
def founder(tmp_path, git):
    """A clone with the organization `acme`: with teams, and a registry titled with a space."""
    desk = found(tmp_path / "founder")
    desk(
        managing.create_registry,
        "golden-datasets",
        Description(title="Golden Datasets"),
        ["dataset"],
    )
    document = desk.path / "organization.yaml"
    document.write_text(f"{document.read_text()}{TEAMS}references:\n  - file://{tmp_path}/mount\n")
    git(desk.path, "commit", "-q", "-a", "-m", "Teams, and where data lies")
    return desk.path


@pytest.fixture
def allowed():
    """URI prefixes that links may point at besides the store and a mount."""
    return []


@pytest.fixture
def open_to(founder, allowed, git):
    """The same clone, where that is allowed."""
    if allowed:
        with (founder / "organization.yaml").open("a") as document:
            document.writelines(f"  - {prefix}\n" for prefix in allowed)
        git(founder, "commit", "-q", "-a", "-m", "More data")
    return founder


@once
def upstream(tmp_path, git, open_to):
    """A bare repository with that organization."""
    git(tmp_path, "clone", "-q", "--bare", open_to, "acme.git")
    return tmp_path / "acme.git"


@pytest.fixture
def machine(tmp_path, upstream):
    """Set up one more machine."""

    def set_up(name):
        work = tmp_path / name
        work.mkdir()
        remote.clone(f"file://{upstream}", work / "acme")
        return Machine(work / "acme", work)

    return set_up


@once
def here(machine):
    """The machine that the scripts are carried over to."""
    return machine("here")


@pytest.fixture
def elsewhere(machine):
    """What somebody else sees who comes later: call it when that is."""
    return lambda: machine("elsewhere")
