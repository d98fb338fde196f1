"""`git registry automation` as a person types it."""

from __future__ import annotations

import json

import pytest
from click.shell_completion import ShellComplete

from git_registry.automation.outgoing import Outgoing
from git_registry.automation.queue import Queue
from git_registry.automation.queued import DEAD, Attempt, Health, Queued
from git_registry.cli.group import cli

from .once import once

HOOK = ["--webhook", "https://deploy.acme.example/hook", "--secret", "REG_WH_DEPLOY"]


@once
def automated(churn):
    """Three automations, and a promotion that starts one of them."""
    churn(
        *("automation", "create", "model/churn", "deploy", "--on", "alias-added", "--on", "alias-moved"),
        *("--where", "alias = production", "--description", "Deploy it.", *HOOK),
    )
    churn("automation", "create", "model", "tell", "--on", "LINK_ARTIFACT", "--slack", "REG_WH_SLACK")
    churn(
        "automation", "create", "model", "later", "--on", "version-linked", "--command", "eval", "--disabled"
    )
    churn("promote", "model/churn:v1", "--to", "production")
    return churn


def kept(shell):
    """Put deliveries into the queue of a clone: one that is dead, and one that waits."""
    path = shell.directory / ".git/registry/automations.db"
    path.parent.mkdir(exist_ok=True)
    url = "https://deploy.acme.example/hook?key=1"
    sent = Outgoing(url=url, secrets=("REG_WH_DEPLOY",), bearer="REG_WH_TOKEN", body='{"x": 1}')
    made = [
        Queued(
            id=f"msg_{number}",
            automation="model/churn/automations/deploy.yaml",
            place="model/churn",
            commit="4be1" * 10,
            path="model/churn",
            event="version-tagged" if number else "alias-moved",
            subject=f"version={'ab12' * 8}\0tag=eu" if number else "alias=production",
            at="2026-01-01T12:00:00.000Z",
            outgoing=sent,
        )
        for number in range(2)
    ]
    with Queue.open(path) as queue:
        queue.add(made, 1767268800.0)
        tried = Attempt(at=1767268800.0, status=404, problem="it answered 404", seconds=0.5, body="no\n")
        queue.record("msg_0", tried, DEAD, 0.0)
        tomorrow = 1767268800.0 + 86400
        queue.note(made[0].automation, Health(failures=2, since=86400.0, latest=172800.0, held=tomorrow))
    return shell


ASKED = {
    "list": ["list"],
    "list-collection": ["list", "model/churn"],
    "show": ["show", "deploy"],
    "deliveries": ["deliveries"],
    "delivery": ["deliveries", "msg_0"],
}


def test_json(automated, golden):
    kept(automated)
    for name, words in ASKED.items():
        golden(f"automation/{name}.json", automated("automation", *words, "--json"))


def test_text_in_a_pipe(automated, golden):
    kept(automated)
    for name, words in ASKED.items():
        golden(f"automation/{name}.pipe.txt", automated("automation", *words))


def test_text_on_a_terminal(automated, golden, terminal):
    kept(automated)
    for name in ("list", "deliveries"):
        golden(f"automation/{name}.terminal.txt", automated("automation", *ASKED[name]))


def test_what_is_created_is_said_and_is_what_was_asked_for(automated):
    said = automated(
        *("automation", "create", "model", "ours", "--on", "gates-changed", "--match", '{"author": "Ada"}'),
        *("--webhook", "https://a.example", "--body", '{"who": "${author}"}', "--token", "REG_WH_TOKEN"),
    )

    assert said == "Added the automation model/automations/ours\n"
    found = automated.json("automation", "show", "ours")
    assert found["match"] == {"author": "Ada"}
    assert found["action"]["webhook"]["body"] == {"who": "${author}"}
    automated.write("ours.yaml", (automated.directory / "model/automations/ours.yaml").read_text())
    again = ("automation", "create", "model", "ours", "--file", "ours.yaml")
    assert "already" in automated.error(*again, code=6)["message"]
    assert "Nothing to do" in automated(*again, "--replace")
    automated(
        "automation", "create", "model", "ours", "--on", "version-linked", "--command", "x", "--replace"
    )
    assert automated.json("automation", "show", "ours")["action"] == {"command": {"name": "x"}}
    automated("automation", "remove", "ours")
    assert automated.error("automation", "show", "ours", code=5)["kind"] == "not-found"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "what does it start from"),
        (["--on", "alias-moved"], "what does it do"),
        (["--on", "alias-moved", *HOOK, "--command", "deploy"], "what does it do"),
        (["--on", "alias-moved", "--command", "deploy", "--secret", "REG_WH_X"], "--secret says nothing"),
        (
            ["--on", "alias-moved", "--command", "deploy", "--previous-secret", "REG_WH_X"],
            "--previous-secret says nothing",
        ),
        (["--on", "alias-moved", "--gitlab", "a/b", "--token", "REG_WH_X"], "--ref is missing"),
        (["--on", "alias-moved", "--github", "a/b"], "--token is missing"),
        (["--on", "alias-moved", *HOOK, "--where", "alais = x"], "no field 'alais'"),
        (["--on", "alias-moved", *HOOK, "--where", "alias = x", "--match", "{}"], "take one of them"),
        (["--on", "alias-moved", *HOOK, "--match", "{"], "not JSON"),
        (["--file", "deploy.yaml", "--on", "alias-moved"], "the file says all of it"),
    ],
)
def test_what_can_not_be_made_of_options_says_why(shell, options, said):
    assert said in shell.error("automation", "create", "model", "one", *options, code=2)["message"]


