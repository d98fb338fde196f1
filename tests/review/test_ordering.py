"""What is protected comes first, whatever stood first in the step."""

from __future__ import annotations

from git_registry.model.events import (
    AliasMoved,
    AutomationCreated,
    FileChanged,
    MemberAdded,
    TeamChanged,
    VersionLinked,
)
from git_registry.policy.explaining import Explained, Passage
from git_registry.policy.gates import Outcome
from git_registry.review.ordering import is_protected, ordered

GATE = Outcome(gate="holds", passed=True, limit="staging points at it")


def event(kind, takes, *, by="user:bob", gates=(), **fields):
    passages = tuple(
        Passage(collection="model/churn", alias="production", version="0" * 32, outcome=gate)
        for gate in gates
    )
    return Explained(event=kind(**fields), takes=takes, by=by, passages=passages)


LINKED = event(VersionLinked, "member of model", path="model/churn", version="0" * 32)
STAGED = event(AliasMoved, "member of model", path="model/churn", alias="staging")
PROMOTED = event(AliasMoved, "admin of model", path="model/churn", alias="production", gates=[GATE])
GRANTED = event(MemberAdded, "admin of model", path="model", principal="user:eve")
WORKFLOW = event(FileChanged, "organization admin", path=".github/workflows/ci.yml", by=None)
SENDS = event(AutomationCreated, "admin of model", path="model/churn", name="deploy", by=None)
UNREAD = event(VersionLinked, "", path="model/b", version="1" * 32, by=None)


def test_the_rules_then_protected_aliases_then_what_else_is_protected_then_the_others():
    assert ordered([LINKED, STAGED, WORKFLOW, PROMOTED, GRANTED]) == (
        *(GRANTED, PROMOTED, WORKFLOW),
        *(LINKED, STAGED),
    )


def test_what_sends_data_out_is_among_what_is_decided_first():
    assert ordered([LINKED, WORKFLOW, SENDS, GRANTED]) == (GRANTED, SENDS, WORKFLOW, LINKED)


def test_many_of_a_kind_hide_no_other_kind():
    teams = [event(TeamChanged, "organization admin", path="", name=f"t{n}", by=None) for n in range(760)]
    moves = [PROMOTED] * 760

    found = ordered([*teams, *moves, WORKFLOW, GRANTED, LINKED])

    assert {GRANTED, PROMOTED, WORKFLOW} <= set(found[:60])
    assert found[-1] is LINKED
    assert sorted(map(id, found)) == sorted(map(id, [*teams, *moves, WORKFLOW, GRANTED, LINKED]))


def test_what_takes_more_than_a_member_is_protected_and_what_nobody_can_tell():
    found = {one: is_protected(one) for one in (LINKED, STAGED, PROMOTED, GRANTED, WORKFLOW, UNREAD)}

    assert [one for one, is_one in found.items() if not is_one] == [LINKED, STAGED]


def test_an_alias_that_becomes_unprotected_in_the_same_step_is_protected():
    moved = event(AliasMoved, "member of model", path="model/churn", alias="production", protected=True)

    assert is_protected(moved)
    assert ordered([WORKFLOW, moved])[0] is moved
