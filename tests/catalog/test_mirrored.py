"""Who approved what comes along with what others published."""

import pytest

from git_registry.sdk.syncing import sync


@pytest.fixture
def approved(desk, upstream, git):
    """Alice approved the upstream's tip; return the ref and the commit."""
    commit = git(upstream, "rev-parse", "main")
    ref = f"refs/approvals/alice/{commit}"
    git(upstream, "update-ref", ref, commit)
    return ref, commit


def here(desk, git):
    return git(desk.path, "for-each-ref", "--format=%(refname) %(objectname)", "refs/approvals")


def test_a_sync_brings_approvals(desk, approved, git):
    desk(sync)

    assert here(desk, git) == " ".join(approved)


def test_git_alone_does_not(desk, approved, git):
    git(desk.path, "pull", "-q", "--rebase")

    assert here(desk, git) == ""


def test_nothing_is_brought_to_a_shallow_clone_that_would_bring_its_history(clone, approved, git):
    shallow = clone("shallow", "--depth=1")

    shallow(sync)

    assert here(shallow, git) == ""