def test_what_breaks_the_format_is_told_without_what_may_be_a_secret(automated):
    create = ("automation", "create", "model", "one", "--on", "alias-moved")

    said = automated.error(*create, "--webhook", "https://a.example", "--secret", "hunter2hunter2", code=3)

    assert "the name of a secret" in said["message"]
    assert "hunter2" not in automated.err
    said = automated.error(*create, "--webhook", "https://bob:hunter2@a.example/", code=3)
    assert "hunter2" not in automated.err
    automated.error("automation", "create", "model", "one", "--on", "alias-lost", "--command", "x", code=3)


def test_the_exact_request_is_shown_and_nothing_is_sent(automated):
    said = automated("automation", "test", "deploy")

    head, _, body = said.partition("\n\n")
    assert head.splitlines()[0] == "POST https://deploy.acme.example/hook"
    assert "webhook-signature: v1,<signed with REG_WH_DEPLOY>" in head.splitlines()
    assert json.loads(body)["type"] == "registry.alias-added"
    assert automated.err.startswith("Not sent; because of alias-added model/churn production in ")
    shown = automated.json("automation", "test", "deploy", "--step", "HEAD")
    assert shown["headers"]["webhook-id"] == shown["delivery"]
    assert shown["body"] == body.removesuffix("\n")
    supposed = automated.json("automation", "test", "tell", "--suppose", "model/churn:v0")
    assert (supposed["event"], supposed["url_secret"]) == ("version-linked", "REG_WH_SLACK")
    automated.error("automation", "test", "deploy", "--alias", "staging", code=2)
    assert automated.error("automation", "test", "later", "--step", "HEAD", code=5)["kind"] == "not-found"
    assert not (automated.directory / ".git/registry/automations.db").exists()


def test_one_is_switched_off_and_on(automated):
    assert "model/churn/automations/deploy" in automated("automation", "disable", "deploy")
    assert automated.json("automation", "show", "deploy")["enabled"] is False
    assert "Nothing to do" in automated("automation", "disable", "deploy")

    (event,) = automated.json("automation", "enable", "deploy")

    assert (event["event"], event["name"]) == ("automation-changed", "deploy")
    assert automated.json("automation", "show", "deploy")["enabled"] is True


def test_what_is_not_named_stays_when_one_is_edited(automated):
    before = automated.json("automation", "show", "deploy")

    automated("automation", "edit", "deploy", "--on", "alias-moved", "--where", "alias = staging")

    after = automated.json("automation", "show", "deploy")
    assert (after["events"], after["match"]) == (["alias-moved"], {"alias": "staging"})
    assert [after[name] for name in ("action", "description")] == [
        before[name] for name in ("action", "description")
    ]
    automated("automation", "edit", "deploy", "--slack", "REG_WH_SLACK", "--description", "")
    after = automated.json("automation", "show", "deploy")
    assert after["action"] == {"slack": {"url_secret": "REG_WH_SLACK"}}
    assert (after["description"], after["events"]) == (None, ["alias-moved"])


