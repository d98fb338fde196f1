"""`git registry lineage`: a tree, JSON, DOT and Mermaid, and what was left out."""

from __future__ import annotations

import pytest
from tests.sdk import recorded
from tests.sdk.desk import Desk
from tests.sdk.recorded import by, linked, logged, manifest, record, run

from git_registry.model.documents.manifest import Code, Input, ProjectVersion

from .once import once

DATA = manifest("data", inputs=(Input(uri="s3://raw/2026-10/"),))
CODE = Code(repository="git@github.com:acme/churn.git", commit="4be1" * 10, dirty=True)


@once
def traced(acme):
    """A model that a project's run made, linked and unlinked data, and somebody else's."""
    desk = Desk(acme.directory)
    features = manifest("features", run=by("r1"), inputs=(linked("dataset/customers", DATA),))
    model = manifest("model", run=by("r2"), code=CODE)
    source = ProjectVersion(project="churn", artifact="xgb", version=model.id)
    scores = manifest("scores", inputs=(linked("model/churn", model, used_as="scorer"),))
    inputs = [logged("churn", "features", features), linked("dataset/zip", DATA, repository="geo")]
    record(
        desk,
        "projects/churn",
        *(recorded.collection_at("churn/features"), recorded.version_at("churn/features", features)),
        *(recorded.collection_at("churn/xgb"), recorded.version_at("churn/xgb", model)),
        recorded.run_at("churn", "r1", run(name="brisk-otter", inputs=[linked("dataset/customers", DATA)])),
        recorded.run_at("churn", "r2", run(inputs=inputs, code=CODE)),
    )
    record(
        desk,
        "main",
        *(recorded.collection_at("dataset/customers", "dataset"), recorded.collection_at("model/churn")),
        *(recorded.collection_at("dataset/scores", "dataset"), recorded.version_at("dataset/scores", scores)),
        recorded.version_at("dataset/customers", DATA),
        recorded.version_at("model/churn", manifest("model", run=by("r2"), code=CODE, source=source)),
        recorded.alias_at("model/churn", "production", model),
    )
    record(
        desk,
        "main",
        recorded.version_at("dataset/customers", DATA, unlinked=True),
        dict.fromkeys(recorded.version_at("dataset/customers", DATA)),
    )
    return acme


@pytest.mark.parametrize("form", ["tree", "dot", "mermaid"])
def test_forms_for_people(traced, golden, form):
    golden(f"lineage.{form}.txt", traced("lineage", "model/churn:production", "--format", form))


def test_json(traced, golden):
    golden("lineage.json", traced("lineage", "model/churn:production", "--json"))


def test_a_tree_is_what_people_get(traced):
    asked = ("lineage", "model/churn:production")

    assert traced(*asked) == traced(*asked, "--format", "tree")
    assert traced(*asked, "--json") == traced(*asked, "--format", "json")


def test_one_direction_and_not_far(traced):
    assert traced("lineage", "dataset/customers:v0", "--down", "--depth", "1").splitlines() == [
        "dataset/customers:v0 (unlinked)",
        "├─ used by projects/churn/features:v0",
        "│  └─ … 1 more",
        "└─ used by run churn/brisk-otter",
        "   └─ … 1 more",
    ]
    assert traced("lineage", "dataset/customers:v0", "--up").splitlines() == [
        "dataset/customers:v0 (unlinked)",
        "└─ used s3://raw/2026-10/",
    ]


def test_of_many_the_latest_are_shown_and_the_others_counted(acme):
    desk = Desk(acme.directory)
    record(desk, "main", recorded.collection_at("dataset/customers"), recorded.collection_at("model/churn"))
    record(desk, "main", recorded.version_at("dataset/customers", DATA))
    for number in range(12):
        user = manifest(f"{number}", inputs=(linked("dataset/customers", DATA),))
        record(desk, "main", recorded.version_at("model/churn", user))

    lines = acme("lineage", "dataset/customers:v0", "--down").splitlines()
    assert lines[1] == "├─ used by model/churn:v11"
    assert lines[-1] == "└─ … and 2 more"
    assert len(lines) == 12
    assert len(acme("lineage", "dataset/customers:v0", "--down", "--widest", "0").splitlines()) == 13
    assert len(acme.json("lineage", "dataset/customers:v0", "--down")["edges"]) == 12


def test_as_of_then(traced):
    assert traced("lineage", "dataset/customers:v0", "--up", "--at", "main~1").splitlines() == [
        "dataset/customers:v0",
        "└─ used s3://raw/2026-10/",
    ]


def test_two_forms_at_once_are_refused(traced):
    assert traced.error("lineage", "model/churn:production", "--format", "dot", code=2)["hint"]


def test_nothing_by_that_name(traced):
    error = traced.error("lineage", "projects/churn/runs/r9", code=5)

    assert error["message"] == "nothing here speaks of run churn/r9"
