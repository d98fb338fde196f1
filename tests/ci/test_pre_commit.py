"""The hook for pre-commit: its manifest, and real commits with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

MANIFEST = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"


def pre_commit(directory, *words):
    command = (sys.executable, "-m", "pre_commit", *words)
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


def test_pre_commit_takes_the_manifest(tmp_path):
    done = pre_commit(tmp_path, "validate-manifest", MANIFEST)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def clone(machine, git, tmp_path, monkeypatch):
    """A clone whose pre-commit runs our hook, with the git-registry that is installed here."""
    (hook,) = yaml.safe_load(MANIFEST.read_text())
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", machine.origin, clone)
    config = {"repos": [{"repo": "local", "hooks": [hook | {"language": "system"}]}]}
    (clone / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    git(clone, "add", ".pre-commit-config.yaml")
    git(clone, "commit", "--quiet", "--message", "pre-commit")
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    for name, value in machine.env().items():
        monkeypatch.setenv(name, value)
    done = pre_commit(clone, "install")
    assert done.returncode == 0, done.stdout + done.stderr
    return clone


def commit(clone):
    words = ("git", "commit", "--all", "--message", "By hand")
    return subprocess.run(words, cwd=clone, capture_output=True, text=True, check=False)


def test_a_commit_of_what_does_not_follow_the_format_is_stopped(clone):
    document = clone / "model" / "churn" / "collection.yaml"
    right = document.read_text()
    document.write_text("format: 1\ntpye: model\n")

    stopped = commit(clone)

    assert stopped.returncode != 0
    assert "unknown field 'tpye'" in stopped.stdout + stopped.stderr
    document.write_text(right + "description: Who will leave.\n")
    assert commit(clone).returncode == 0


def test_a_commit_that_only_removes_is_looked_at_too(clone):
    (clone / "model" / "registry.yaml").unlink()

    assert commit(clone).returncode != 0
