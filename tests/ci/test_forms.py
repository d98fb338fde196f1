"""Our files follow what hosts publish of their form, and keep to what keeps a pipeline from harm."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from tests.ci.conftest import read, registry
from tests.ci.published import SCHEMAS, mistakes

WORKFLOWS = ["registry.yml", "registry-again.yml"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_they_follow_the_published_schemas(written, name):
    assert mistakes(written[name], SCHEMAS[name]) == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_find_mistakes(written, name):
    document = json.loads(json.dumps(written[name]))
    jobs = document.get("jobs", document)
    job = jobs[next(one for one in jobs if not one.startswith("."))]
    job["timeout"] = job["timeout-minutes"] = job["script"] = job["run"] = {"a": 1}

    assert mistakes(document, SCHEMAS[name])


def jobs(written):
    return [(name, job) for file in WORKFLOWS for name, job in written[file]["jobs"].items()]


def steps(written):
    return [step for _, job in jobs(written) for step in job["steps"]]


def test_actions_are_named_by_their_commits_and_say_which_versions_those_are(organization):
    text = registry(organization, "ci", "github", "--version", "1.2.3", "--output", "-")
    used = re.findall(r"uses: (.*)", text)

    assert len(used) >= 3
    for one in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", one)


def test_the_request_is_never_checked_out_and_no_credential_stays_behind(written):
    uses = {
        name: [step.get("uses", "").partition("@")[0] for step in job["steps"]] for name, job in jobs(written)
    }

    assert "actions/checkout" not in uses["request"] + uses["again"] + uses["automations"]
    for step in steps(written):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def scripts(written):
    gitlab = written[".gitlab-ci.yml"]
    return [
        *(step.get("run", "") for step in steps(written)),
        *gitlab["registry-request"]["script"],
        *gitlab["registry-automations"]["script"],
    ]


def test_of_the_request_nothing_is_laid_out_as_files(written):
    for script in scripts(written):
        assert not re.search("git .*(checkout|switch|worktree|restore|archive|submodule)", script)
        for clone in re.findall("git clone.*", script):
            assert " --bare --single-branch " in clone
    for name in ("registry-request", "registry-automations"):
        assert written[".gitlab-ci.yml"][name]["variables"]["GIT_STRATEGY"] == "none"


def test_nothing_that_somebody_wrote_becomes_a_part_of_a_script(written):
    for step in steps(written):
        assert "${{" not in step.get("run", "")
    events = set(written["registry.yml"]["on"]) | set(written["registry-again.yml"]["on"])
    assert events == {"pull_request", "merge_group", "push", "pull_request_review"}


def test_each_job_has_the_least_permissions_and_an_end(written):
    assert [written[file]["permissions"] for file in WORKFLOWS] == [{}, {}]
    assert {name: job["permissions"] for name, job in jobs(written)} == {
        "request": {"contents": "read", "pull-requests": "write"},
        "history": {"contents": "read"},
        "automations": {"contents": "read"},
        "again": {"actions": "write"},
    }
    assert all(0 < job["timeout-minutes"] <= 20 for _, job in jobs(written))


def test_secrets_are_in_the_environment_of_one_step_and_of_one_command(written):
    workflow = written["registry.yml"]
    *_, sending = workflow["jobs"]["automations"]["steps"]
    assert sending["env"] == {"REG_WH_DEPLOY": "${{ secrets.REG_WH_DEPLOY }}"}
    assert json.dumps(workflow).count("secrets.") == 1

    job = written[".gitlab-ci.yml"]["registry-automations"]
    assert job["before_script"][:2] == ["unset REGISTRY_TOKEN", "export -n REG_WH_DEPLOY"]
    *_, given, sends = job["script"][-1].splitlines()
    assert (given, sends) == (
        "export REG_WH_DEPLOY",
        "git registry -C registry.git automation run --pipeline",
    )


def test_no_job_that_is_skipped_can_stand_for_the_required_check(written):
    """A job that a condition skips counts as passed, so no event of a request may skip it."""
    skipped = written["registry.yml"]["jobs"]["request"]["if"]

    assert skipped == "${{ github.event_name != 'push' }}"
    assert "request" not in written["registry-again.yml"]["jobs"]


def test_only_what_a_newer_push_replaces_is_cancelled(written):
    concurrency = written["registry.yml"]["concurrency"]

    assert concurrency["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"
    assert "pull_request.number" in concurrency["group"]


def test_the_files_are_yaml_without_what_only_some_readers_understand(organization):
    for host in ("github", "gitlab"):
        made = registry(organization, "ci", host, "--version", "1.2.3", "--automations", "--output", "-")
        for text in made.split("\n---\n"):
            events = [type(event).__name__ for event in yaml.parse(text)]
            assert "AliasEvent" not in events
            assert read(text)
            assert max(map(len, text.splitlines())) <= 140
