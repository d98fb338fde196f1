"""Events are values."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, replace

import pytest

from git_registry.model import events as e
from git_registry.model.documents.access import Gate, Protection
from git_registry.model.equality import same

NAN = float("nan")

# DESIGN §4, word by word.
NAMES = """
organization-changed admin-added admin-removed team-changed identity-changed
registry-created registry-deleted registry-described types-changed visibility-changed member-added
member-removed role-changed protection-added protection-removed gates-changed
collection-created collection-deleted collection-renamed collection-described collection-tagged
collection-untagged
version-linked version-unlinked version-purged version-described version-annotated version-tagged
version-untagged version-rewritten
alias-added alias-moved alias-removed
automation-created automation-changed automation-deleted
project-changed run-recorded file-changed
"""


def test_the_kinds_are_those_of_the_design():
    assert sorted(e.KINDS) == sorted(NAMES.split())


@pytest.mark.parametrize("name", e.KINDS)
def test_a_kind_is_called_as_its_class(name):
    assert re.sub(r"(?<!^)(?=[A-Z])", "-", e.KINDS[name].__name__).lower() == name


@pytest.mark.parametrize("kind", e.KINDS.values(), ids=e.KINDS)
def test_an_event_is_small_and_says_what_it_is(kind):
    assert kind.__doc__
    assert not hasattr(object.__new__(kind), "__dict__")


MOVED = e.AliasMoved(path="model/churn", alias="production", before="aa", after="bb", protected=True)


def test_an_event_does_not_change():
    with pytest.raises(FrozenInstanceError):
        MOVED.after = "cc"


def test_equal_events():
    again = replace(MOVED)

    assert again == MOVED
    assert {MOVED, again} == {MOVED}
    assert replace(MOVED, after="cc") != MOVED
    assert (
        e.AliasAdded(path="model/churn", alias="production", before="aa", after="bb", protected=True) != MOVED
    )
    assert MOVED != "alias-moved"


def edit(value):
    return e.VersionAnnotated(path="m/c", version="aa", field="metrics", before={}, after={"auc": value})


def test_nan_is_the_value_it_was():
    assert edit(NAN) == edit(float("nan"))
    assert len({edit(NAN), edit(float("nan"))}) == 1


@pytest.mark.parametrize("other", [True, 1.0, "1", None, [1], {"x": 1}])
def test_what_python_takes_for_equal_is_another_event(other):
    assert edit(1) != edit(other)


def gated(value):
    return Protection(gates=(Gate(metrics={"auc": {"$gte": value}}),))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, None),
        (NAN, float("nan")),
        ([1, (2,)], (1, [2])),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (gated(NAN), gated(float("nan"))),
    ],
)
def test_same(one, other):
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (0, False),
        (1, 1.0),
        (0, None),
        ("", None),
        ((), None),
        ({}, ()),
        ({"a": None}, {}),
        ({"a": None}, {"b": None}),
        ([1, 2], [2, 1]),
        ([1], [1, 2]),
        ("ab", ("a", "b")),
        (gated(1), gated(True)),
        (Protection(), Gate()),
    ],
)
def test_not_the_same(one, other):
    assert not same(one, other)
    assert not same(other, one)
