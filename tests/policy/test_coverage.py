"""What an approval covers: the event that was seen, on the version that was seen, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.model.memory import snapshot
from tests.policy.acme import (
    CHURN,
    EXAMPLES,
    FILES,
    A,
    B,
    alias_at,
    files_of,
    judge,
    linked,
    manifest,
    on_production,
    pointing,
    rules,
)

from git_registry.model import events as e
from git_registry.model.documents.notes import Notes
from git_registry.policy.evidence import Approval

BEFORE = files_of(
    FILES,
    {
        linked(A): manifest("aa"),
        linked(B): manifest("bb"),
        alias_at("production"): pointing(A),
    },
)
AFTER = files_of(BEFORE, {alias_at("production"): pointing(B)})
MOVED = on_production("alias-moved")
NOTES = linked(B).replace(".yaml", ".notes.yaml")


def approval(*events, by="user:alice", after=None):
    return Approval(principal=by, events=frozenset(events), after=snapshot(after or AFTER))


def word(event, *given, who="user:mia", after=None):
    return judge(rules(), event, who, before=BEFORE, after=after or AFTER, given=given).word


def test_an_approval_lends_the_role_of_who_gave_it():
    assert word(MOVED) == "needs approval"
    assert word(MOVED, approval(MOVED)) == "allowed"


@pytest.mark.parametrize("by", ["user:mia", "user:zoe", "service:train", "github:alice", "team:leads"])
def test_an_approval_by_somebody_without_the_role_or_who_is_no_person_lends_nothing(by):
    assert word(MOVED, approval(MOVED, by=by)) == "needs approval"


@pytest.mark.parametrize(
    "seen",
    [
        replace(MOVED, after=A),
        replace(MOVED, before=B),
        replace(MOVED, before=None),
        replace(MOVED, alias="staging"),
        replace(MOVED, path="model/left"),
        replace(MOVED, protected=True),
        e.AliasAdded(path=CHURN, alias="production", after=B),
    ],
)
def test_another_event_is_not_covered(seen):
    assert word(MOVED, approval(seen)) == "needs approval"


@pytest.mark.parametrize(("by", "is_told"), [("user:alice", True), ("user:zoe", False)])
def test_an_approval_that_would_have_been_enough_says_why_it_is_not(by, is_told):
    now = files_of(AFTER, {NOTES: Notes(tags=("eu",))})
    given = [approval(MOVED, by=by)]

    (one,) = judge(rules(), MOVED, "user:mia", before=BEFORE, after=now, given=given).violations

    why = f"; {by} approved it, and the version's notes are others by now: it is to be proposed again"
    assert one.message.endswith(why) == is_told


class Counted(e.AliasAdded):
    """An alias that was added; how often it was compared with another is counted."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other):
        Counted.compared += 1
        return super().__eq__(other)

    __hash__ = e.AliasAdded.__hash__


def test_what_is_covered_is_looked_up_and_not_searched_for():
    many = [Counted(path=CHURN, alias=f"a{number}", after=A) for number in range(200)]
    given = (approval(*(replace(one) for one in many)),)
    after = files_of(BEFORE, {alias_at(one.alias): pointing(A) for one in many})
    Counted.compared = 0

    assert judge(rules(), many, "user:zoe", before=BEFORE, after=after, given=given).is_allowed
    assert Counted.compared == len(many)


def test_what_comes_besides_is_not_covered():
    types = EXAMPLES["types-changed"]

    verdict = judge(rules(), [MOVED, types], "user:mia", before=BEFORE, after=AFTER, given=(approval(MOVED),))

    assert [one.event for one in verdict.violations] == [types]


@pytest.mark.parametrize(
    "changed",
    [
        {NOTES: Notes(metrics={"auc": 0.2})},  # written since
        {linked(B): manifest("bb", metrics={"auc": 1})},  # amended
        {linked(B): None},
        {linked(B): None, "model/churn/unlinked/" + B + ".yaml": None},
    ],
)
def test_a_version_that_is_not_as_it_was_seen_is_not_covered(changed):
    assert word(MOVED, approval(MOVED), after=files_of(AFTER, changed)) == "needs approval"


def test_a_version_whose_notes_went_since_is_not_covered():
    with_notes = files_of(AFTER, {NOTES: Notes(metrics={"auc": 0.2})})

    assert word(MOVED, approval(MOVED, after=with_notes)) == "needs approval"
    assert word(MOVED, approval(MOVED, after=with_notes), after=with_notes) == "allowed"


def test_a_version_that_moved_to_a_spread_directory_is_the_same():
    spread = files_of(AFTER, {linked(B): None, f"model/churn/versions/bb/{B}.yaml": manifest("bb")})

    assert word(MOVED, approval(MOVED), after=spread) == "allowed"


def test_an_alias_that_goes_needs_no_version():
    removed = on_production("alias-removed")

    assert word(removed, approval(removed)) == "allowed"


@pytest.mark.parametrize("kind", sorted(set(EXAMPLES) - {"version-rewritten", "project-changed"}))
def test_the_same_event_is_covered_whatever_its_kind(kind):
    event = EXAMPLES[kind]
    ana = approval(event, by="user:ana", after=FILES | BEFORE)
    expected = "refused" if kind == "run-recorded" else "allowed"

    assert word(event, ana, who="user:zoe", after=FILES | BEFORE) == expected


THERE = "dataset/churn"
RENAMED = e.CollectionRenamed(path=THERE, before=CHURN, after=THERE)


def there(files):
    """Return files with the collection where it is renamed to."""
    return {
        f"{THERE}{path.removeprefix(CHURN)}" if path.startswith(f"{CHURN}/") else path: one
        for path, one in files.items()
    }


def renaming(after):
    return word(RENAMED, approval(RENAMED, by="user:ana", after=there(BEFORE)), after=after)


def test_a_renaming_is_covered_with_the_aliases_that_were_seen():
    assert renaming(there(BEFORE)) == "allowed"


@pytest.mark.parametrize(
    "meanwhile",
    [
        AFTER,  # the alias moved since
        files_of(BEFORE, {alias_at("eu"): pointing(B)}),
        files_of(BEFORE, {alias_at("production"): None}),
        files_of(BEFORE, {linked(A).replace(".yaml", ".notes.yaml"): Notes(description="?")}),
        files_of(BEFORE, {alias_at("production"): "no alias"}),
    ],
)
def test_a_renaming_that_takes_other_aliases_along_is_not_covered(meanwhile):
    assert renaming(there(meanwhile)) == "needs approval"
