"""What is written here, and what others see."""

from __future__ import annotations

import pytest


@pytest.fixture
def two(shell, git, tmp_path, capsys, monkeypatch):
    """Two people with a clone each of one repository."""
    shell("init", "acme")
    git(tmp_path, "clone", "-q", "--bare", "acme", "upstream.git")
    for name in ("ana", "bob"):
        shell("clone", "upstream.git", name, "--as", f"user:{name}")
    ana, bob = (type(shell)(tmp_path / name, capsys) for name in ("ana", "bob"))
    for number in range(3):
        ana.write(f"../model{number}.bin", f"weights {number}")
    return ana, bob


def test_a_number_is_provisional_until_it_is_published(two):
    ana, bob = two
    assert "Linked model/churn:v0? (@" in ana("link", "../model0.bin", "model/churn")
    assert ana("list", "model/churn").startswith("v0?\t")
    version = ana.json("show", "model/churn:v0")
    assert (version["version"], version["provisional"]) == ("v0", True)
    assert ana("sync") == "Published 1 commit to origin/main\n"
    assert ana("list", "model/churn").startswith("v0\t")
    assert ana("sync").startswith("Up to date")
    assert "Fetched" in bob("sync")
    done = {"fetched": 0, "replayed": 0, "pushed": 0, "to": "origin/main", "notes": []}
    main = {"branch": "main", **done, "error": None}
    assert bob.json("sync") == {**done, "uploaded": 0, "branches": [main]}


def test_publishing_at_once(two, git):
    ana, bob = two
    said = ana("link", "../model0.bin", "model/churn", "--push")
    assert "Linked model/churn:v0 (@" in said
    assert said.endswith("Published 1 commit to origin/main\n")
    git(bob.directory, "config", "registry.push", "true")
    said = bob("link", "../model1.bin", "model/churn")
    assert "Linked model/churn:v1 (@" in said
    assert "Published" in said
    assert "Published" not in bob("link", "../model2.bin", "model/churn", "--no-push")


def test_the_second_is_told(two):
    ana, bob = two
    ana("link", "../model0.bin", "model/churn", "--alias", "production")
    ana("link", "../model1.bin", "model/churn")
    ana("link", "../model2.bin", "model/churn", "--push")
    bob("sync")
    ana("promote", "model/churn:v1", "--to", "production", "--push")
    said = bob("promote", "model/churn:v2", "--to", "production", "--push", code=6)
    assert "model/churn:production is v2 now, was v0" in said
    assert bob.err.startswith("error: ")
    ana("sync")
    assert ana.json("show", "model/churn:production")["version"] == "v1"


def test_without_a_remote(acme, git):
    acme("link", "../model.bin", "model/churn", "--push", code=2)
    assert "remote" in acme.err
    assert "v0" in acme("list", "model/churn")
    git(acme.directory, "config", "registry.push", "true")
    acme("promote", "model/churn:v0", "--to", "production")
    acme("sync", code=2)


def test_a_shallow_clone_resolves_and_downloads(two, git, tmp_path):
    ana, _ = two
    ana("link", "../model0.bin", "model/churn", "--alias", "production")
    ana("link", "../model1.bin", "model/churn", "--push")
    shell = type(ana)(tmp_path, ana._capsys)
    shell("clone", f"file://{tmp_path}/upstream.git", "shallow", "--depth", "1")
    shell.directory /= "shallow"
    assert shell("resolve", "model/churn:production").startswith("file://")
    resolved = shell.json("resolve", "model/churn:production")
    assert resolved["version"] is None
    assert resolved["number"] is None
    assert resolved["path"] == f"model/churn@{resolved['id'][:8]}"
    assert f"model/churn@{resolved['id'][:8]} ←" in shell("download", "model/churn:production", "there")
    git(shell.directory, "config", "registry.deepen", "false")
    shell("list", "model/churn:v0", code=2)
    shell("show", "model/churn:v0", code=5)
    digits = [f"@{resolved['id'][:8]}", resolved["id"][:8]]
    assert shell("list", "model").split("\t")[3:5] == ["", f"production={digits[0]}"]
    assert shell("show", "model/churn").endswith(f"aliases.production\t{digits[0]}\n")
    assert shell("show", "model/churn:production").startswith(f"version\tmodel/churn{digits[0]}\n")
    assert [line.split("\t")[:3] for line in shell("list", "model/churn").splitlines()][1] == [
        *("", digits[1], "production")
    ]
    git(shell.directory, "config", "registry.deepen", "true")
    assert "v1" in shell("list", "model/churn")
    assert "fetching the history" in shell.err
