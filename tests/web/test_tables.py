"""Columns that a server sorts by, and numbers in them."""

from __future__ import annotations

import math

import pytest

from git_registry.web.tables import Cell, cell, column


@pytest.mark.parametrize(
    ("value", "text", "sort"),
    [
        (0.1 + 0.2, "0.3", "0.30000000000000004"),
        (1.0, "1.0", "1.0"),
        (12_345_678, "12345678", "12345678"),
        (math.nan, "NaN", "NaN"),
        (-math.inf, "-Infinity", "-Infinity"),
    ],
)
def test_a_number_reads_short_and_is_sorted_by_all_of_it(value, text, sort):
    assert cell(value) == Cell(text, sort)


def test_what_was_not_measured_is_an_empty_cell():
    assert cell(None) == Cell()


def test_the_largest_comes_first_at_first_and_one_more_click_turns_it_round():
    fresh = column("Size", "size", "")
    down = column("Size", "size", fresh.sort)
    up = column("Size", "size", down.sort)

    assert [one.state for one in (fresh, down, up)] == ["", "descending", "ascending"]
    assert up.sort == fresh.sort


def test_a_column_that_rows_are_not_sorted_by_asks_for_nothing():
    assert column("Tags", "", "").sort == ""
    assert column("Tags", "", "").state == ""
