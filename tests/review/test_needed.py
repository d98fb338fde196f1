"""Approvals that are missing, in words."""

from __future__ import annotations

import pytest

from git_registry.review.awaiting import Missing
from git_registry.review.needed import amount, needed

LEADS = Missing(who=("team:leads", "user:ada"))
RISK = Missing(more=2, who=("team:risk",))
SECOND = Missing(who=("team:risk",), is_begun=True)
MANY = Missing(who=tuple(f"user:{name}" for name in "abcde"))


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ([LEADS], "approval by team:leads or user:ada"),
        ([LEADS, RISK], "approval by team:leads or user:ada, and 2 approvals by team:risk"),
        ([SECOND], "1 more approval by team:risk"),
        ([Missing(who=())], "approval by nobody who is there"),
    ],
)
def test_each_is_told_with_who_could_give_it(missing, said):
    assert needed(missing) == said


def test_of_many_some_are_named():
    assert needed([MANY], named=3) == "approval by user:a or user:b or user:c or 2 more"
    assert needed([LEADS], named=3) == needed([LEADS])


def test_how_much_is_missing():
    assert [amount(one) for one in (LEADS, RISK, SECOND)] == ["1 approval", "2 approvals", "1 more approval"]
