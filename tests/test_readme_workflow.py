"""The README's pipeline that starts from a promotion, and its file for pre-commit, as they stand there."""

import json

import pytest
import yaml
from tests.ci.conftest import read
from tests.ci.github import Run, payload
from tests.ci.machine import Machine
from tests.ci.test_forms import mistakes
from tests.cli.conftest import Shell
from tests.test_readme import README, executable


def block(name):
    """Return the file of that name in the README."""
    return README.read_text().partition(f"```yaml\n# {name}\n")[2].partition("```")[0]


@pytest.fixture
def acme(tmp_path, capsys):
    Shell(tmp_path, capsys)("init", "work", "--admin", "user:ada")
    shell = Shell(tmp_path / "work", capsys)
    for weights in ("first", "second"):
        shell.write("../model.bin", weights)
        shell("link", "../model.bin", "model/churn")
    return shell


def test_what_a_push_promoted_is_deployed(acme, git, tmp_path):
    workflow = read(block(".github/workflows/deploy.yml"))
    assert mistakes(workflow, "github-workflows") == []
    before = git(acme.directory, "rev-parse", "HEAD")
    for version in ("v0", "v1"):
        acme("promote", f"model/churn:{version}", "--to", "production")
    after = git(acme.directory, "rev-parse", "HEAD")
    origin = tmp_path / "acme" / "registry"
    git(tmp_path, "clone", "--quiet", "--bare", acme.directory, origin)
    machine = Machine(tmp_path, origin)
    executable(tmp_path / "bin" / "pipx", "#!/bin/sh\nexit 0\n")
    told = payload("push", BEFORE=before, AFTER=after)

    ended = Run(machine, workflow, "push", told, after).job("promoted")

    assert (ended.code, ended.outputs["count"]) == (0, "1")
    (row,) = json.loads(ended.outputs["matrix"])["include"]
    assert row["path"] == "model/churn:v1"
    assert set(workflow["jobs"]["promoted"]["outputs"]) <= set(ended.outputs)
    (step,) = workflow["jobs"]["deploy"]["steps"]
    assert step["env"] == {"MODEL": "${{ matrix.path }}"}
    assert machine.shell(step["run"], tmp_path, {"MODEL": row["path"]}) == (0, "deploy model/churn:v1\n")


def test_the_hook_that_pre_commit_is_told_of_is_there():
    (repository,) = yaml.safe_load(block(".pre-commit-config.yaml"))["repos"]
    there = yaml.safe_load((README.parent / ".pre-commit-hooks.yaml").read_text())

    assert repository["hooks"] == [{"id": one["id"]} for one in there]
