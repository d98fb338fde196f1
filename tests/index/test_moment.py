"""What is looked up one by one is what the whole says."""

import pytest
from tests.index.test_numbers import link, manifest, rename
from tests.sdk.once import once

from git_registry.index.opening import ask

P, Q, X, A = (manifest(text) for text in "pqxa")


@once
def renamed(desk, git):
    """A collection that was renamed to where others had been purged, of which one came back with it."""
    for one in (P, Q, X):
        link(desk, one, into="model/retention")
    git(desk.path, "rm", "-q", "-r", "model/retention")
    git(desk.path, "commit", "-q", "-m", "Purge")
    for one in (X, A):
        link(desk, one)
    rename(desk, git, "model/churn", "model/retention")
    return desk


def test_a_version_has_one_number_the_one_it_brought_along(renamed):
    numbers = renamed(ask, lambda moment: moment.numbers("model/retention"))

    assert {version: one.number for version, one in numbers.items()} == {P.id: 0, Q.id: 1, X.id: 0, A.id: 1}


@pytest.mark.parametrize(("number", "version"), [(0, X.id), (1, A.id), (2, None), (3, None)])
def test_a_number_that_a_version_no_longer_has_finds_nothing(renamed, number, version):
    assert renamed(ask, lambda moment: moment.with_number("model/retention", number)) == version


def test_the_latest_goes_by_the_number_it_has_now(renamed):
    assert renamed(ask, lambda moment: moment.latest("model/retention")) == A.id


def test_counting_goes_on_behind_all_that_were_ever_given(renamed):
    (new,) = link(renamed, manifest("new"), into="model/retention")

    assert renamed(ask, lambda moment: moment.numbered("model/retention", new)).number == 3
    assert renamed(ask, lambda moment: moment.highest("model/retention")) == 3
