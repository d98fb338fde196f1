"""A small line: within its box, with gaps where there is no number."""

from hypothesis import given
from hypothesis import strategies as st

from git_registry.web.collection.sparks import HEIGHT, WIDTH, spark

values = st.lists(st.none() | st.integers(-(10**12), 10**12) | st.floats())


def points(lines):
    return [tuple(map(float, point.split(","))) for line in lines for point in line.split()]


@given(values)
def test_every_number_is_a_point_within_the_box(numbers):
    found = points(spark(numbers))

    assert len(found) == sum(one is not None and abs(one) < float("inf") for one in numbers)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in found)
    assert [x for x, _ in found] == sorted(x for x, _ in found)


def test_the_largest_is_at_the_top():
    assert spark([1, 3, 2]) == ["0,24 50,0 100,12"]


def test_the_largest_numbers_there_are_stay_in_the_box():
    assert spark([1e308, -1e308, 0]) == ["0,0 50,24 100,12"]


def test_what_was_not_measured_is_passed_over_and_what_was_no_number_is_a_gap():
    assert spark([1, None, 2]) == ["0,24 100,0"]
    assert spark([1, float("nan"), 2]) == ["0,24", "100,0"]


def test_without_numbers_there_is_no_line():
    assert spark([]) == spark([None, float("inf")]) == []
