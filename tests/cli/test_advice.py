"""What a verb says on stderr of what it wrote, where a server would not take it as it is."""

from __future__ import annotations

import pytest


@pytest.fixture
def bob(churn, git):
    """A member in a clone of an organization, in which production is protected."""
    git(churn.directory.parent, "init", "-q", "--bare", "-b", "main", "upstream.git")
    churn("access", "grant", "model", "bob", "member")
    churn("access", "protect", "model", "production")
    git(churn.directory, "remote", "add", "origin", "../upstream.git")
    git(churn.directory, "push", "-q", "-u", "origin", "main")
    git(churn.directory, "config", "registry.user", "user:bob")
    return churn


def test_a_write_that_waits_here_is_told_what_it_would_need(bob):
    printed = bob("promote", "model/churn:v1", "--to", "production")

    assert "advice" not in printed
    assert bob.err == (
        "advice: this would need approval by user:ada: model/churn: alias-added takes admin of model "
        "(the alias production is protected); user:bob has member; `git registry propose` asks for it\n"
    )


def test_json_is_the_same_and_the_advice_beside_it(bob):
    assert bob.json("access", "grant", "model", "bob", "admin")[0]["event"] == "role-changed"
    assert bob.err.startswith("advice: this would need approval by user:ada: model: role-changed takes ")


def test_what_is_allowed_or_published_is_told_nothing(bob):
    bob("promote", "model/churn:v1", "--to", "eu")
    assert bob.err == ""
    bob("promote", "model/churn:v1", "--to", "production", "--push")
    assert bob.err == ""