def test_a_url_that_is_a_secret_is_named_and_a_key_has_one_before_it(automated):
    automated("automation", "edit", "deploy", "--webhook", "REG_WH_TEAMS")
    shown = automated.json("automation", "show", "deploy")
    assert shown["action"] == {"webhook": {"url_secret": "REG_WH_TEAMS"}}
    assert "unsigned" not in automated.err

    automated("automation", "edit", "deploy", *HOOK, "--previous-secret", "REG_WH_OLD")
    shown = automated.json("automation", "show", "deploy")["action"]["webhook"]
    assert (shown["secret"], shown["previous_secret"]) == ("REG_WH_DEPLOY", "REG_WH_OLD")


def test_who_leaves_the_key_out_is_told_that_nothing_is_signed_any_more(automated):
    automated("automation", "edit", "deploy", *HOOK[:2])

    assert "unsigned: " in automated.err


@pytest.mark.parametrize(
    ("options", "said"),
    [([], "what shall be changed"), (["--secret", "REG_WH_NEW"], "what does it do")],
)
def test_what_is_no_change_says_why(automated, options, said):
    assert said in automated.error("automation", "edit", "deploy", *options, code=2)["message"]


def test_other_verbs_say_which_ones_are_for_automations(automated):
    for verb in (["show"], ["edit", "--title", "Deploy"], ["delete", "--yes"]):
        said = automated.error(*verb, "model/churn/automations/deploy", code=2)
        assert "`git registry automation` shows" in said["hint"]


def test_what_happened_to_the_organization_has_no_path(automated, git):
    automated("automation", "create", "model", "admins", "--on", "admin-added", "--command", "tell")
    file = automated.directory / "organization.yaml"
    file.write_text(file.read_text().replace("admins: [", "admins: [user:eve, "))
    git(automated.directory, "commit", "-qam", "Eve helps")

    automated("automation", "test", "admins")

    assert automated.err.startswith("Not sent; because of admin-added user:eve in ")


def test_what_failed_is_sent_again_and_what_is_paused_waits(automated):
    assert "git registry -C" in automated.error("automation", "pause", "deploy", code=2)["hint"]
    automated("automation", "run")  # begins at the tip: from here on this clone answers
    kept(automated)

    assert automated("automation", "redeliver", "msg_0").startswith("Queued 1 delivery")
    assert automated.json("automation", "redeliver", "msg_0") == [{"id": "msg_0", "state": "queued"}]
    assert automated("automation", "pause", "deploy", "--because", "the cluster moves") == (
        "Paused model/churn/automations/deploy: the cluster moves\n"
    )
    assert automated.json("automation", "show", "deploy")["paused"]["why"] == "the cluster moves"
    assert "because\tthe cluster moves\n" in automated("automation", "show", "deploy")
    assert automated("automation", "resume", "deploy").startswith("Resumed model/churn/automations/deploy")
    assert automated.error("automation", "resume", "deploy", code=5)["message"] == "it is not paused here"
    assert automated.error("automation", "redeliver", "msg_9", code=5)["kind"] == "not-found"


def test_all_that_is_dead_of_an_automation_is_sent_again(automated):
    kept(automated)

    said = automated.error("automation", "redeliver", "deploy", code=2)
    assert "--state dead" in said["hint"]
    automated.error("automation", "redeliver", "msg_0", "--state", "dead", code=2)
    again = ("automation", "redeliver", "deploy", "--state", "dead")
    assert automated(*again).startswith("Queued 1 delivery")
    assert automated(*again).startswith("Queued 0 deliveries")


def test_who_is_held_no_longer_is_not_said_to_be(automated):
    kept(automated)
    assert "\nheld\tuntil 2026-01-02T12:00:00Z\n" in automated("automation", "show", "deploy")

    automated("automation", "redeliver", "msg_0")

    assert "held" not in automated("automation", "show", "deploy")
    assert automated.json("automation", "show", "deploy")["health"]["held"] is None


ITS_OWN = {"delivery", "organization", "repository", "summary", "selector", "automation"}
"""What a body says besides, of the delivery and in words."""


def test_a_body_says_what_other_json_says_by_the_same_names(automated):
    told = json.loads(automated.json("automation", "test", "deploy")["body"])["data"]
    events = map(json.loads, automated("history", "model/churn", "--json").splitlines())
    (event,) = (one for one in events if one.get("alias") == "production")
    version = automated.json("show", "model/churn:production")

    known = {**version, **event, "version": version["version"]}
    wrong = {name: (one, known.get(name)) for name, one in told.items() if known.get(name, ...) != one}
    assert wrong.keys() - {"time"} <= ITS_OWN
    assert known["time"].removesuffix("Z") == told["time"].removesuffix(".000Z")
    assert told["automation"] == automated.json("automation", "show", "deploy")["path"]


