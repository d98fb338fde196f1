"""What a difference is, whatever the numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.model.digest import Digest
from git_registry.model.documents.manifest import FileEntry, Input
from git_registry.sdk.rows import FileRow, InputRow, NumberRow, ValueRow, difference

NUMBERS = st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats()


@given(NUMBERS, NUMBERS)
def test_a_difference_is_finite_or_none(one, other):
    delta = difference(one, other)

    if None in (one, other) or not (math.isfinite(one) and math.isfinite(other)):
        assert delta is None
    elif delta is not None:
        assert math.isfinite(delta)
        assert (delta > 0) == (other > one)
        assert difference(other, one) == -delta
    else:
        assert abs(other / 2 - one / 2) > 8e307  # further apart than a double can say


@given(st.decimals(-100, 100, places=3), st.decimals(-100, 100, places=3))
def test_a_difference_is_what_one_gets_on_paper(one, other):
    assert difference(float(one), float(other)) == float(other - one)


@given(st.lists(NUMBERS, min_size=2, max_size=4))
def test_numbers_that_differ_nowhere_gained_nothing(values):
    row = NumberRow(name="x", values=tuple(values))

    assert len(row.deltas) == len(values)
    if not row.differs:
        assert set(row.deltas[1:]) <= {None, 0}
    assert not NumberRow(name="x", values=(values[0],) * 3).differs


FIRST = FileEntry(path="a", size=1, digest=Digest.of(b"1"), uri="s3://a/1")
MOVED = FileEntry(path="a", size=1, digest=Digest.of(b"1"), uri="gs://b/1")
OTHER = FileEntry(path="a", size=1, digest=Digest.of(b"2"), uri="s3://a/1")


@pytest.mark.parametrize(
    ("before", "after", "fate"),
    [
        (FIRST, FIRST, "same"),
        (FIRST, MOVED, "same"),
        (FIRST, OTHER, "changed"),
        (FIRST, None, "removed"),
        (None, FIRST, "added"),
    ],
)
def test_what_became_of_a_file(before, after, fate):
    row = FileRow(path="a", entries=(before, after))

    assert row.fates == (None, fate)
    assert row.differs == (fate != "same")


def test_what_never_was_has_no_fate():
    assert FileRow(path="a", entries=(None, FIRST, None)).fates == (None, "added", None)
    assert InputRow(input=Input(uri="s3://x"), given=(False, False, True)).fates == (None, None, "added")
    assert ValueRow(name="x", values=(None, None), given=(False, True)).fates == (None, "added")
