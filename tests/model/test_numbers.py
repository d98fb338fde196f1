"""Version numbers, read off a line of steps."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st
from tests.model.remembered import number

from git_registry.model.numbers import Arrival

A, B, C, D = ("aa" * 16, "bb" * 16, "cc" * 16, "dd" * 16)


def line(*steps):
    """Number steps given as (collection, ids…), or as a mapping of renames."""
    return number(
        Arrival(commit=f"c{n}", renames=step)
        if isinstance(step, dict)
        else Arrival(commit=f"c{n}", versions=tuple((step[0], version) for version in step[1:]))
        for n, step in enumerate(steps)
    )


def shown(numbers):
    return {collection: {v: n.number for v, n in ids.items()} for collection, ids in numbers.items()}


def test_numbers_follow_the_order_of_arrival_in_each_collection():
    numbers = line(("m/x", A), ("m/y", B), ("m/x", C))

    assert shown(numbers) == {"m/x": {A: 0, C: 1}, "m/y": {B: 0}}
    assert numbers["m/x"][C].commit == "c2"


def test_several_in_one_step_take_the_order_they_are_given_in():
    assert shown(line(("m/x", C, A, B))) == {"m/x": {C: 0, A: 1, B: 2}}


def test_a_number_belongs_to_content_for_ever():
    """Unlinked and linked again, or the collection deleted and created anew: the ids appear once more."""
    numbers = line(("m/x", A), ("m/x", B), ("m/x", A), ("m/x", C, B))

    assert shown(numbers) == {"m/x": {A: 0, B: 1, C: 2}}
    assert numbers["m/x"][A].commit == "c0"


def test_a_renamed_collection_takes_its_numbers_along_and_goes_on_counting():
    numbers = line(("m/x", A, B), {"m/y": "m/x"}, ("m/y", C))

    assert shown(numbers)["m/y"] == {A: 0, B: 1, C: 2}


def test_versions_that_come_with_the_rename_are_numbered_after_those_it_brings():
    step = Arrival(commit="c1", versions=(("m/y", C), ("m/y", A)), renames={"m/y": "m/x"})

    numbers = number([Arrival(commit="c0", versions=(("m/x", A),)), step])

    assert shown(numbers)["m/y"] == {A: 0, C: 1}


def test_the_old_path_goes_on_counting_if_it_is_used_again():
    assert shown(line(("m/x", A), {"m/y": "m/x"}, ("m/x", B, A)))["m/x"] == {A: 0, B: 1}


def test_what_a_rename_brings_keeps_its_numbers_where_others_were_purged():
    """Nobody but purged versions has a number at the new path; those that are there come first."""
    numbers = shown(line(("m/y", A), ("m/x", B, A), {"m/y": "m/x"}, ("m/y", C)))

    assert numbers["m/y"] == {B: 0, A: 1, C: 2}


@given(st.lists(st.lists(st.sampled_from([A, B, C, D]), max_size=4), max_size=8))
def test_numbers_count_from_zero_without_gaps_and_never_change(steps):
    before: dict[str, int] = {}
    for length in range(len(steps) + 1):
        now = shown(line(*(("m/x", *ids) for ids in steps[:length]))).get("m/x", {})
        assert sorted(now.values()) == list(range(len(now)))
        assert before.items() <= now.items()
        before = now


def test_numbering_is_linear():
    arrivals = [Arrival(commit="c", versions=(("m/x", f"{n:032x}"),)) for n in range(100_000)]

    start = time.process_time()
    numbers = number(arrivals)

    assert time.process_time() - start < 1
    assert numbers["m/x"][f"{99_999:032x}"].number == 99_999
