"""What is said of the pushes that a server noted."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from git_registry.catalog.push_lines import Moved, Push
from git_registry.catalog.pushes import note
from git_registry.policy.account import Account
from git_registry.repository.repository import Repository

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def noted(shell, git, *moves):
    """Note pushes of the default branch, each by its pusher, from one revision to another."""
    for who, old, new in moves:
        ids = [git(shell.directory, "rev-parse", one) if one else None for one in (old, new)]
        account = Account(name=who, given=True)
        push = Push(
            at=NOON,
            principal=f"user:{who}",
            adapter="env:REG_USER",
            account=account,
            refs=(Moved("refs/heads/main", *ids),),
            rescued=old is None,
        )
        note(Repository.open(shell.directory), push)


def test_pushes_that_obey(churn, git, golden):
    noted(churn, git, ("ada", None, "main~1"), ("ada", "main~1", "main"))

    assert churn("access", "replay") == "2 pushes: 2 obeys\n"
    golden("replay.json", re.sub('"[0-9a-f]{40}"', '"<id>"', churn("access", "replay", "--json")))


def test_pushes_that_do_not(churn, git, golden):
    noted(churn, git, ("ada", None, "main~2"), ("bob", "main~1", "main"))

    said = churn("access", "replay", code=4)
    golden("replay-violates.pipe.txt", re.sub("[0-9a-f]{8}(?=[→,:])", "<commit>", said))
    shape = churn("access", "replay", "--json", code=4)
    golden("replay-violates.json", re.sub('"[0-9a-f]{40}"', '"<id>"', shape))


def test_verify_ends_with_3_where_a_branch_moved_and_no_push_says_so(churn, git):
    noted(churn, git, ("ada", None, "main~1"))

    assert churn("verify", code=3).startswith("refs/heads/main: main moved ")
    noted(churn, git, ("ada", "main~1", "main"))
    assert "Pushes that the server noted: 2 obeys\n" in churn("verify")


def test_what_somebody_else_wrote_on_the_log_ends_with_4(churn, git):
    noted(churn, git, ("ada", None, "main"))
    log = "refs/registry/pushes"
    git(
        churn.directory,
        "update-ref",
        log,
        git(churn.directory, "commit-tree", "main^{tree}", "-p", log, "-m", "x"),
    )

    assert "is not the server's: somebody else wrote it" in churn("access", "replay", code=4)
