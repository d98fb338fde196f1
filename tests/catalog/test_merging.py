"""Two changes of one document, put together or not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.catalog.merging import Disagreement, merged
from git_registry.model.documents.notes import Notes
from git_registry.model.equality import same

BASE = Notes(description="one", tags=("a", "b"), metrics={"auc": 0.9}, metadata={"by": "ana"})


def test_different_fields_and_keys_are_put_together():
    mine = Notes(
        description="two", tags=("a", "b", "c"), metrics={"auc": 0.9, "f1": 0.8}, metadata={"by": "ana"}
    )
    theirs = Notes(description="one", tags=("b",), metrics={"auc": 0.9, "loss": 0.1}, metadata={})

    assert merged(BASE, mine, theirs) == Notes(
        description="two", tags=("b", "c"), metrics={"auc": 0.9, "loss": 0.1, "f1": 0.8}, metadata={}
    )


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (Notes(description="two"), Notes(description="three")),
        (Notes(metrics={"auc": 0.5}), Notes(metrics={"auc": 0.6})),
        (Notes(metrics={"auc": 0.5}), Notes(metrics={})),
        (Notes(ttl=1), Notes(ttl=2)),
        (Notes(metadata={"a": 1}), Notes(metadata={"a": True})),
    ],
)
def test_the_same_field_or_key_is_a_disagreement(mine, theirs):
    base = Notes(description="one", metrics={"auc": 0.9})
    with pytest.raises(Disagreement):
        merged(base, mine, theirs)


NOTES = st.builds(
    Notes,
    description=st.sampled_from([None, "one", "two"]),
    tags=st.lists(st.sampled_from("abc"), unique=True).map(tuple),
    metrics=st.dictionaries(st.sampled_from("xyz"), st.sampled_from([1, 2.0, float("nan")])),
)


@given(base=NOTES, mine=NOTES)
def test_who_changed_nothing_changes_nothing(base, mine):
    assert same(merged(base, mine, base), mine)
    assert same(merged(base, base, mine), mine)
    assert same(merged(base, mine, mine), mine)
