"""A restricted repository beside an organization, from the keyboard: trusted, read, written, and not."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.sdk.once import once, tmp_path
from tests.sdk.ssh_host import Host

from .keyboard import Keyboard, organization, published

__all__ = ["tmp_path"]


@once
def host(tmp_path):
    return Host.made(tmp_path / "host")


@pytest.fixture
def environment(tmp_path, host):
    return {
        "GIT_SSH_COMMAND": str(host.top / "ssh"),
        "GIT_REGISTRY_CLONES": str(tmp_path / "clones"),
    }


@once
def vault(tmp_path, host, environment):
    """The restricted organization, in a clone of somebody who may write to it."""
    (tmp_path / "vault").mkdir()
    vault = organization(tmp_path / "vault", **environment)
    vault.edit("organization.yaml", "name: acme", "name: acme-secret")
    vault.commit()
    vault.write("../model.bin", "classified")
    vault("link", "../model.bin", "model/churn", "--alias", "production", "--metric", "auc=0.9")
    vault.write("../model.bin", "more so")
    vault("link", "../model.bin", "model/churn", "--metric", "auc=0.95")
    vault.git("clone", "-q", "--bare", ".", host.top / "secret.git")
    vault.git("remote", "add", "origin", host.url("secret.git"))
    vault.git("fetch", "-q", "origin")
    vault.git("branch", "-q", "-u", "origin/main")
    (host.top / "asked").unlink()
    return vault


@once
def ada(tmp_path, host, vault, environment):
    ada = published(tmp_path, **environment)
    ada.write("organization.yaml", (ada.path / "organization.yaml").read_text() + _mounting(host))
    ada.commit("Mount the restricted registries")
    ada("sync")
    return ada


def _mounting(host: Host) -> str:
    return f'repositories: {{secret: "{host.url("secret.git")}"}}\n'


def test_a_restricted_registry_is_used_from_trust_to_promotion(ada, host, vault):
    assert ada("mount") == (
        "secret\tgit@git.acme.example:secret.git\tnot trusted\t\t"
        "it would be fetched from git@git.acme.example:secret.git, which is not trusted yet\n"
    )
    assert [line.split("\t")[0] for line in ada("list").splitlines()] == ["dataset", "model"]
    assert ada.said == (
        "secret is not shown: `git registry mount trust secret` reads git@git.acme.example:secret.git\n"
    )
    assert host.asked == []

    assert ada("mount", "trust", "secret") == (
        "Trusted secret: git@git.acme.example:secret.git\n"
        "Fetched it, read-write: secret/dataset, secret/model\n"
    )
    assert ada("mount") == "secret\tgit@git.acme.example:secret.git\ttrusted\tread-write\t\n"

    listed = [line.split("\t")[0] for line in ada("list").splitlines()]
    assert listed == ["dataset", "model", "secret/dataset", "secret/model"]
    assert ada.said == ""
    assert ada("list", "secret").startswith("secret/dataset\t")
    assert ada("list", "secret/model").startswith("secret/model/churn\tmodel\t2\tv1\tproduction=v0\t")
    assert ada("list", "secret/model/churn").startswith("v1\t")
    assert ada("show", "secret/model/churn:production").startswith("version\tsecret/model/churn:v0\n")

    assert ada("promote", "secret/model/churn:v1", "--to", "production") == (
        "secret/model/churn:production is v1 now, was v0\n"
        "Published 1 commit to git@git.acme.example:secret.git\n"
    )
    vault.git("pull", "-q")
    assert vault.json("show", "model/churn")["aliases"] == {"production": "v1"}
    assert ada.git("status", "--porcelain", "--branch").startswith("## main...origin/main\n")


def test_its_bytes_and_its_past_are_read(ada, tmp_path):
    ada("mount", "trust", "secret")

    assert ada("resolve", "secret/model/churn:production").startswith(f"file://{tmp_path}/vault/")
    assert "to ../there" in ada("download", "secret/model/churn:production", "../there")
    assert (tmp_path / "there/model.bin").read_text() == "classified"
    told = ada("history", "secret/model/churn")
    assert "secret/model/churn:production is v0" in told
    assert "Created the registry secret/model" in ada("history", "secret")
    assert ada("verify", "secret").startswith("Nothing wrong in 2 blobs of 2 versions")
    assert "secret/model/churn:v1" in ada("compare", "secret/model/churn:v0", "secret/model/churn:v1")
    assert "model/churn:v0" in ada("lineage", "secret/model/churn:v0")


def test_json_says_by_which_name_it_is_mounted(ada):
    trusted = ada.json("mount", "trust", "secret")

    assert trusted == {
        "mount": "secret",
        "url": "git@git.acme.example:secret.git",
        "trust": "trusted",
        "readable": True,
        "writable": True,
        "registries": ["secret/dataset", "secret/model"],
    }
    assert ada.json("mount") == [trusted]
    version = ada.json("show", "secret/model/churn:v0")
    assert [version[key] for key in ("path", "mount", "registry", "collection")] == [
        *("secret/model/churn:v0", "secret", "model", "churn")
    ]
    assert [(one["path"], one["registry"], one.get("mount")) for one in ada.json("list")] == [
        ("dataset", "dataset", None),
        ("model", "model", None),
        ("secret/dataset", "dataset", "secret"),
        ("secret/model", "model", "secret"),
    ]
    (moved,) = ada.json("alias", "add", "secret/model/churn:v1", "staging")
    assert moved["path"] == "secret/model/churn"
    assert ada.json("mount", "forget", "secret") == {"mount": "secret", "trust": "not trusted"}


def test_who_may_not_read_it_sees_no_error(ada, host):
    host.deny()

    error = ada.error("mount", "trust", "secret", code=7)
    assert "Permission denied" in error["message"]
    assert ada("list").count("\n") == 2
    assert ada.said == ""
    row = ada("mount").rstrip("\n").split("\t")
    assert row[2:4] == ["trusted", "no access"]
    assert "Permission denied" in row[4]
    assert ada("mount", "forget", "secret") == "Forgot secret\n"


def test_who_may_only_read_is_refused_in_the_hosts_words(ada, host, vault):
    ada("mount", "trust", "secret")
    host.only_read()

    assert ada("mount").split("\t")[3] == "read"
    ada("promote", "secret/model/churn:v1", "--to", "production", code=4)
    assert "this key may only read" in ada.said
    assert ada.json("show", "secret/model/churn")["aliases"] == {"production": "v0"}


def test_no_push_keeps_it_unwritten(ada, host):
    ada("mount", "trust", "secret")
    before = ada.git("-C", host.top / "secret.git", "rev-parse", "main")

    error = ada.error("promote", "secret/model/churn:v1", "--to", "production", "--no-push", code=2)

    assert error["where"] == "--no-push"
    assert ada.git("-C", host.top / "secret.git", "rev-parse", "main") == before


def test_files_and_versions_are_linked_there(ada, tmp_path):
    ada("mount", "trust", "secret")
    ada.write("../model.bin", "made here")

    said = ada("link", "../model.bin", "secret/model/risk", "--type", "model", "--alias", "staging")
    assert "Linked secret/model/risk:v0 (@" in said
    assert ada.json("resolve", "secret/model/risk:staging")["files"][0]["uri"].startswith(
        f"file://{tmp_path}/vault/"
    )
    assert "Linked secret/model/shadow:v0 (@" in ada("link", "secret/model/risk:v0", "secret/model/shadow")
    ada("link", "secret/model/risk:v0", "model/risk", code=4)
    assert "the organization allows no reading from there" in ada.said
    apart = ada.error("promote", "model/a:v1", "secret/model/risk:v0", "--to", "production", code=2)
    assert "in different repositories" in apart["message"]


def test_a_url_is_mounted_by_who_has_no_clone(ada, tmp_path, environment):
    url = f"file://{tmp_path}/upstream.git"
    somebody = Keyboard(tmp_path, {**environment, "GIT_REGISTRY": url})

    somebody("list", "secret", code=4)
    somebody("mount", "trust", "secret")

    assert somebody("list", "secret/model/churn").startswith("v1\t")


def test_a_changed_url_is_asked_about_again(ada, host):
    ada("mount", "trust", "secret")
    ada.edit("organization.yaml", "secret.git", "elsewhere.git")
    ada.commit()
    asked = len(host.asked)

    assert ada("mount").split("\t")[2] == "changed"
    assert "secret is not shown" in (ada("list") and ada.said)
    assert "which is not the one that was trusted" in ada.error("show", "secret/model", code=4)["message"]
    assert len(host.asked) == asked


def test_a_mount_may_not_be_called_like_a_registry(ada):
    ada.edit("organization.yaml", "{secret:", "{Model:")
    ada.commit()

    assert "'model' is a registry too" in ada("check", code=3)


def test_a_file_system_says_that_it_reads_one_repository(ada):
    ada("mount", "trust", "secret")
    script = ada.write(
        "../read.py",
        "import fsspec\nfsspec.filesystem('registry', repository='acme').ls('secret/model')\n",
    )

    done = subprocess.run(
        [sys.executable, script],
        cwd=script.parent,
        env={**os.environ, **ada.environment},
        capture_output=True,
        text=True,
    )

    assert "in a mounted repository, whose commit is not pinned" in done.stderr