def test_where_nothing_was_queued_it_says_where_to_look(automated):
    assert automated("automation", "deliveries") == ""
    assert "on the server" in automated.err


def test_running_begins_at_the_tip_and_answers_what_happens_then(automated, git):
    first = automated.json("automation", "run")
    automated("promote", "model/churn:v0", "--to", "production")
    second = automated.json("automation", "run")

    assert (first["new"], second["new"], second["sent"]) == (0, 1, 1)
    (sent,) = automated.json("automation", "deliveries")
    assert sent["automation"] == "model/churn/automations/deploy"
    assert (sent["event"], sent["alias"], sent["count"]) == ("alias-moved", "production", 1)
    assert "no secret REG_WH_DEPLOY" in sent["latest"]["problem"]
    assert "no secret REG_WH_DEPLOY" in second["paused"][0]["why"]
    automated("automation", "resume", "deploy")
    automated("automation", "run")
    assert automated.err.startswith(
        "Paused model/churn/automations/deploy: the server has no secret REG_WH_D"
    )
    automated("promote", "model/churn:v1", "--to", "production")
    assert automated("automation", "run", "--skip").startswith("Queued 0, sent 0 times")
    git(automated.directory, "commit", "-q", "--amend", "-m", "Otherwise")
    for words in (["list"], ["show", "deploy"], ["deliveries"]):
        automated("automation", *words)
        assert automated.err.startswith("Nothing that happens is queued: ")
    automated("automation", "run", "--skip")
    assert automated.json("automation", "run", "--from", "HEAD^")["new"] == 1
    automated.error("automation", "run", "--from", "HEAD", "--skip", code=2)


def test_a_pipeline_answers_its_push_and_fails_if_anything_was_not_delivered(automated, git, monkeypatch):
    automated("promote", "model/churn:v0", "--to", "production")
    before, head = (git(automated.directory, "rev-parse", one) for one in ("HEAD^", "HEAD"))
    monkeypatch.setenv("CI_PIPELINE_SOURCE", "push")
    monkeypatch.setenv("CI_COMMIT_SHA", head)
    monkeypatch.setenv("CI_COMMIT_BEFORE_SHA", before)

    (sent,) = json.loads(automated("automation", "run", "--pipeline", "--json", code=7))

    assert (sent["event"], sent["state"]) == ("alias-moved", "queued")
    assert "no secret REG_WH_DEPLOY" in automated("automation", "run", "--base", "HEAD^", code=7)
    assert automated("automation", "run", "--base", "HEAD") == ""
    assert automated.err == "Nothing follows from this push\n"
    assert not (automated.directory / ".git/registry/automations.db").exists()
    automated.error("automation", "run", "--head", "HEAD", code=2)
    automated.error("automation", "run", "--pipeline", "--base", "HEAD", code=2)


def test_automations_complete(automated, monkeypatch):
    monkeypatch.chdir(automated.directory)
    completing = ShellComplete(cli, {}, "git-registry", "_GIT_REGISTRY_COMPLETE")

    def offered(word):
        return {one.value for one in completing.get_completions(["automation", "show"], word)}

    assert offered("") == {
        *("deploy", "later", "tell", "model/churn/automations/deploy"),
        *("model/automations/later", "model/automations/tell"),
    }
    assert offered("model/c") == {"model/churn/automations/deploy"}
    monkeypatch.chdir(automated.directory.parent)
    assert offered("") == set()


def test_from_a_url_nothing_is_sent(automated, git, tmp_path, monkeypatch):
    git(tmp_path, "clone", "-q", "--bare", automated.directory, "acme.git")
    monkeypatch.setenv("GIT_REGISTRY_CLONES", str(tmp_path / "clones"))
    url = ["-C", f"file://{tmp_path}/acme.git", "automation"]

    for words in (["run"], ["pause", "deploy"]):
        assert automated.error(*url, *words, code=2)["message"] == "nothing is sent from a URL"
    assert automated.json(*url, "test", "deploy")["problem"] is None
    automated("-C", tmp_path / "acme.git", "automation", "test", "deploy", code=4)
    assert "would not send it: the server has no secret REG_WH_DEPLOY" in automated.err
    assert [one["name"] for one in automated.json(*url, "list")] == ["later", "tell", "deploy"]
