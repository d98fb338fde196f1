"""A gate that asks where a version was lets it come back, and the hook sees that for itself."""

from __future__ import annotations

import pytest
from tests.flows.servers.local import Local
from tests.sdk.desk import Desk, found

from git_registry.model.documents.access import Gate
from git_registry.sdk import aliasing, protecting, renaming
from git_registry.sdk.rolling_back import rollback


@pytest.fixture
def server(tmp_path):
    with Local(tmp_path / "server").serving() as running:
        running.new_repository("acme")
        running.protect("user:ada", "user:ana")
        yield running


@pytest.fixture
def desk(tmp_path, server, git) -> Desk:
    """Three versions went to production by way of staging, which the gates ask for, and are published."""
    desk = found(tmp_path / "acme")
    for text in ("one", "two", "three"):
        desk.link(text, aliases=["staging", "production"])
    desk(protecting.protect, "model", "production", [Gate(holds="staging")])
    git(desk.path, "remote", "add", "origin", server.url("ada"))
    assert server.git("ada", desk.path, "push", "-q", "-u", "origin", "main").code == 0
    return desk


def test_production_goes_back_to_what_it_was_just_before(server, desk):
    desk(rollback, ["model/churn"], "production")

    done = server.git("ada", desk.path, "push")

    assert done.code == 0, done.said


def test_a_collection_that_was_renamed_has_its_past_for_the_gate_too(server, desk):
    desk(renaming.rename, "model/churn", "model/leaving")
    assert server.git("ada", desk.path, "push").code == 0
    desk(rollback, ["model/leaving"], "production")

    done = server.git("ada", desk.path, "push")

    assert done.code == 0, done.said
    desk(rollback, ["model/leaving"], "production", to="v0")
    assert server.git("ada", desk.path, "push").code != 0


def test_not_to_what_it_was_earlier(server, desk):
    desk(rollback, ["model/churn"], "production", to="v0")

    done = server.git("ada", desk.path, "push")

    assert done.code != 0
    assert "production did just before; staging points at" in done.said


def test_nor_where_it_goes_in_two_steps_of_one_push(server, desk):
    desk(rollback, ["model/churn"], "production")
    desk(aliasing.promote, ["model/churn:v0"], "production")

    done = server.git("ada", desk.path, "push")

    assert done.code != 0
    assert "staging points at" in done.said
