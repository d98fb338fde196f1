"""What the last lines of messages say."""

from __future__ import annotations

import pytest

from git_registry.repository.repository import Repository
from git_registry.repository.trailers import trailers


@pytest.fixture
def commit(tmp_path, git):
    """Make a commit with a message, and return its id."""
    git(tmp_path, "init", "-q")

    def committed(message):
        git(tmp_path, "commit", "-q", "--allow-empty", "-m", message)
        return git(tmp_path, "rev-parse", "HEAD")

    return committed


def test_each_commit_has_those_of_its_last_lines(commit, tmp_path):
    plain = commit("Plain\n\nApproved-by: who is said to have said so\n\nand so on")
    named = commit("Merge é\n\nProposed-by: bob\nApproved-by: alice\nApproved-by: raj\n  and others")

    found = trailers(Repository.open(tmp_path), [named, plain, "f" * 40], "Approved-by", "Objected-by")

    assert found == {
        named: {"Approved-by": ("alice", "raj and others"), "Objected-by": ()},
        plain: {"Approved-by": (), "Objected-by": ()},
    }


def test_nothing_is_asked_of_no_commits(tmp_path, commit):
    commit("One")

    assert trailers(Repository.open(tmp_path), [], "Approved-by") == {}
