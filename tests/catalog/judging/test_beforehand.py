"""What a clone says of a push, where what it pushes was proposed and approved."""

from __future__ import annotations

import pytest
from tests.sdk.conftest import desk, upstream

from git_registry.catalog.judging.beforehand import on_push
from git_registry.catalog.judging.laptop import laptop
from git_registry.model.documents.access import Approvals, Gate
from git_registry.sdk import membership, protecting

__all__ = ["desk", "upstream"]


@pytest.fixture
def alice(desk, upstream, git):
    """An admin who merged what Bob proposed, in a clone that knows his proposal."""
    desk.link("weights", aliases=["production"])
    desk.link("better")
    desk(membership.grant, "model", {"user:bob": "member", "user:alice": "admin"})
    desk(protecting.protect, "model", "production", [Gate(approvals=Approvals(count=1, not_author=True))])
    git(desk.path, "push", "-q", "origin", "main")
    git(desk.path, "switch", "-q", "-c", "work")
    desk.promote("model/churn:v1", "production")
    git(desk.path, "push", "-q", "origin", "work:refs/heads/proposals/bob/x")
    git(desk.path, "fetch", "-q")
    git(desk.path, "switch", "-q", "main")
    noon = {"GIT_COMMITTER_DATE": "1767268800 +0000"}
    git(desk.path, "merge", "-q", "--no-ff", "-m", "Merge", "work", env=noon)
    git(desk.path, "config", "registry.user", "user:alice")
    return desk


def said(desk, git):
    """Return the rules that are in the way of pushing the default branch."""
    old, new = (git(desk.path, "rev-parse", one) for one in ("origin/main", "main"))
    return desk(
        lambda catalog: [
            one.violation.rule for one in on_push(laptop(catalog), [("refs/heads/main", old, new)])
        ]
    )


def approve(desk, git, user):
    proposed = git(desk.path, "rev-parse", "work")
    git(desk.path, "update-ref", f"refs/approvals/{user}/{proposed}", proposed)


def test_what_nobody_approved_waits(alice, git):
    assert said(alice, git) == ["gate approvals"]


def test_an_approval_counts_where_the_proposal_says_whose_it_is(alice, git):
    approve(alice, git, "ada")

    assert said(alice, git) == []


def test_an_approval_does_not_count_where_no_proposal_says_whose_it_is(alice, git):
    approve(alice, git, "ada")
    git(alice.path, "update-ref", "-d", "refs/remotes/origin/proposals/bob/x")

    assert said(alice, git) == ["gate approvals"]


def test_nor_one_by_its_own_author(alice, git):
    approve(alice, git, "alice")

    assert said(alice, git) == ["gate approvals"]
