"""Where the command may be typed, and what it says where it can't do what was asked."""

from __future__ import annotations

import shutil

import pytest
from tests.sdk.once import once, tmp_path

from .keyboard import Keyboard, organization, published

__all__ = ["tmp_path"]


@once
def ada(tmp_path):
    """Two published versions; the first is in production."""
    ada = published(tmp_path)
    for number in range(2):
        ada.write("../model.bin", f"weights {number}")
        ada("link", "../model.bin", "model/churn")
    ada("promote", "model/churn:v0", "--to", "production", "--push")
    return ada


def test_a_detached_head_is_read_but_not_written_to(ada):
    where = ada("resolve", "model/churn:v1")
    ada.git("checkout", "-q", "--detach")
    tip = ada.git("rev-parse", "HEAD")

    assert ada("resolve", "model/churn:v1") == where
    assert ada("resolve", "model/churn:production").startswith("file://")
    assert [one["version"] for one in ada.json("list", "model/churn")] == ["v1", "v0"]
    refused = ada.error("promote", "model/churn:v1", "--to", "production", code=2)

    assert "git switch" in refused["hint"]
    assert ada.git("rev-parse", "HEAD") == tip
    ada.require_sound()


def test_a_bare_repository_is_written_to(ada, tmp_path):
    somewhere = Keyboard(tmp_path)
    somewhere.write("model.bin", "weights 2")
    here = ("-C", "upstream.git")

    somewhere(*here, "link", "model.bin", "model/churn", "--alias", "staging")
    somewhere(*here, "promote", "model/churn:staging", "--to", "production")

    versions = somewhere.json(*here, "list", "model/churn")
    assert [one["aliases"] for one in versions] == [["production", "staging"], [], []]
    ada.git("pull", "-q")
    assert ada.json("show", "model/churn")["aliases"] == {"production": "v2", "staging": "v2"}
    ada.require_sound()


def test_a_linked_worktree_has_a_branch_of_its_own(ada):
    ada.git("worktree", "add", "-q", "-b", "release", "../release")
    release = Keyboard(ada.path.parent / "release")

    release("promote", "model/churn:v1", "--to", "production")

    release.require_sound()
    ada.require_sound()
    assert release.json("show", "model/churn:production")["number"] == 1
    assert ada.json("show", "model/churn:production")["number"] == 0
    ada.git("merge", "-q", "release")
    assert ada.json("show", "model/churn:production")["number"] == 1


def test_a_branch_is_not_moved_under_another_worktree(ada):
    ada.git("worktree", "add", "-q", "-b", "release", "../release")
    ada.git("worktree", "add", "-q", "-f", "../again", "release")
    again = Keyboard(ada.path.parent / "again")

    refused = again.error("promote", "model/churn:v1", "--to", "production", code=6)

    assert str(ada.path.parent / "release") in refused["message"]
    again.require_sound()


def test_before_the_first_commit(tmp_path):
    empty = Keyboard(tmp_path / "empty")
    empty.path.mkdir()
    empty.git("init", "-q")
    empty.write("../model.bin")

    for words in (
        ("list",),
        ("resolve", "model/churn:production"),
        ("link", "../model.bin", "model/churn"),
        ("promote", "model/churn:v0", "--to", "production"),
    ):
        said = empty.error(*words, code=5)
        assert "git registry init" in said["hint"], words

    empty("init", "--admin", "user:ada")
    empty("link", "../model.bin", "model/churn")
    empty.require_sound()


def test_outside_of_any_repository(tmp_path):
    said = Keyboard(tmp_path, {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}).error("list", code=5)
    assert "-C PATH" in said["hint"]


def test_nobody_is_nobodys_commit(ada, tmp_path):
    (tmp_path / "nobody").write_text("[user]\nuseConfigOnly = true\n")
    nobody = Keyboard(ada.path, {"GIT_CONFIG_GLOBAL": str(tmp_path / "nobody")})
    tip = ada.git("rev-parse", "HEAD")

    refused = nobody.error("promote", "model/churn:v1", "--to", "production", code=2)

    assert "user.email" in refused["hint"]
    assert ada.git("rev-parse", "HEAD") == tip
    assert nobody("resolve", "model/churn:production")
    ada.require_sound()


@pytest.mark.parametrize("staged", [False, True])
def test_local_edits_are_named_and_kept(ada, staged):
    alias = "model/churn/aliases/production.yaml"
    ada.edit(alias, "format: 1\n", "# Do not move this before Monday.\nformat: 1\n")
    mine = (ada.path / alias).read_text()
    if staged:
        ada.git("add", alias)
    before = ada.git("status", "--porcelain"), ada.git("rev-parse", "HEAD")

    refused = ada.error("promote", "model/churn:v1", "--to", "production", code=6)

    assert alias in refused["message"]
    assert (ada.path / alias).read_text() == mine
    assert (ada.git("status", "--porcelain"), ada.git("rev-parse", "HEAD")) == before


def test_local_edits_elsewhere_are_left_alone(ada):
    ada.write("model/churn/README.md", "# Churn\n")
    ada.write("notes.txt", "mine")
    ada.edit("model/registry.yaml", "Models", "My models")

    ada("promote", "model/churn:v1", "--to", "production")

    assert ada.git("status", "--porcelain").split() == (
        ["M", "model/registry.yaml", "??", "model/churn/README.md", "??", "notes.txt"]
    )
    assert ada.json("show", "model/churn:production")["number"] == 1


def test_the_shallowest_clone_resolves_without_the_remote(ada, tmp_path):
    where = ada("resolve", "model/churn:production")
    shallow = ada.clone("shallow", "--depth", "1")
    shutil.move(tmp_path / "upstream.git", tmp_path / "away.git")

    assert shallow("resolve", "model/churn:production") == where
    shallow("download", "model/churn:production", "../there")

    assert (tmp_path / "there/model.bin").read_text() == "weights 0"
    assert shallow.git("rev-list", "--count", "HEAD").strip() == "1"


def test_from_a_directory_below(tmp_path):
    ada = organization(tmp_path)
    ada.write("../model.bin")
    ada("link", "../model.bin", "model/churn")
    below = Keyboard(ada.path / "model/churn")

    below("link", "../../../model.bin", "dataset/churn", "--type", "dataset")

    assert below.json("list", "dataset/churn")[0]["version"] == "v0"
    assert Keyboard(tmp_path, {"GIT_REGISTRY": str(ada.path)})("resolve", "model/churn:v0")
