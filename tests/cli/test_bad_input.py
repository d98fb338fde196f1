"""What people get wrong, and places where a registry can't be as usual: said plainly, nothing broken."""

from __future__ import annotations

import os
import shutil

import pytest


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("modle", "did you mean model?"),
        ("model/chrun", "did you mean model/churn?"),
        ("model/churn:stagign", "did you mean staging?"),
        ("model/churn:v7", "its versions go up to v1"),
        (f"model/churn:v{'9' * 23}", "a version's number has at most 18 digits"),
        ("model/churn@ffff", ""),
    ],
)
def test_what_is_not_there(churn, typed, hint):
    for verb in ("resolve", "show"):
        assert churn.error(verb, typed, code=5)["hint"] == hint


@pytest.mark.parametrize(
    "typed", ["", "model/churn:", "model/churn@xyz", "a/b/c/d", "model:v1", "model/churn:v1@ab12"]
)
def test_what_is_no_selector(churn, typed):
    churn.error("resolve", typed, code=2)


@pytest.mark.parametrize("typed", ["auc", "auc=high", "=1", "auc=", "auc=true", "auc=[1"])
def test_what_is_no_metric(churn, typed):
    assert (
        churn.error("link", "../model.bin", "model/churn", "--metric", typed, code=2)["where"] == "--metric"
    )


def test_metadata_that_is_none(churn):
    churn.write("../bad.yaml", "a: 1\na: 2\n")
    assert churn.error("link", "../model.bin", "model/churn", "--metadata", "@../bad.yaml", code=3)["where"]
    churn.error("link", "../model.bin", "model/churn", "--metadata", "nothing.yaml", code=5)
    churn.error("link", "../model.bin", "model/churn", "--metadata", "a={b", code=2)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--alias", "v3"], 2),
        (["--alias", "latest"], 2),
        (["--alias", "a/b"], 2),
        (["--tag", "a,b"], 2),
        (["--name", "a b"], 2),
        (["--input", "model/nothing:v0"], 5),
        (["--input", "model/churn"], 2),
        (["--checksum"], 2),
        (["--type", "dataset"], 4),
    ],
)
def test_nothing_is_uploaded_for_a_link_that_cannot_be(churn, words, code):
    from fsspec.implementations.memory import MemoryFileSystem

    churn.write("../model.bin", "other weights")
    before = set(MemoryFileSystem.store)
    churn.error("link", "../model.bin", "model/churn", *words, code=code)
    assert set(MemoryFileSystem.store) == before


def test_a_source_that_is_not_there(churn):
    error = churn.error("link", "../modle.bin", "model/churn", code=5)
    assert error["message"] == "there is no such file or directory, and no version is called that"
    churn.error("link", "model/churn:v9", "model/other", code=5)
    churn.error("link", "../model.bin", "nothing/churn", code=5)
    churn.error("link", "../model.bin", "model", code=2)
    churn.error("link", "../model.bin", "model/churn:v0", code=2)


def test_names_that_differ_in_case(churn):
    churn.error("create", "Model", code=6)
    churn.error("create", "model/Churn", code=6)
    churn.error("link", "../model.bin", "model/CHURN", code=6)
    churn.error("alias", "add", "model/churn:v0", "Staging", code=6)


@pytest.mark.parametrize("name", ["con", "a..b", "x.lock", "x.yaml", "versions", "-x", "a b", "é", "acme"])
def test_names_that_may_not_be(churn, name):
    churn("create", "--", name, code=6 if name == "acme" else 2)


def test_no_store(shell):
    shell("init", "acme", "--store", "store")
    shell.directory /= "acme"
    shell.write("../model.bin")
    shell("link", "../model.bin", "model/churn")
    shutil.rmtree(shell.directory.parent / "store")
    error = shell.error("download", "model/churn", "there", code=7)
    assert error["kind"] == "store"
    assert not (shell.directory / "there").exists()


