"""Commands where the organization is named by a URL, and nobody has a clone."""

from __future__ import annotations

import pytest


@pytest.fixture
def url(churn, git, tmp_path, monkeypatch):
    """An organization with two versions, published; the clone they were made in is gone."""
    git(tmp_path, "clone", "-q", "--bare", "acme", "upstream.git")
    monkeypatch.setenv("GIT_REGISTRY_CLONES", str(tmp_path / "clones"))
    churn.directory = tmp_path
    return f"file://{tmp_path}/upstream.git"


@pytest.fixture
def away(churn, url, monkeypatch):
    monkeypatch.setenv("GIT_REGISTRY", url)
    return churn


@pytest.fixture
def branches(git, tmp_path):
    """Which branches are in the clone that is kept."""

    def named():
        (clone,) = [path for path in (tmp_path / "clones").iterdir() if path.is_dir()]
        return git(clone, "for-each-ref", "--format=%(refname:short)", "refs/heads").split()

    return named


def test_questions_are_answered(away, tmp_path):
    assert away("list", "model/churn").startswith("v1\t")
    assert away("resolve", "model/churn:staging").startswith("memory://")
    version = away.json("show", "model/churn:staging")
    assert (version["version"], version["provisional"]) == ("v0", False)
    assert "staging" in away("history", "model/churn")
    assert "model/churn:v0" in away("search", "--where", "metrics.auc = 0.93")
    away("download", "model/churn:staging", "there")
    assert (tmp_path / "there/model.bin").read_text() == "weights"
    assert away.err == ""


def test_minus_c_takes_it_too(churn, url):
    assert churn("-C", url, "resolve", "model/churn:staging").startswith("memory://")
    assert churn("-C", url, "lineage", "model/churn:staging")


def test_what_is_written_is_published(away, url, git, tmp_path, branches):
    before = int(git(tmp_path / "upstream.git", "rev-list", "--count", "main"))
    assert away("promote", "model/churn:v1", "--to", "staging") == (
        f"model/churn:staging is v1 now, was v0\nPublished 1 commit to {url}\n"
    )
    assert git(tmp_path / "upstream.git", "log", "-1", "--format=%s").startswith("Promote model/churn")
    away.write("model.bin", "the best weights")
    said = away("link", "model.bin", "model/churn", "--alias", "best", "--push")
    assert "Linked model/churn:v2 (@" in said
    assert away.json("show", "model/churn:best")["provisional"] is False
    for words in (
        ("tag", "add", "model/churn:best", "eu"),
        ("annotate", "model/churn:best", "reviewed=true"),
        ("alias", "remove", "model/churn", "best"),
        ("create", "model/fraud", "--type", "model"),
        ("delete", "model/fraud", "--yes"),
        ("unlink", "model/churn:v2"),
    ):
        assert away(*words).endswith(f"Published 1 commit to {url}\n"), words
    assert int(git(tmp_path / "upstream.git", "rev-list", "--count", "main")) == before + 8
    assert branches() == []


def test_nothing_to_do_publishes_nothing(away):
    assert away("promote", "model/churn:v0", "--to", "staging") == "Nothing to do: it is so already\n"


def test_json(away):
    (event,) = away.json("promote", "model/churn:v1", "--to", "staging")
    assert (event["event"], event["before"], event["after"]) == ("alias-moved", "v0", "v1")


def test_what_is_written_can_not_wait(away, git, tmp_path):
    before = git(tmp_path / "upstream.git", "rev-parse", "main")
    refused = away.error("promote", "model/churn:v1", "--to", "staging", "--no-push", code=2)
    assert refused["where"] == "--no-push"
    assert "git registry clone" in refused["hint"]
    assert git(tmp_path / "upstream.git", "rev-parse", "main") == before


def test_an_expectation_that_no_longer_holds(away):
    away("promote", "model/churn:v1", "--to", "staging", "--expect", "v0")
    refused = away.error("promote", "model/churn:v1", "--to", "staging", "--expect", "v0", code=6)
    assert refused["kind"] == "conflict"


def test_a_hook_that_refuses(away, tmp_path, git):
    hook = tmp_path / "upstream.git/hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not on a Friday\nexit 1\n")
    hook.chmod(0o755)
    refused = away.error("promote", "model/churn:v1", "--to", "staging", code=4)
    assert "not on a Friday" in refused["hint"]
    assert away.json("show", "model/churn")["aliases"] == {"staging": "v0"}


def test_nothing_waits_to_be_synced(away, branches):
    away("promote", "model/churn:v1", "--to", "staging")
    assert away("sync").startswith("Up to date")
    assert branches() == []


def test_the_past(away):
    away("promote", "model/churn:v1", "--to", "staging")
    first = away("resolve", "model/churn:v0")
    for past in ("HEAD~1", "main~1", "origin/main~1"):
        assert away("resolve", "model/churn:staging", "--at", past) == first
    refused = away.error("resolve", "model/churn:staging", "--at", "nothing~1", code=2)
    assert refused["where"] == "--at"


def test_a_remote_that_is_away(away, tmp_path):
    where = away("resolve", "model/churn:staging")
    (tmp_path / "upstream.git").rename(tmp_path / "elsewhere.git")
    assert away("resolve", "model/churn:staging") == where
    assert away.err.startswith("reading what was fetched ")
    assert len(away.err.splitlines()) == 1
    assert away.error("-C", "file:///nowhere.git", "list", code=7)["kind"] == "network"
    assert away("promote", "model/churn:v1", "--to", "staging", code=7) == ""
