"""What the server would say is said in the clone: before a commit, and before a push."""

from __future__ import annotations

import os
import subprocess

import pytest
from tests.sdk.desk import found

from git_registry.sdk import guarding
from git_registry.sdk.serving.installing import Installation, install

ACCESS = """\
format: 1
members: {user:bob: member}
protected_aliases:
  production: {}
"""


@pytest.fixture
def desk(tmp_path):
    return found(tmp_path / "acme")


@pytest.fixture
def bob(desk, upstream, git, clone):
    """A member's clone with the hooks in it, of an organization that protects an alias."""
    desk.link("weights")
    (desk.path / "model/access.yaml").write_text(ACCESS)
    git(desk.path, "add", "-A")
    git(desk.path, "commit", "-q", "-m", "Members")
    git(desk.path, "push", "-q", "origin", "main")
    bob = clone("bob")
    git(bob.path, "config", "registry.user", "user:bob")
    install(bob.path, Installation())
    return bob


@pytest.fixture
def run(git):
    def run(desk, *words, code=0):
        done = subprocess.run(
            ["git", *words], cwd=desk.path, capture_output=True, text=True, env={**os.environ}
        )
        assert done.returncode == code, done.stderr
        return done.stderr

    return run


def alias(desk, name):
    """Stage an alias of the only version there is."""
    (manifest,) = [
        path for path in (desk.path / "model/churn/versions").iterdir() if "notes" not in path.name
    ]
    place = desk.path / f"model/churn/aliases/{name}.yaml"
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"format: 1\nversion: {manifest.stem}\n")
    subprocess.run(["git", "add", "-A"], cwd=desk.path, check=True)


def test_what_is_allowed_is_committed_and_pushed_without_a_word(bob, run):
    alias(bob, "staging")

    assert run(bob, "commit", "-q", "-m", "Move staging") == ""
    assert run(bob, "push", "-q", "origin", "main") == ""


def test_what_does_not_follow_the_format_is_not_committed(bob, run):
    (bob.path / "model/registry.yaml").write_text("format: 1\ntypes: 3\n")
    run(bob, "add", "-A")

    assert "advice: this does not follow the format" in run(bob, "commit", "-q", "-m", "Broken", code=1)
    run(bob, "commit", "-q", "-n", "-m", "Broken")


def test_what_takes_more_is_told_and_committed(bob, run):
    alias(bob, "production")

    said = run(bob, "commit", "-q", "-m", "Move production")
    assert "the server would say to this, as far as is known here: needs approval" in said
    assert "production" in said

    said = run(bob, "push", "-q", "origin", "main", code=1)
    assert "advice: the server would say to this push, as far as is known here: needs approval" in said
    assert "refused: refs/heads/main" in said
    assert "hint: `git registry propose` asks for it" in said
    assert run(bob, "push", "-q", "--no-verify", "origin", "main") == "", "the server decides"


def test_who_does_not_say_who_they_are_hears_of_the_format_alone(bob, run, git):
    git(bob.path, "config", "--unset", "registry.user")
    alias(bob, "production")

    assert "who you are is not known" in run(bob, "commit", "-q", "-m", "Move production")
    assert "who you are is not known" in run(bob, "push", "-q", "origin", "main")


def test_who_says_nothing_is_known_by_their_address(bob, desk, run, git):
    text = (desk.path / "organization.yaml").read_text()
    (desk.path / "organization.yaml").write_text(
        text + "identities:\n  user:bob: {emails: [bob@acme.example]}\n"
    )
    git(desk.path, "commit", "-qam", "Identities")
    git(desk.path, "push", "-q", "origin", "main")
    git(bob.path, "pull", "-q", "--rebase")
    git(bob.path, "config", "--unset", "registry.user")
    git(bob.path, "config", "user.email", "Bob@acme.example")
    alias(bob, "production")

    assert "user:bob has member" in run(bob, "commit", "-q", "-m", "Move production")


def test_a_name_that_is_nobodys(bob, run, git):
    git(bob.path, "config", "registry.user", "nobody at all")
    alias(bob, "staging")

    assert "registry.user" in run(bob, "commit", "-q", "-m", "Move staging")
    assert "error: registry.user: " in run(bob, "push", "-q", "origin", "main", code=1)


def test_a_name_alone_is_a_users(bob, run, git):
    git(bob.path, "config", "registry.user", "bob")
    alias(bob, "production")

    assert "user:bob has member" in run(bob, "commit", "-q", "-m", "Move production")


def test_a_part_of_what_is_there_is_committed(bob, run):
    alias(bob, "staging")
    (bob.path / "model/registry.yaml").write_text("format: 1\ntypes: 3\n")

    assert run(bob, "commit", "-q", "-m", "Move staging", "--", "model/churn/aliases/staging.yaml") == ""
    assert "the format" in run(bob, "commit", "-q", "-a", "-m", "Broken", code=1)


def test_every_step_of_a_push_is_looked_at(bob, run, git):
    alias(bob, "production")
    run(bob, "commit", "-q", "-m", "Move production")
    git(bob.path, "rm", "-q", "model/churn/aliases/production.yaml")
    run(bob, "commit", "-q", "-m", "And back")

    said = run(bob, "push", "-q", "origin", "main", code=1)
    assert "alias-added takes admin of model" in said
    assert "alias-removed takes admin of model" in said


def test_the_rules_are_those_that_were_fetched_never_those_that_are_staged(bob, run):
    (bob.path / "model/access.yaml").write_text(ACCESS.replace("user:bob: member", "user:bob: admin"))
    alias(bob, "production")

    said = run(bob, "commit", "-q", "-m", "Let me")
    assert "production" in said
    assert "user:bob" in said


def test_a_proposal_may_hold_what_takes_more(bob, run):
    run(bob, "switch", "-q", "-c", "proposals/bob/production")
    alias(bob, "production")

    assert run(bob, "commit", "-q", "-m", "Move production") == ""
    assert run(bob, "push", "-q", "origin", "HEAD") == ""
    elsewhere = ("push", "-q", "origin", "HEAD:refs/heads/proposals/eve/production")
    assert "only its owner writes a proposal" in run(bob, *elsewhere, code=1)


def test_nothing_is_said_of_a_push_elsewhere(bob, run, tmp_path, git):
    git(tmp_path, "init", "-q", "--bare", "elsewhere.git")
    alias(bob, "production")
    run(bob, "commit", "-q", "-n", "-m", "Move production")

    assert run(bob, "push", "-q", str(tmp_path / "elsewhere.git"), "main") == ""


def test_a_first_commit_and_a_first_push(desk, run, git, tmp_path):
    install(desk.path, Installation())
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "new.git")
    git(desk.path, "remote", "add", "origin", tmp_path / "new.git")

    assert run(desk, "push", "-q", "origin", "main") == ""


def test_blobs_that_wait_are_guarded_by_the_same_hook(desk):
    install(desk.path, Installation())

    with desk.open() as catalog:
        guarding.guard(catalog)

    assert desk.said == []
