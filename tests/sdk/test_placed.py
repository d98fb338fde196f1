"""The automations of an organization, where they stand at a commit."""

from __future__ import annotations

import pytest

from git_registry.catalog.wellformed import MOST_AUTOMATIONS
from git_registry.model.snapshot import Snapshot
from git_registry.sdk.placed import Reading, around, automations_at

DEPLOY = "format: 1\nevents: [alias-moved]\naction:\n  command: {name: deploy}\n"


@pytest.fixture
def commit(desk, git):
    """Commit automations by hand, and return the commit."""

    def make(files):
        for path, text in files.items():
            (desk.path / path).parent.mkdir(parents=True, exist_ok=True)
            (desk.path / path).write_text(text)
        git(desk.path, "add", "--all")
        git(desk.path, "commit", "-qm", "Automate")
        return git(desk.path, "rev-parse", "HEAD")

    return make


def test_those_of_registries_and_collections_stand_at_a_commit(desk, commit):
    desk.link("one")
    both = commit({f"{place}/automations/deploy.yaml": DEPLOY for place in ("model/churn", "model")})
    other = commit({"model/churn/automations/deploy.yaml": DEPLOY.replace("name: deploy", "name: other")})

    with desk.open() as catalog:
        before, after = automations_at(catalog, both), automations_at(catalog, other)
        reading, now = Reading(catalog), Snapshot(catalog.tree(both))

        def standing(path):
            return [one for place in around(now, path) for one in reading.at(both, place)]

        assert standing("model/churn") == before
        assert standing("model/other") == standing("model") == before[:1]
        assert standing("dataset") == []
        assert standing("") == before[:1]  # what happens to the organization

    assert [one.place for one in before] == ["model", "model/churn"]
    assert [one.document.action.one[1].name for one in after] == ["deploy", "other"]


def test_one_that_is_not_understood_starts_nothing_and_is_told_once(desk, commit):
    at = commit(
        {
            "model/automations/broken.yaml": "events: [",
            "model/automations/deploy.yaml": DEPLOY,
            "model/automations/newer.yaml": f"{DEPLOY}only_from: [main]\n",
        }
    )

    with desk.open() as catalog:
        reading = Reading(catalog)
        found = [one.name for _ in range(2) for one in reading.at(at, "model")]

    assert found == ["deploy", "deploy"]
    assert [said.split(": ")[1].split(":")[0] for said in desk.said] == [
        "model/automations/broken.yaml",
        "model/automations/newer.yaml",
    ]
    assert "only_from" in desk.said[1]


def test_of_more_than_may_stand_there_the_first_ones_are_read(desk, commit):
    at = commit({f"model/automations/a{n:03}.yaml": DEPLOY for n in range(MOST_AUTOMATIONS + 1)})

    with desk.open() as catalog:
        reading = Reading(catalog)
        found = [
            one.name for _ in range(2) for one in reading.at(at, "model", {"model/automations/a001.yaml"})
        ]

    assert found == 2 * ["a000", *(f"a{n:03}" for n in range(2, MOST_AUTOMATIONS))]
    assert [said.split(";")[0] for said in desk.said] == ["model/automations/: there are 201 automations"]
