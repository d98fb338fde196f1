"""Versions side by side."""

import math

import pytest

from git_registry.errors import NotFound, UsageError
from git_registry.model.documents.manifest import Input
from git_registry.model.edits.version import Addition
from git_registry.sdk import noting
from git_registry.sdk.comparing import compare

from .once import once


@once
def models(desk):
    """Two models, the second better, made from other customers and with another card."""
    desk.link("1,0\n", "dataset/customers")
    desk.link("1,0\n2,1\n", "dataset/customers")
    desk.link(
        {"model.bin": "weights", "card.md": "# Churn", "old.txt": "old"},
        metrics={"auc": 0.931, "loss": math.nan, "rows": 10, "only": 1},
        metadata={"framework": "xgboost", "optimizer": {"name": "adam", "rate": 0.1}, "note": None},
        inputs=["dataset/customers:v0", "memory://raw/"],
        aliases=["staging"],
    )
    desk.link(
        {"model.bin": "weights", "card.md": "# Churn 2", "new.txt": "new"},
        metrics={"auc": 0.95, "loss": math.nan, "rows": 12},
        metadata={"framework": "xgboost", "optimizer": {"name": "sgd", "rate": 0.1}, "seed": 7},
        inputs=["dataset/customers:v1", "memory://raw/"],
    )
    return desk.allowing(trusted=("memory://raw/",))


def by_name(rows):
    return {row.name: row for row in rows}


def test_versions_stand_in_the_order_asked_for(models):
    found = models(compare, ["model/churn", "model/churn:staging", "dataset/customers:v0"])

    assert [view.path for view in found.versions] == [
        "model/churn:v1",
        "model/churn:v0",
        "dataset/customers:v0",
    ]
    assert found.versions[1].aliases == ("staging",)
    assert found.size.deltas == (None, -2, -15)


def test_metrics_with_what_they_gained(models):
    metrics = by_name(models(compare, ["model/churn:v0", "model/churn:v1"]).metrics)

    assert list(metrics) == ["auc", "loss", "rows", "only"]
    assert metrics["auc"].deltas == (None, 0.019)  # in binary 0.018999999999999906
    assert metrics["rows"].values == (10, 12)
    assert metrics["rows"].deltas == (None, 2)
    assert metrics["only"].values == (1, None)
    assert metrics["only"].deltas == (None, None)
    assert {name for name, row in metrics.items() if row.differs} == {"auc", "rows", "only"}
    assert metrics["loss"].deltas == (None, None)


def test_what_was_added_later_counts(models):
    addition = Addition(metrics={"auc": 0.9}, metadata={"framework": "torch"})
    models(noting.annotate, ["model/churn:v1"], addition)

    found = models(compare, ["model/churn:v0", "model/churn:v1"])

    assert by_name(found.metrics)["auc"].deltas == (None, -0.031)
    assert by_name(found.metadata)["framework"].values == ("xgboost", "torch")


def test_metadata_by_dotted_keys(models):
    rows = by_name(models(compare, ["model/churn:v0", "model/churn:v1"]).metadata)

    assert {name: row.fates[1] for name, row in rows.items()} == {
        "framework": "same",
        "optimizer.name": "changed",
        "optimizer.rate": "same",
        "note": "removed",  # null is a value, and not no value
        "seed": "added",
    }
    assert [name for name, row in rows.items() if row.differs] == ["optimizer.name", "note", "seed"]
    assert rows["note"].given == (True, False)


def test_a_dot_in_a_key_is_not_a_level(desk):
    desk.link("one", metadata={"a.b": 1, "a": {"b": 2, "c": {}}})
    desk.link("two", metadata={"a.b": 1, "a": 3})

    found = desk(compare, ["model/churn:v0", "model/churn:v1"])

    assert [(row.name, row.values, row.fates[1]) for row in found.metadata] == [
        ("a.b", (1, 1), "same"),
        ("a.b", (2, None), "removed"),
        ("a.c", ({}, None), "removed"),
        ("a", (None, 3), "added"),
    ]


def test_true_is_not_one_but_one_point_nought_is(desk):
    desk.link("one", metadata={"x": True}, metrics={"x": 1})
    desk.link("two", metadata={"x": 1}, metrics={"x": 1.0})

    found = desk(compare, ["model/churn:v0", "model/churn:v1"])

    assert found.metadata[0].differs
    assert not found.metrics[0].differs


