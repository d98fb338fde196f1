"""One metric over all versions of a collection."""

import math

import pytest

from git_registry.errors import NotFound, UsageError
from git_registry.model.edits.version import Addition
from git_registry.sdk import managing, noting
from git_registry.sdk.managing import Description
from git_registry.sdk.series import over


@pytest.fixture
def measure(desk):
    """Link a version for each value; None is one without the metric."""

    def run(*values):
        for number, value in enumerate(values):
            desk.link(f"{number}", metrics={} if value is None else {"auc": value})

    return run


def summed(series):
    notable = (series.best, series.worst, series.last)
    return [point and (point.version.version, point.value) for point in notable]


def test_every_version_is_there_oldest_first(desk, measure):
    measure(0.5, None, 0.25, 0.75)

    found = desk(over, "model/churn", "auc")

    assert [(point.version.version, point.value, point.delta) for point in found.points] == [
        ("v0", 0.5, None),
        ("v1", None, None),
        ("v2", 0.25, -0.25),
        ("v3", 0.75, 0.5),
    ]
    assert summed(found) == [("v3", 0.75), ("v2", 0.25), ("v3", 0.75)]
    assert (found.collection, found.metric) == ("model/churn", "auc")


def test_less_may_be_better(desk, measure):
    measure(0.5, 0.25, 0.75)

    assert summed(desk(over, "model/churn", "auc", "minimize")) == [("v1", 0.25), ("v2", 0.75), ("v2", 0.75)]


def test_nan_is_neither_best_nor_worst_but_may_be_last(desk, measure):
    measure(math.nan, 0.5, math.inf, 0.25, math.nan)

    found = desk(over, "model/churn", "auc")

    assert summed(found)[:2] == [("v2", math.inf), ("v3", 0.25)]
    assert math.isnan(found.last.value)
    assert [point.delta for point in found.points] == [None, None, None, -0.25, None]


def test_of_equals_the_first_is_best_and_of_nothing_but_nan_none(desk, measure):
    measure(1, 1.0)
    assert summed(desk(over, "model/churn", "auc")) == [("v0", 1), ("v0", 1), ("v1", 1)]

    desk.link("other", "model/other", metrics={"auc": math.nan})
    other = desk(over, "model/other", "auc")
    assert (other.best, other.worst) == (None, None)


def test_what_was_measured_later_wins(desk, measure):
    measure(0.5, None)
    desk(noting.annotate, ["model/churn:v1"], Addition(metrics={"auc": 0.75}))
    desk(noting.annotate, ["model/churn:v0"], Addition(metrics={"auc": 0.25}))

    assert [point.value for point in desk(over, "model/churn", "auc").points] == [0.25, 0.75]


def test_an_unknown_metric_is_not_found_and_the_nearest_named(desk, measure):
    measure(0.5)

    with pytest.raises(NotFound) as error:
        desk(over, "model/churn", "aucc")

    assert error.value.hint == "did you mean auc?"
    assert error.value.where == "model/churn"


def test_a_collection_without_any_metric_says_so(desk):
    desk(managing.create_collection, "model/new", Description())

    with pytest.raises(NotFound) as error:
        desk(over, "model/new", "auc")

    assert error.value.hint == "none was measured there"


@pytest.mark.parametrize(
    ("name", "error"),
    [("model/churn:v0", UsageError), ("model", UsageError), ("model/churm", NotFound)],
)
def test_it_takes_a_collection(desk, measure, name, error):
    measure(0.5)

    with pytest.raises(error):
        desk(over, name, "auc")
