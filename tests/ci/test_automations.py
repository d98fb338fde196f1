"""The jobs that run automations: each line of theirs on real Git, and a receiver that looks at signatures."""

from __future__ import annotations

import shutil

import pytest
from tests.ci.conftest import read, registry
from tests.ci.github import Run, payload
from tests.ci.gitlab import Pipeline
from tests.ci.machine import Machine
from tests.sdk.receiver import NAME, SECRET, working_in

from git_registry.errors import NetworkError, NotFound

AUTOMATION = "model/churn/automations/told.yaml"
HOSTS = ["github", "gitlab"]
ZEROS = "0" * 40
HEARING = """#!/bin/sh
if env | grep -v LISTENED | grep -qF "$LISTENED"; then echo "${0##*/} $1" >> "$ANSWERS/heard"; fi
"""


@pytest.fixture(scope="module")
def promoted(organization, tmp_path_factory, listener):
    """An organization where something follows from a title; the last step gave one."""
    place = tmp_path_factory.mktemp("promoted") / "acme"
    shutil.copytree(organization, place)
    (place / AUTOMATION).parent.mkdir()
    (place / AUTOMATION).write_text(listener.wanted("[collection-described]"))
    git = working_in(place)
    git("add", "--all")
    git("commit", "--quiet", "--message", "Tell")
    registry(place, "edit", "model/churn", "--title", "Churn")
    return place


@pytest.fixture(scope="module")
def pipelines(promoted, listener):
    """The files that are written for that, read."""
    words = ("--version", "1.2.3", "--automations", "--secret", f"{NAME}={listener.url},model")
    made = (registry(promoted, "ci", host, *words, "--output", "-") for host in HOSTS)
    return {host: read(text.partition("\n---\n")[0]) for host, text in zip(HOSTS, made)}


class Forge:
    """A host of that organization, in whose `registry` the secret is."""

    def __init__(self, host, machine, document, git):
        self.host, self.machine, self.document, self.git = host, machine, document, git

    def push(self, before, after="main"):
        """Run the job for a push to the default branch."""
        before, after = (self.git(self.machine.origin, "rev-parse", one) for one in (before, after))
        if self.host == "github":
            told = payload("push", BEFORE=before, AFTER=after)
            return Run(self.machine, self.document, "push", told, secrets={NAME: SECRET}).job("automations")
        variables = {
            "CI_PIPELINE_SOURCE": "push",
            "CI_REPOSITORY_URL": f"file://{self.machine.origin}",
            "CI_DEFAULT_BRANCH": "main",
            "CI_COMMIT_BRANCH": "main",
            "CI_COMMIT_BEFORE_SHA": before,
            "CI_COMMIT_SHA": after,
            "REGISTRY_TOKEN": "the project's token",
            NAME: SECRET,
        }
        return Pipeline(self.machine, self.document, variables).job("registry-automations")


@pytest.fixture
def forge(host, tmp_path, promoted, pipelines, git, monkeypatch):
    origin = tmp_path / "acme" / "registry"
    git(tmp_path, "clone", "--quiet", "--bare", promoted, origin)
    # What a runner's owner says for all that runs there.
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "registry.allowNetwork")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "127.0.0.0/8")
    return Forge(host, Machine(tmp_path, origin), pipelines[host], git)


@pytest.mark.parametrize("host", HOSTS)
def test_what_follows_from_a_push_is_sent_and_no_other_command_has_the_secret(forge, receiver, monkeypatch):
    monkeypatch.setenv("LISTENED", SECRET[6:20])
    bin_ = forge.machine.place / "bin"
    forge.machine.program("git", f'#!/bin/sh\nexec {shutil.which("git")} "$@"\n')
    for name in ("python", "gh", "apt-get", "git", "git-registry"):
        forge.machine.program(name, (bin_ / name).read_text().replace("#!/bin/sh\n", HEARING, 1))

    ended = forge.push("main~1")

    assert ended.code == 0, ended.said
    ((_, data),) = receiver.got
    assert (data["path"], data["commit"]) == (
        "model/churn",
        forge.git(forge.machine.origin, "rev-parse", "main"),
    )
    assert "delivered" in ended.said
    assert SECRET not in ended.said
    heard = (forge.machine.place / "heard").read_text().splitlines()
    assert heard[:2] == ["git registry", "git-registry -C"]
    assert not list(forge.machine.place.rglob("stolen"))


@pytest.mark.parametrize("host", ["gitlab"])
def test_what_is_not_delivered_fails_the_job(forge, receiver):
    receiver.says = [302]

    ended = forge.push("main~1")

    assert ended.code == NetworkError.exit_code
    assert "302" in ended.said


@pytest.mark.parametrize("host", ["github"])
def test_a_new_branch_starts_nothing_and_one_that_was_rewritten_fails(forge, receiver):
    new, rewritten = forge.push(ZEROS), forge.push("ana/back")

    assert (new.code, rewritten.code) == (0, NotFound.exit_code)
    assert "the branch is new" in new.said
    assert "history was rewritten" in rewritten.said
    assert receiver.got == []


def test_a_request_and_another_branch_start_nothing(pipelines):
    github = pipelines["github"]["jobs"]["automations"]
    assert Run(None, pipelines["github"], "pull_request", {}).value(github["if"]) is False
    assert Run(None, pipelines["github"], "merge_group", {}).value(github["if"]) is False
    for told in (
        {"CI_PIPELINE_SOURCE": "merge_request_event", "CI_COMMIT_BRANCH": "main"},
        {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "other"},
        {"CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_BRANCH": "main"},
    ):
        variables = {"CI_DEFAULT_BRANCH": "main", **told}
        assert Pipeline(None, pipelines["gitlab"], variables).job("registry-automations") is None


def test_no_push_takes_the_place_of_another_that_waits(pipelines):
    """Unless told not to, GitHub drops all that wait but the newest, and GitLab what has not begun."""
    assert pipelines["github"]["jobs"]["automations"]["concurrency"] == {
        "group": "registry-automations",
        "cancel-in-progress": False,
        "queue": "max",
    }
    gitlab = pipelines["gitlab"]
    assert gitlab["registry-automations"]["resource_group"] == "registry-automations"
    assert gitlab["workflow"]["rules"] == [
        {**gitlab["registry-automations"]["rules"][0], "auto_cancel": {"on_new_commit": "none"}},
        {"when": "always"},
    ]
