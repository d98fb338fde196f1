"""An organization as people come to it: a bare remote, and each with a clone."""

from __future__ import annotations

import pytest
from tests.sdk.desk import found
from tests.store.conftest import bucket, s3_endpoint, s3_environment

from git_registry.repository import remote
from git_registry.sdk import managing
from git_registry.sdk.managing import Description

from .machine import Machine

__all__ = ["bucket", "s3_endpoint", "s3_environment"]

TEAMS = """\
teams:
  vision:
    members: [user:ada, user:grace]
  speech:
    members: [user:ada]
"""


@pytest.fixture
def allowed(tmp_path):
    """URI prefixes that links may point at besides the store."""
    return [f"file://{tmp_path}/mount"]


@pytest.fixture
def upstream(tmp_path, git, allowed):
    """A bare repository with the organization `acme`: with teams, and a registry titled with a space."""
    desk = found(tmp_path / "founder")
    desk(
        managing.create_registry,
        "golden-datasets",
        Description(title="Golden Datasets"),
        ["dataset"],
    )
    document = desk.path / "organization.yaml"
    listed = "".join(f"  - {prefix}\n" for prefix in allowed)
    document.write_text(document.read_text() + f"references:\n{listed}{TEAMS}")
    git(desk.path, "commit", "-q", "-a", "-m", "Teams, and where data lies")
    git(tmp_path, "clone", "-q", "--bare", desk.path, "acme.git")
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


@pytest.fixture
def here(machine):
    """The machine that the scripts are carried over to."""
    return machine("here")


@pytest.fixture
def elsewhere(machine):
    """What somebody else sees who comes later: call it when that is."""
    return lambda: machine("elsewhere")