@pytest.mark.parametrize(("uri", "extra"), [("gs://bucket", "gcs"), ("abfs://bucket", "azure")])
def test_a_store_whose_package_is_missing(shell, uri, extra, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "gcsfs", None)
    monkeypatch.setitem(sys.modules, "adlfs", None)
    shell("init", "acme", "--store", uri)
    shell.directory /= "acme"
    shell.write("../model.bin")
    assert (
        shell.error("link", "../model.bin", "model/churn", code=7)["hint"]
        == f"pip install 'git-registry[{extra}]'"
    )


@pytest.mark.parametrize(
    "uri", ["s3:bucket://", "ftp//x::y://z", "simplecache::s3://x", "s3://bucket/../other"]
)
def test_a_store_that_is_none(shell, uri):
    shell.error("init", "acme", "--store", uri, code=3)
    assert not (shell.directory / "acme").exists()


@pytest.mark.parametrize(
    "words",
    [
        *(["history"], ["history", "model/churn", "--alias"], ["history", "--by"], ["history", "--reverse"]),
        *(["search"], ["search", "--tag"], ["search", "--kind", "version"], ["show"], ["list"], ["resolve"]),
    ],
)
def test_an_argument_that_is_not_utf8(churn, words):
    error = churn.error(*words, os.fsdecode(b"a\xff"), code=2)
    assert error["message"] == r"expected UTF-8, found 'a\udcff'"


@pytest.mark.parametrize("option", ["--where", "--filter"])
def test_a_filter_that_is_not_utf8(churn, option):
    text = {"--where": b"metadata.\xff = 1", "--filter": b'{"metadata.\xff": 1}'}[option]
    assert "expected UTF-8" in churn.error("search", option, os.fsdecode(text), code=2)["message"]


def test_a_symlink_as_a_source(churn):
    (churn.directory.parent / "alias.bin").symlink_to("model.bin")
    churn.error("link", "../alias.bin", "model/other", code=2)
    (churn.directory.parent / "many").mkdir()
    (churn.directory.parent / "many/alias.bin").symlink_to("../model.bin")
    assert "alias.bin" in churn.error("link", "../many", "model/other", code=2)["where"]


@pytest.mark.parametrize("path", ["../up", "/etc/passwd", "a/../../b", "a//b"])
def test_a_path_in_a_manifest_that_leads_away(churn, git, path):
    manifest = next((churn.directory / "model/churn/versions").glob("dbf*8c.yaml"))
    manifest.write_text(manifest.read_text().replace("path: model.bin", f'path: "{path}"'))
    git(churn.directory, "commit", "-qam", "By hand")
    churn("download", "model/churn:staging", "there", code=3)
    assert not (churn.directory / "there").exists()
    assert "path" in churn("check", code=3)


def test_a_symlink_in_the_repository(churn, git):
    collection = churn.directory / "model/churn/collection.yaml"
    collection.rename(churn.directory / "elsewhere.yaml")
    collection.symlink_to("../../elsewhere.yaml")
    git(churn.directory, "add", "--all")
    git(churn.directory, "commit", "-qm", "By hand")
    assert "plain file" in churn("check", code=3)
    assert "unreadable" in churn("list", "model")


def test_a_file_name_that_is_not_utf8(churn):
    directory = churn.directory.parent / "many"
    directory.mkdir()
    (directory / os.fsdecode(b"\xff.bin")).write_text("x")
    churn("link", "../many", "model/other", code=3)
    assert "UTF-8" in churn.err


def test_an_empty_file_and_an_empty_directory(churn):
    churn.write("../empty.bin", "")
    churn("link", "../empty.bin", "model/empty")
    assert "Downloaded 1 file (0 B)" in churn("download", "model/empty", "empty")
    assert (churn.directory / "empty/empty.bin").read_bytes() == b""
    (churn.directory.parent / "nothing").mkdir()
    churn("link", "../nothing", "model/nothing")
    assert "it has no files" in churn("download", "model/nothing", "nothing")


def test_a_target_that_is_there(churn):
    churn.write("there/mine.txt", "mine")
    churn.error("download", "model/churn:staging", "there", code=6)
    churn("download", "model/churn:staging", "there", "--force")
    assert (churn.directory / "there/mine.txt").read_text() == "mine"
    churn.write("file", "mine")
    churn.error("download", "model/churn:staging", "file", code=6)
    churn.error("download", "model/churn:staging", "file", "--path", "model.bin", code=6)


