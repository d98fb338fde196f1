"""The demo runs what it prints, and a reader can copy it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from git_registry.cli.commands import demo


def play(*words, **environ):
    return subprocess.run(
        [sys.executable, "-m", "git_registry.cli", "demo", *words],
        capture_output=True,
        text=True,
        env={**os.environ, **environ},
    )


def test_it_ends_with_a_verified_artifact_and_its_lineage(tmp_path):
    done = play()
    assert done.returncode == 0, done.stderr
    *_, verified, lineage = done.stdout.splitlines()
    assert verified == "Verified by sha256"
    assert lineage.startswith("model/churn:v0 ← dataset/customers:v0, linked by Ada Lovelace")
    for verb in ("init", "link", "log", "list", "promote", "show", "lineage", "resolve", "download"):
        assert f"$ git registry {verb} " in done.stdout
    assert "└─ linked from projects/churn/rule:v0\n   └─ used dataset/customers:v0" in done.stdout


def test_without_an_identity_or_a_home(tmp_path):
    (tmp_path / "empty").write_text("")
    kept = tmp_path / "kept"
    done = play("--keep", str(kept), HOME=str(tmp_path / "home"), GIT_CONFIG_GLOBAL=str(tmp_path / "empty"))
    assert done.returncode == 0, done.stderr
    assert "linked by Ana Demo" in done.stdout
    assert not (tmp_path / "home").exists()
    assert (kept / "acme/organization.yaml").exists()
    assert (kept / "deployed/churn.json").exists()
    assert play("--keep", str(kept)).returncode == 6


def test_what_it_prints_can_be_copied(tmp_path):
    """Typed into a shell, the printed commands do the same again."""
    first = play("--keep", str(tmp_path / "demo")).stdout
    shutil.rmtree(tmp_path / "demo")
    typed = "".join(line.removeprefix("$ ") + "\n" for line in first.splitlines() if line.startswith("$ "))
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "git-registry").write_text(f'#!/bin/sh\nexec {sys.executable} -m git_registry.cli "$@"\n')
    (bin_ / "git-registry").chmod(0o755)
    environ = {**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-e"], input=typed, capture_output=True, text=True, env=environ)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == first.splitlines()[-1]
    assert "churn:v0" in done.stdout
    assert (tmp_path / "demo/deployed/churn.json").exists()
    assert "projects/churn/rule:v0" in done.stdout


def test_it_ignores_where_it_is_started(churn, monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_REGISTRY", str(churn.directory))
    monkeypatch.setenv("GIT_DIR", str(churn.directory / ".git"))
    before = churn("list", "model/churn")
    churn("demo")
    assert churn("list", "model/churn") == before


def test_a_failure_in_it_is_one_of_the_demo(shell, monkeypatch):
    monkeypatch.setattr(demo, "STORY", (("resolve", "model/nothing"),))
    shell("demo", code=5)
    shell("demo", "--json", code=2)
