"""Starred registries: a fact of one clone, in its git config."""

from __future__ import annotations

import pytest

from git_registry.errors import Conflict, NotFound, UsageError
from git_registry.sdk import managing, mounting
from git_registry.sdk.starring import STARRED, star, starred, unstar

from .mounted import ada, host, trusting, vault

__all__ = ["ada", "host", "trusting", "vault"]


def test_what_is_starred_is_known_by_name(desk):
    assert desk(star, ["model", "dataset", "model"]) == ("model", "dataset")
    assert desk(starred) == ("dataset", "model")

    assert desk(unstar, ["dataset"]) == ("dataset",)
    assert desk(starred) == ("model",)


def test_starring_again_changes_nothing_and_commits_nothing(desk, git):
    before = desk.log()
    for _ in range(2):
        desk(star, ["model"])

    assert git(desk.path, "config", "--local", "--get-all", STARRED) == "model"
    assert desk.log() == before


def test_a_title_stars_its_registry(desk):
    desk(managing.create_registry, "judges", managing.Description(title="Who decides"))

    assert desk(star, ["who decides"]) == ("judges",)


def test_what_is_not_there_stars_nothing(desk):
    with pytest.raises(NotFound) as missing:
        desk(star, ["dataset", "modle"])
    assert missing.value.hint == "did you mean model?"
    with pytest.raises(NotFound, match="modle"):
        desk(unstar, ["modle"])
    with pytest.raises(UsageError, match="no registry"):
        desk(star, ["model/churn:v0"])
    assert desk(starred) == ()


def test_what_is_gone_is_left_out_until_it_comes_back(desk, git):
    git(desk.path, "config", "--add", STARRED, "a.b")
    git(desk.path, "config", "--add", STARRED, "a-b")
    assert desk(starred) == ()

    desk(unstar, ["a.b"])  # a pattern would fit the other one
    assert git(desk.path, "config", "--get-all", STARRED) == "a-b"


def test_a_star_of_the_user_s_own_is_the_user_s_to_remove(desk, git, tmp_path, monkeypatch):
    own = tmp_path / "own.config"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(own))
    git(desk.path, "config", "--file", own, STARRED, "model")

    assert desk(starred) == ("model",)
    with pytest.raises(Conflict) as conflict:
        desk(unstar, ["model"])
    assert conflict.value.hint == "`git config --global --unset-all registry.starred '^model$'`"


def test_a_registry_of_a_mount_is_starred_as_long_as_it_is_trusted(trusting):
    assert trusting(star, ["secret/model", "model"]) == ("secret/model", "model")
    assert trusting(starred) == ("model", "secret/model")

    trusting(mounting.forget, "secret")
    assert trusting(starred) == ("model",)
