"""`git registry rollback`: what it prints, and where it works."""

from __future__ import annotations

import pytest

from .once import once


@once
def moved(churn):
    """Production was v0, and is v1."""
    for version in ("v0", "v1"):
        churn("promote", f"model/churn:{version}", "--to", "production")
    return churn


@pytest.fixture
def published(moved, git, tmp_path):
    git(tmp_path, "clone", "-q", "--bare", "acme", "upstream.git")
    git(moved.directory, "remote", "add", "origin", "../upstream.git")
    git(moved.directory, "fetch", "-q")
    git(moved.directory, "remote", "set-head", "origin", "main")
    return moved


def test_it_says_what_happened_as_promote_does(moved, golden):
    assert moved("rollback", "model/churn", "production") == "model/churn:production is v0 now, was v1\n"
    golden("rollback.json", moved("rollback", "model/churn", "production", "--expect", "v0", "--json"))


def test_there_is_nothing_to_do_where_it_is_already(moved):
    said = moved("rollback", "model/churn", "production", "--to", "v1")

    assert said == "Nothing to do: it is so already\n"


def test_what_stands_in_the_way_is_an_error(moved):
    assert moved.error("rollback", "model/churn", "staging", code=5) == {
        "kind": "not-found",
        "message": "staging never pointed anywhere else, so there is nothing to go back to",
        "where": "model/churn",
        "hint": "`git registry promote SELECTOR --to staging` points it at any version",
    }
    moved.error("rollback", "model/churn", "production", "--expect", "v0", code=6)
    moved.error("rollback", "model/churn", code=2)


def test_it_is_proposed(published, git):
    git(published.directory, "config", "registry.user", "user:bob")

    published("rollback", "model/churn", "production", "--proposal", "back")

    subject = git(published.directory, "log", "-1", "--format=%s", "origin/proposals/bob/back").strip()
    assert subject == "Roll back model/churn production to v0"
    assert published.json("show", "model/churn:production")["version"] == "v1"


def test_it_is_done_where_a_url_leads(published, tmp_path, git, monkeypatch):
    monkeypatch.setenv("GIT_REGISTRY_CLONES", str(tmp_path / "clones"))
    url = f"file://{tmp_path}/upstream.git"

    said = published("-C", url, "rollback", "model/churn", "production")

    assert said == f"model/churn:production is v0 now, was v1\nPublished 1 commit to {url}\n"
    subject = git(tmp_path / "upstream.git", "log", "-1", "--format=%s").strip()
    assert subject == "Roll back model/churn production to v0"
