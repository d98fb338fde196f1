"""What a run measured over time, as a plot shows it."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.repeating import times

from git_registry.errors import StoreError
from git_registry.model.dates import timestamp
from git_registry.model.documents.run import History, Run
from git_registry.sdk.blobs import blobs
from git_registry.sdk.curves import POINTS, SERIES, curves, rows, thinned
from git_registry.sdk.measuring import file_of
from git_registry.sdk.projecting import RunView

from .desk import NOON


def drawn(found):
    return {one.name: list(one.values) for one in thinned(found).series}


def kept(desk, data):
    """Return where the rows of a run lie in the store."""
    with desk.open() as catalog:
        stored = blobs(catalog).store.put_bytes(data)
    return History(uri=stored.uri, digest=stored.digest, rows=data.count(b"\n"))


def ran(history=None, state="finished"):
    document = Run(state=state, started=timestamp(NOON), history=history)
    return RunView(project="churn", id="r1", document=document)


def test_few_rows_are_drawn_as_they_are():
    found = thinned([{"_step": 2, "loss": 1.5, "note": "x"}, {"_step": 5, "auc": 1}])

    assert (found.axis, list(found.places)) == ("step", [2, 5])
    assert {one.name: list(one.values) for one in found.series} == {"loss": [1.5, None], "auc": [None, 1]}


@pytest.mark.parametrize("steps", [[3, 1], [None, 1], [0, "1"], [True, 2], [0, 1 << 60]])
def test_where_steps_do_not_ascend_rows_are_counted(steps):
    found = thinned([{"_step": one, "loss": 1} for one in steps])

    assert (found.axis, list(found.places)) == ("row", [0, 1])


def test_what_json_has_no_number_for_is_no_gap_of_another_kind():
    (values,) = drawn([{"a": "NaN"}, {"a": "-Infinity"}, {"a": 10**400}, {"a": True}, {"a": 2}]).values()

    assert math.isnan(values[0])
    assert values[1:] == [-math.inf, None, None, 2]


def test_of_many_curves_the_rest_is_named():
    found = thinned([{f"m{one}": one for one in range(SERIES + 3)}])

    assert len(found.series) == SERIES
    assert list(found.left_out) == ["m60", "m61", "m62"]


@given(
    st.lists(st.one_of(st.none(), st.floats(allow_nan=True), st.integers(-9, 9)), min_size=1, max_size=20),
    st.integers(POINTS + 1, 3 * POINTS),
)
@settings(max_examples=times(20, campaign=500))
def test_the_lowest_and_the_highest_of_many_are_kept(some, count):
    values = [some[step * step % len(some)] for step in range(count - 1)] + [0.5]
    found = thinned([{"_step": step, "m": value} for step, value in enumerate(values)])
    (series,) = found.series

    assert len(found.places) == len(series.values) <= POINTS
    assert list(found.places) == sorted(found.places)
    finite = [one for one in values if one is not None and math.isfinite(one)]
    left = [one for one in series.values if one is not None and math.isfinite(one)]
    assert (min(left), max(left)) == (min(finite), max(finite))


def test_the_rows_of_a_run_that_ended_are_read_from_the_store(desk):
    data = b'{"_step":0,"loss":2}\nno row\n{"_step":1,"loss":NaN}'

    found = desk(curves, ran(kept(desk, data)))

    assert (found.rows, found.series[0].values[0]) == (2, 2)


def test_rows_that_are_too_many_are_not_read(desk):
    history = kept(desk, b'{"loss":2}\n' * 10)

    with pytest.raises(StoreError, match="bytes"):
        desk(rows, history, at_most=20)


def test_a_run_under_way_on_this_machine_is_drawn_as_far_as_it_came(desk):
    with desk.open() as catalog:
        file = file_of(catalog.repository, "churn", "r1")
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({"_step": 0, "loss": 1}) + '\n{"_step": 1, "lo')

        assert curves(catalog, ran(state="running")).rows == 1
        catalog.commit = catalog.tip()
        assert curves(catalog, ran(state="running")) is None