def test_local_edits(churn, git):
    alias = churn.directory / "model/churn/aliases/staging.yaml"
    alias.write_text(alias.read_text() + "\n")
    churn.write("unrelated.txt")
    error = churn.error("promote", "model/churn:v1", "--to", "staging", code=6)
    assert "model/churn/aliases/staging.yaml" in str(error)
    assert alias.read_text().endswith("\n\n")
    churn("promote", "model/churn:v1", "--to", "production")
    assert " M model/churn/aliases/staging.yaml" in git(churn.directory, "status", "--short")


def test_a_detached_head(churn, git):
    git(churn.directory, "checkout", "-q", "--detach")
    error = churn.error("promote", "model/churn:v1", "--to", "staging", code=2)
    assert "detached" in error["message"]
    assert error["hint"]


def test_a_bare_repository(churn, git, tmp_path):
    git(tmp_path, "clone", "-q", "--bare", "acme", "bare.git")
    churn.directory = tmp_path / "bare.git"
    assert churn("resolve", "model/churn:staging").startswith("memory://")
    churn("promote", "model/churn:v1", "--to", "staging")
    assert churn.json("show", "model/churn:staging")["version"] == "v1"
    assert churn("check") == "Nothing wrong in 10 files\n"


def test_a_linked_worktree(churn, git, tmp_path):
    git(churn.directory, "worktree", "add", "-q", tmp_path / "tree", "-b", "branch")
    churn.directory = tmp_path / "tree"
    churn("promote", "model/churn:v1", "--to", "staging")
    assert git(churn.directory, "status", "--short") == ""
    assert churn.json("show", "model/churn:staging")["version"] == "v1"
    churn.directory = tmp_path / "acme"
    assert churn.json("show", "model/churn:staging")["version"] == "v0"


def test_a_directory_below(churn):
    churn.directory /= "model/churn"
    assert churn("resolve", "model/churn:staging").startswith("memory://")


def test_no_commits_yet(shell, git, tmp_path):
    git(tmp_path, "init", "-q", "acme")
    shell.directory /= "acme"
    for words in (["list"], ["resolve", "model/x"], ["promote", "model/x:v0", "--to", "a"]):
        assert shell.error(*words, code=5)["hint"] == "`git registry init` creates an organization"
    shell("init")
    assert "model\t" in shell("list")


def test_a_repository_that_is_no_registry(shell, make_repository):
    shell.directory = make_repository("plain", {"README.md": "hello"})
    for words in (["list"], ["resolve", "model/x"], ["check"], ["create", "x"]):
        assert "no organization" in shell.error(*words, code=5)["message"] if words != ["check"] else True


def test_no_repository(shell):
    assert "GIT_REGISTRY" in shell.error("list", code=5)["hint"]


def test_nobody_knows_who_you_are(churn, monkeypatch, tmp_path):
    (tmp_path / "empty").write_text("")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "empty"))
    error = churn.error("promote", "model/churn:v1", "--to", "staging", code=2)
    assert "user.email" in error["hint"]
    churn.error("init", "../other", code=2)
    assert churn("resolve", "model/churn:staging").startswith("memory://")


@pytest.mark.parametrize("option", ["--object-format=sha256", "--ref-format=reftable"])
def test_repositories_that_are_not_supported(shell, git, tmp_path, option):
    import subprocess

    if subprocess.run(["git", "init", "-q", option, tmp_path / "acme"], capture_output=True).returncode:
        pytest.skip("this git can't make one")
    shell.directory /= "acme"
    for words in (["list"], ["init"], ["resolve", "model/x"]):
        assert "not supported yet" in shell.error(*words, code=2)["message"]


def test_a_url_as_the_registry(shell, monkeypatch):
    monkeypatch.setenv("GIT_REGISTRY", "https://ana:hunter2@127.0.0.1:1/acme.git")  # nobody listens there
    error = shell.error("list", code=7)
    assert error["kind"] == "network"
    assert error["message"].startswith("https://127.0.0.1:1/acme.git can't be reached")
    assert "git ls-remote" in error["hint"]
    assert "hunter2" not in shell.err
    shell("list", code=7)
    assert "hunter2" not in shell.err
