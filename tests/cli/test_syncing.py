"""`sync` of several branches: each that fails is explained, and what was published before is said."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def both(shell, git, tmp_path):
    """A clone in which a commit waits on each of three branches."""
    shell("init", "acme")
    git(tmp_path, "clone", "-q", "--bare", "acme", "upstream.git")
    shell("clone", "upstream.git", "ana", "--as", "user:ana")
    shell.directory = tmp_path / "ana"
    shell.write("../xgb.bin", "trees")
    shell("link", "../xgb.bin", "model/churn")
    for project in ("churn", "fraud"):
        shell("log", "../xgb.bin", f"projects/{project}/xgb", "--type", "model")
    return shell


@pytest.fixture
def hook(tmp_path):
    """Let the remote answer a push with this script."""

    def answer(script):
        path = tmp_path / "upstream.git/hooks/pre-receive"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    return answer


def test_every_branch_that_fails_is_explained(both, hook):
    hook('read old new ref; case $ref in */main) ;; *) echo "$ref is closed" >&2; exit 1;; esac')

    said = both("sync", code=4)

    assert said.splitlines() == [
        *("Published 1 commit to origin/main", "projects/churn: not published"),
        "projects/fraud: not published",
    ]
    for project in ("churn", "fraud"):
        assert f"error: projects/{project}: origin: the remote refused the push" in both.err
        assert f"hint: refs/heads/projects/{project} is closed" in both.err


def test_json_has_each_failure_and_stderr_the_first(both, hook):
    hook('read old new ref; case $ref in */main) ;; *) echo "$ref is closed" >&2; exit 1;; esac')

    said = json.loads(both("sync", "--json", code=4))

    main, churn, fraud = said["branches"]
    assert main["error"] is None
    assert "projects/churn is closed" in churn["error"]["hint"]
    assert "projects/fraud is closed" in fraud["error"]["hint"]
    assert json.loads(both.err)["error"] == churn["error"]


def test_a_network_that_goes_hides_nothing_that_was_published(both, hook, tmp_path):
    hook(f"read old new ref; case $ref in */main) ;; *) mv {tmp_path}/upstream.git {tmp_path}/gone;; esac")

    said = both("sync", code=7)

    assert said.splitlines() == [
        *("Published 1 commit to origin/main", "projects/churn: Published 1 commit to origin/projects/churn"),
        "projects/fraud: not published",
    ]
    assert both.err.startswith("error: ")
