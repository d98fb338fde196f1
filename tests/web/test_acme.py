"""The example organization has in it what there is to look at."""

from __future__ import annotations

import pytest
from tests.sdk.desk import Desk

from git_registry.catalog import proposals
from git_registry.model.documents.run import RUNNING
from git_registry.sdk import checking, listing, projecting, starring
from git_registry.sdk.surface.account import FAILED, FINISHED


@pytest.fixture(name="acme")
def desk(acme) -> Desk:
    """A small one."""
    return Desk(acme)


def test_each_registry_has_collections_and_each_collection_versions(acme):
    listed = {name: acme(listing.collections, name) for name in ("dataset", "model", "evaluation")}

    assert {name: len(found) for name, found in listed.items()} == {"dataset": 2, "model": 3, "evaluation": 1}
    assert all(one.versions and one.latest for found in listed.values() for one in found)


def test_what_is_there_is_well_formed(acme):
    assert acme(checking.check) == []


def test_of_the_runs_some_failed_and_one_is_under_way(acme):
    runs = [run for project in acme(projecting.projects) for run in acme(projecting.runs, project.name)]

    assert {run.document.state for run in runs} == {FINISHED, FAILED, RUNNING}
    assert len(runs) == 12


def test_three_changes_wait_for_review_and_a_registry_is_starred(acme):
    with acme.open() as catalog:
        waiting = list(proposals.proposals(catalog.repository))

    assert [one.owner for one in waiting] == ["user:bob", "user:chloe", "user:dai"]
    assert acme(starring.starred) == ("model",)
