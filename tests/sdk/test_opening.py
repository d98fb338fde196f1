"""Which repository is meant, and what is a URL."""

from __future__ import annotations

import pytest

from git_registry.errors import NotFound
from git_registry.repository.repository import Repository
from git_registry.sdk.opening import find, is_url


@pytest.mark.parametrize(
    "text",
    [
        "https://git.example.org/acme/registry.git",
        "ssh://git@git.example.org:2222/acme.git",
        "file:///srv/acme.git",
        "git@git.example.org:acme/registry.git",
        "git.example.org:registry.git",
    ],
)
def test_a_url(text):
    assert is_url(text)


@pytest.mark.parametrize("text", [".", "acme", "/srv/acme.git", "../acme", "./with:colon", "~/acme", "a/b:c"])
def test_a_directory(text):
    assert not is_url(text)


def test_a_directory_that_is_called_like_a_host(tmp_path, monkeypatch):
    (tmp_path / "host:acme").mkdir()
    monkeypatch.chdir(tmp_path)

    assert not is_url("host:acme")


def test_what_is_said_first_counts(make_repository, monkeypatch, git, tmp_path):
    here, there = make_repository("here"), make_repository("there")
    monkeypatch.chdir(here)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    git(here, "config", "--global", "registry.path", "file:///configured.git")

    assert find(str(there), {"GIT_REGISTRY": "file:///named.git"}).work_tree == there
    assert find("file:///said.git", {"GIT_REGISTRY": str(there)}) == "file:///said.git"
    assert find(None, {"GIT_REGISTRY": "file:///named.git"}) == "file:///named.git"
    assert find(None, {}).work_tree == here
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert find(None, {}) == "file:///configured.git"


def test_a_configured_directory_may_be_below_the_home_directory(make_repository, monkeypatch, git, tmp_path):
    make_repository("acme")
    (tmp_path / "nowhere").mkdir()
    monkeypatch.chdir(tmp_path / "nowhere")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(NotFound) as nothing:
        find(None, {})
    assert "registry.path" in nothing.value.hint
    git(tmp_path, "config", "--global", "registry.path", "~/acme")

    found = find(None, {})

    assert isinstance(found, Repository)
    assert found.work_tree == tmp_path / "acme"
