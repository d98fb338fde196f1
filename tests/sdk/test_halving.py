"""Halving finds where it begins to differ, in as few trials as can be."""

from hypothesis import given
from hypothesis import strategies as st

from git_registry.sdk.halving import SKIPPED, bounds, most_trials, next_trial


def search(count, first, skipped=frozenset()):
    """Return the bounds found in a line of `count` things, and how many were tried."""
    marks = [True, *[None] * (count - 2), False]
    tried = 0
    while (index := next_trial(marks)) is not None:
        assert marks[index] is None
        marks[index] = SKIPPED if index in skipped else index < first
        tried += 1
    return bounds(marks), tried


@given(st.data(), st.integers(2, 200))
def test_the_first_that_differs_is_found_in_as_few_trials_as_promised(data, count):
    first = data.draw(st.integers(1, count - 1))

    found, tried = search(count, first)

    assert found == (first - 1, first)
    assert tried <= most_trials([True, *[None] * (count - 2), False])


@given(st.data(), st.integers(2, 60))
def test_what_is_skipped_hides_no_more_than_itself(data, count):
    first = data.draw(st.integers(1, count - 1))
    skipped = data.draw(st.sets(st.integers(1, count - 1)))

    (alike, unlike), _ = search(count, first, skipped)

    assert alike < first <= unlike
    assert set(range(alike + 1, unlike)) <= skipped


def test_sixty_four_take_six():
    assert most_trials([True, *[None] * 63, False]) == 6
    assert max(search(65, first)[1] for first in range(1, 65)) == 6
