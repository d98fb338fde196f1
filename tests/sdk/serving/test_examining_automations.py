"""What keeps a server's automations from being answered is found, and weakens nothing."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from tests.sdk.once import once

from git_registry.automation.queue import Queue
from git_registry.automation.queued import DEAD, Attempt
from git_registry.catalog import cursor
from git_registry.catalog.catalog import Catalog
from git_registry.repository.repository import Repository
from git_registry.sdk.clock import clock
from git_registry.sdk.collecting import collect
from git_registry.sdk.dispatching import queue_of
from git_registry.sdk.serving.doctor import diagnose
from git_registry.sdk.serving.examining_automations import answering_symptoms, kept_symptoms
from git_registry.sdk.serving.examining_secrets import secret_symptoms
from git_registry.sdk.serving.installing import Installation, install
from git_registry.sdk.serving.settings import Believed
from git_registry.sdk.serving.status import status
from git_registry.sdk.serving.symptom import Examined, Weight

DEPLOY = "model/churn/automations/deploy.yaml"
WEBHOOK = "{webhook: {url: 'https://deploy.acme.example/hook', secret: REG_WH_DEPLOY}}"
SECRET = "hush-hush-hush-hush"


def automation(action=WEBHOOK, further=""):
    return f"format: 1\nevents: [alias-added]\naction: {action}\n{further}"


@once
def pushed(desk, upstream, git):
    """Push what a file of the desk's says, past all hooks."""

    def push(text, path=DEPLOY):
        place = desk.path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        git(desk.path, "add", "--all")
        git(desk.path, "commit", "-qm", "Automate")
        git(upstream, "fetch", "-q", desk.path, "main:main")

    desk.link("weights")
    push(automation())
    return push


@once
def server(upstream, pushed, git, tmp_path):
    """A server that has what its one automation needs."""
    install(upstream, Installation(believed=Believed(identity="env:REG_USER")))
    secrets = tmp_path / "secrets"
    secrets.write_text(f"REG_WH_DEPLOY={SECRET}\n")
    secrets.chmod(0o600)
    git(upstream, "config", "registry.secretsFile", str(secrets))
    git(upstream, "config", "registrySecret.REG_WH_DEPLOY.url", "https://deploy.acme.example/")
    git(upstream, "config", "registrySecret.REG_WH_DEPLOY.registry", "model")
    return upstream


@once
def told(server):
    """Return what is said of a server whose hooks are as they should be: about what → the symptom."""
    hooks = status(server)

    def look():
        seen = Examined(Repository.open(server), hooks)
        found = [*answering_symptoms(seen), *secret_symptoms(seen), *kept_symptoms(seen)]
        assert SECRET not in repr(found)
        return {one.about: one for one in found}

    return look


def diagnosed(server):
    found = diagnose(server)
    assert found.is_sound
    return {one.about: one for one in found.symptoms if one.about != "registry.identity"}


def test_a_server_that_has_what_its_automations_need_is_told_nothing(server):
    assert diagnosed(server) == {}


def test_automations_that_nobody_starts(server, pushed):
    (server / "hooks/post-receive").unlink()

    found = diagnosed(server)["automations"]

    assert found.weight is Weight.ADVICE
    assert found.message == "1 stands at the tip of main, and no post-receive of ours runs"
    assert f"git registry -C {server} automation run" in found.mend
    pushed(automation(further="enabled: false\n"))
    assert set(diagnosed(server)) == {"post-receive"}


def test_a_cursor_that_is_no_step_of_the_branch(told, server, git):
    aside = git(server, "commit-tree", "-m", "Aside", "main^{tree}").strip()
    git(server, "update-ref", cursor.CURSOR, aside)

    found = told()[cursor.CURSOR]

    assert found.message == f"it is at {aside[:8]}, which is no step of main"
    command, _, _ = found.mend.partition(" goes on")
    assert shlex.split(command)[-1] == "--skip"
    assert "--from REV" in found.mend
    git(server, "update-ref", cursor.CURSOR, "main~1")
    assert told() == {}


def test_what_is_paused_and_what_is_dead(told, server, desk, git, pushed):
    git(server, "update-ref", cursor.CURSOR, "main")
    desk.promote("model/churn:v0", "production")
    git(server, "fetch", "-q", desk.path, "main:main")
    with Catalog(repository=Repository.open(server), branch="main", clock=clock) as catalog:
        place = queue_of(catalog)
        place.parent.mkdir(exist_ok=True)
        with Queue.open(place) as queue:
            collect(catalog, queue, 0.0)
            (one,) = queue.deliveries()
            queue.record(one.id, Attempt(at=0.0, status=500, problem="", seconds=0.1, body=""), DEAD, 0.0)
            queue.pause(DEPLOY, "it failed for a day", 0.0)

    found = told()

    paused = found["model/churn/automations/deploy"]
    assert paused.message == "it is paused: it failed for a day"
    assert paused.mend == f"git registry -C {server} automation resume model/churn/automations/deploy"
    assert found["deliveries"].message == "1 is given up"
    assert found["deliveries"].mend.startswith(f"git registry -C {server} automation deliveries --state dead")

    git(server, "config", "--unset", "registrySecret.REG_WH_DEPLOY.url")
    about = [one.about for one in diagnose(server).symptoms]
    assert about.index("REG_WH_DEPLOY") < about.index("model/churn/automations/deploy")
    with Queue.open(place) as queue:
        queue.remove(DEPLOY, "5ea7" * 10, 0.0)
    assert "deliveries" not in told()


