"""The words that documents use, and those that none does."""

import pytest
from tests.sdk.desk import Desk
from tests.sdk.once import once

from git_registry.index.opening import ask
from git_registry.index.search import vocabulary
from git_registry.model.edits.version import Addition
from git_registry.sdk import linking, noting
from git_registry.sdk.managing import Description, edit


@once
def measured(desk: Desk) -> Desk:
    desk.link(
        "one",
        metrics={"auc": 0.9, "val.auc": 0.8, "loss": float("nan")},
        metadata={"reviewed": True, "lr": None, "data": {"rows": [{"id": 3}], "none": []}, 'a"b': 1},
        tags=("eu",),
    )
    return desk


@pytest.mark.parametrize(
    "field",
    [
        *("metrics.auc", "metrics.val.auc", "metrics.loss", "metadata.reviewed", "metadata.lr"),
        *("metadata.data", "metadata.data.rows", "metadata.data.rows.id", "metadata.data.rows.0.id"),
        *("metadata.data.none", 'metadata.a"b'),
    ],
)
def test_a_field_that_some_version_has(measured, field):
    assert measured(ask, lambda moment: vocabulary.is_used(moment, field), contents=True)


@pytest.mark.parametrize(
    "field",
    [
        *("metrics.acu", "metrics.reviewed", "metadata.auc", "metadata.rows", "metadata.data.id"),
        *("metadata.lr.x", "metrics.0", "metadata.a", "metadata.\ud800"),
    ],
)
def test_a_field_that_none_has(measured, field):
    assert not measured(ask, lambda moment: vocabulary.is_used(moment, field), contents=True)


def test_what_was_taken_away_was_used_once(measured):
    measured(linking.unlink, ["model/churn:v0"])

    assert measured(ask, lambda moment: vocabulary.is_used(moment, "metadata.reviewed"), contents=True)


def test_fields_tags_and_aliases(measured):
    measured(noting.annotate, ["model/churn:v0"], Addition(tags=("us",)))
    measured(noting.tag, "model/churn", add=["tabular"])
    measured(edit, "model/churn", Description(title="Churn"))
    measured.promote("model/churn:v0", "production")

    def asked(moment):
        return (
            vocabulary.fields(moment, "metrics"),
            sorted(vocabulary.tags(moment, "version")),
            vocabulary.tags(moment, "collection"),
            vocabulary.tags(moment, "registry"),
            vocabulary.aliases(moment),
        )

    assert measured(ask, asked, contents=True) == (
        ["metrics.auc", "metrics.val.auc"],
        ["eu", "us"],
        ["tabular"],
        [],
        ["production"],
    )