def test_inputs_that_came_and_went(models):
    found = models(compare, ["model/churn:v0", "model/churn:v1"])

    first, raw, second = found.inputs
    assert (first.input.registry, first.fates) == ("dataset/customers", (None, "removed"))
    assert (raw.input.uri, raw.fates, raw.differs) == ("memory://raw/", (None, "same"), False)
    assert (second.input.registry, second.fates) == ("dataset/customers", (None, "added"))
    assert isinstance(second.input, Input)
    assert first.input.version != second.input.version


def test_files_by_path_and_digest(models):
    files = models(compare, ["model/churn:v0", "model/churn:v1", "model/churn:v0"]).files

    assert {row.path: row.fates for row in files.rows} == {
        "card.md": (None, "changed", "same"),
        "model.bin": (None, "same", "same"),
        "new.txt": (None, "added", None),
        "old.txt": (None, "removed", "same"),
    }
    assert files.counts(1) == {"added": 1, "removed": 1, "changed": 1, "same": 1}
    assert files.counts(2) == {"added": 0, "removed": 0, "changed": 0, "same": 3}


def test_the_same_version_twice_differs_in_nothing(models):
    found = models(compare, ["model/churn:v0", "model/churn:staging"])

    rows = (found.size, *found.metrics, *found.metadata, *found.inputs, *found.files.rows)
    assert len(rows) == 14
    assert not any(row.differs for row in rows)


def test_the_same_content_in_two_collections(desk):
    desk.link("weights", metrics={"auc": 0.9})
    desk.link("weights", "model/other", metrics={"auc": 0.8})

    found = desk(compare, ["model/churn:v0", "model/other:v0"])

    assert found.versions[0].id == found.versions[1].id
    assert by_name(found.metrics)["auc"].values == (0.9, 0.8)


def test_a_long_list_is_read_from_the_store(desk):
    many = {f"{n:03}.txt": str(n) for n in range(101)}
    desk.link({"000.txt": "0"})
    desk.link(many)
    desk.link({**many, "000.txt": "another"})

    files = desk(compare, ["model/churn:v1", "model/churn:v2", "model/churn:v0"]).files

    assert files.counts(1) == {"added": 0, "removed": 0, "changed": 1, "same": 100}
    assert files.counts(2) == {"added": 0, "removed": 100, "changed": 0, "same": 1}


def test_without_the_list_the_rest_is_compared(desk):
    desk.link("one", metrics={"auc": 0.5})
    linked = desk.link({f"{n:03}.txt": str(n) for n in range(101)}, metrics={"auc": 0.75})
    (lost,) = (path for path in desk.blobs if path.name == linked.manifest.file_list.digest.value)
    lost.unlink()

    found = desk(compare, ["model/churn:v0", "model/churn:v1"])

    assert by_name(found.metrics)["auc"].deltas == (None, 0.25)
    assert found.files.rows == ()
    assert found.files.problem.startswith("model/churn:v1: ")


def test_a_manifest_that_cannot_be_read_is_a_column_that_says_so(desk, git):
    desk.link("one", metrics={"auc": 0.5})
    broken = desk.link("two")
    path = f"model/churn/versions/{broken.id}.yaml"
    (desk.path / path).write_text("format: 1\nnonsense\n")
    git(desk.path, "commit", "-q", "-a", "-m", "Break")

    found = desk(compare, ["model/churn:v0", "model/churn:v1"])

    assert path in found.versions[1].problem
    assert by_name(found.metrics)["auc"].values == (0.5, None)
    assert path in found.files.problem


def test_the_commits_of_the_code(desk, git):
    desk.link("one")
    linked = desk.link("two")
    path = desk.path / f"model/churn/versions/{linked.id}.yaml"
    # As a run would have written it; linking a file knows of no code.
    path.write_text(path.read_text() + "code: {commit: 4be1c0de, dirty: true}\n")
    git(desk.path, "commit", "-q", "-a", "-m", "Say which code")

    assert desk(compare, ["model/churn:v0", "model/churn:v1"]).commits == (None, "4be1c0de")


@pytest.mark.parametrize("selectors", [[], ["model/churn:v0"]])
def test_one_alone_is_not_compared(models, selectors):
    with pytest.raises(UsageError, match="two versions or more"):
        models(compare, selectors)


@pytest.mark.parametrize(
    ("name", "error"),
    [("model/churn:v7", NotFound), ("model/churm", NotFound), ("model", UsageError), ("a/b/c/d", UsageError)],
)
def test_each_must_be_there(models, name, error):
    with pytest.raises(error):
        models(compare, ["model/churn:v0", name])
