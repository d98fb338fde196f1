"""Older pages, and forms that one meets in other people's repositories."""

from __future__ import annotations

import pytest


@pytest.fixture
def weights(here):
    here.holds(weights_txt="learned")
    return here


def test_a_model_is_linked_in_one_call(weights, elsewhere):
    assert weights.runs("link_model") == ["no registry in the name"]

    there = elsewhere()
    assert there.versions("model/digits-cnn") == {"v0": ["candidate"]}
    assert there.asks("show", "model/digits-cnn:v0")["metrics"] == {"train_loss": 0.25, "val_accuracy": 0.9}
    assert there.asks("show", "projects/older/plain-cnn:v0")["type"] == "model"


def test_from_a_table_to_a_model(weights, elsewhere):
    assert weights.runs("model_walkthrough") == [
        "digits-dev:v0 ['pixels', 'label']",
        "{'0110': 1, '1001': 9}",
        "digits.txt",
        "no model",
    ]

    there = elsewhere()
    linked = there.asks("show", "model/digits-dev:v0")
    digits = there.asks("show", "projects/digits/digits:v0")
    assert [one["version"] for one in linked["inputs"]] == [digits["id"]]
    assert linked["source"]["artifact"] == "digits-cnn"
    runs = {one["job_type"]: one for one in there.asks("list", "projects/digits/runs")}
    assert runs["train"]["summary"] == {"epoch": 2, "labels": 2, "loss": 1 / 3}
    assert linked["id"] in [one["version"] for one in runs["evaluate"]["inputs"]]


def test_the_version_that_is_deployed(weights, elsewhere, machine):
    assert weights.runs("promote_version") == [
        "deployed:v0 ['latest', 'production'] ['production', 'latest']"
    ]
    assert elsewhere().versions("model/deployed") == {"v0": ["production"]}

    weights.runs("promote_by_iteration")

    assert machine("later").versions("model/deployed") == {"v0": []}


def test_what_runs_logged_and_used(weights):
    weights.runs("hello_collection")

    assert weights.runs("walk_runs") == [
        "['tree:v0'] ['first-steps:v0']",
        "True 8",
        "depth 8",
    ]


def test_forms_in_the_wild(weights, elsewhere):
    assert weights.runs("in_the_wild") == [
        "wild-weights:v0 v0 wild v0",
        "True wild acme",
        "not there",
        "None",
    ]

    there = elsewhere()
    assert there.versions("model/wild") == {"v0": ["production"]}
    assert there.asks("show", "model/wild:v0")["metadata"] == {"lr": 0.1, "epochs": 2}
    [run] = there.asks("list", "projects/wild/runs")
    assert run["summary"] == {"loss": 0.5, "best": 0.5}


def test_a_name_with_spaces_is_a_title(here, elsewhere):
    assert here.runs("titled_collection") == ["v1 zoo:v1", "model/zoo-classifier", "False"]

    there = elsewhere()
    assert there.asks("show", "model/zoo-classifier")["title"] == "Zoo Classifier"
    assert there.versions("model/zoo-classifier") == {"v0": [], "v1": ["production"]}