UNABLE = {
    "nobody bound it": (["--remove-section", "registrySecret.REG_WH_DEPLOY"], "it is not bound here"),
    "it may be sent nowhere": (["--unset", "registrySecret.REG_WH_DEPLOY.url"], "it may be sent nowhere"),
    "another registry's": (["registrySecret.REG_WH_DEPLOY.registry", "dataset"], "model may not use it"),
}


@pytest.mark.parametrize(("setting", "why"), UNABLE.values(), ids=UNABLE)
def test_a_secret_that_is_not_bound_to_what_names_it(told, server, git, setting, why):
    git(server, "config", *setting)

    found = told()["REG_WH_DEPLOY"]

    assert found.message == f"model/churn/automations/deploy names it, and {why}"
    assert found.weight is Weight.ADVICE
    for command in found.mend.replace("URL", "https://deploy.acme.example/").split(" && "):
        subprocess.run(shlex.split(command), check=True)
    assert told() == {}


def test_a_secret_without_a_value(told, server, git, tmp_path, monkeypatch):
    (tmp_path / "secrets").write_text("REG_WH_OTHER=hush hush hush hush\n")
    found = told()["REG_WH_DEPLOY"]
    assert found.weight is Weight.ADVICE
    assert found.message == "model/churn/automations/deploy names it, and it has no value"
    assert str(tmp_path / "secrets") in found.mend

    git(server, "config", "--unset", "registry.secretsFile")
    found = told()["REG_WH_DEPLOY"]
    assert (found.weight, found.message) == (Weight.NOTE, "it is not in the environment here")

    monkeypatch.setenv("REG_WH_DEPLOY", SECRET)
    assert told() == {}


def test_a_file_of_secrets_that_others_may_read(told, server, tmp_path):
    (tmp_path / "secrets").chmod(0o640)

    found = told()

    assert set(found) == {"registry.secretsFile"}
    assert "may be read by others" in found["registry.secretsFile"].message
    assert f"chmod 600 {tmp_path}/secrets" in found["registry.secretsFile"].mend


def test_a_file_of_secrets_that_is_not_there(told, server, tmp_path):
    (tmp_path / "secrets").unlink()

    mend = told()["registry.secretsFile"].mend

    assert mend.startswith(f"write {tmp_path}/secrets")
    assert "chmod" not in mend


def test_a_secret_that_may_not_be_sent_to_where_an_automation_sends_it(told, server, git, tmp_path, pushed):
    git(server, "config", "registrySecret.REG_WH_DEPLOY.url", "https://deploy.acme.example/other")
    found = told()["REG_WH_DEPLOY"]
    assert found.message.endswith("sends it to what is not below any registrySecret.REG_WH_DEPLOY.url")
    (command,) = found.mend.replace("URL", "https://deploy.acme.example/hook").split(": ", 1)[1:]
    subprocess.run(shlex.split(command), check=True)
    assert told() == {}

    pushed(automation("{slack: {url_secret: REG_WH_DEPLOY}}"))
    assert "not below any" in told()["REG_WH_DEPLOY"].message
    (tmp_path / "secrets").write_text("REG_WH_DEPLOY=https://deploy.acme.example/hook/hush\n")
    assert told() == {}


def test_who_shall_answer_instead_of_the_hook_is_nobody_we_know(told, server, git):
    git(server, "config", "registry.automations", "cron")

    assert told()["registry.automations"].message == "there is no such thing as 'cron'"
    git(server, "config", "registry.automations", "timer")
    assert told() == {}


def test_a_command_that_the_server_does_not_allow(told, server, git, pushed):
    pushed(automation("{command: {name: deploy}}"))
    assert told()["command deploy"].message.endswith("and the server has no such command")

    git(server, "config", "registryCommand.deploy.run", "true")
    assert told()["command deploy"].message.endswith("and model may not run it")

    git(server, "config", "registryCommand.deploy.registry", "model")
    assert told() == {}


def test_settings_that_nobody_can_read(told, server, git):
    git(server, "config", "registry.allowNetwork", "somewhere")

    assert "expected a network" in told()["registry.allowNetwork"].message
