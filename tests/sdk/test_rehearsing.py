"""What an automation would send, told without sending it."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import ip_network

import pytest

from git_registry.automation import request
from git_registry.automation.request import ByName
from git_registry.automation.sending import send
from git_registry.automation.server import Bound, Server
from git_registry.errors import NotFound, UsageError
from git_registry.model.documents.automation import (
    Action,
    Automation,
    Command,
    GitlabPipeline,
    Slack,
    Webhook,
)
from git_registry.sdk import automating
from git_registry.sdk.rehearsing import rehearse
from git_registry.sdk.supposing import Supposed

from .receiver import listening

HOOK = Webhook(
    url="https://deploy.acme.example/hook",
    secret="REG_WH_NEW",
    previous_secret="REG_WH_OLD",
    token="REG_WH_TOKEN",
    wandb_signature="hex",
)


def automate(desk, name="deploy", action=HOOK, **parts):
    kind = {Webhook: "webhook", Slack: "slack", Command: "command", GitlabPipeline: "gitlab_pipeline"}
    parts.setdefault("events", ("alias-added", "alias-moved"))
    document = Automation(action=Action(**{kind[type(action)]: action}), **parts)
    desk(automating.create, "model/churn", name, document)


def body(shown):
    return request.body(shown.outgoing, ByName(shown.delivery))


def headers(shown):
    return request.headers(shown.outgoing, ByName(shown.delivery), body(shown))


@pytest.fixture
def desk(desk):
    """Production was v0 and is v1, since before there was any automation."""
    desk.link("one")
    desk.link("two")
    desk.promote("model/churn:v0", "production")
    desk.promote("model/churn:v1", "production")
    return desk


def test_the_newest_event_that_starts_it_is_taken(desk):
    automate(desk, match={"alias": "production"}, enabled=False)
    automate(desk, "first", match={"version": "v0"})

    newest, first = desk(rehearse, "deploy"), desk(rehearse, "first")

    assert newest.happening.facts["version"] == "v1"
    assert first.happening.facts["version"] == "v0"
    assert json.loads(body(first))["type"] == "registry.alias-added"
    assert first.problem == ""
    assert desk(rehearse, "deploy", step=first.happening.commit[:12]).happening == first.happening


def test_what_happened_to_the_organization_is_among_it(desk, git):
    file = desk.path / "organization.yaml"
    file.write_text(file.read_text().replace("admins: [", "admins: [user:eve, "))
    git(desk.path, "commit", "-qam", "Eve helps")
    desk.link("three")
    kinds = ("admin-added", "version-linked")
    tell = Automation(action=Action(command=Command(name="tell")), events=kinds)
    for name, match in (("newest", {}), ("admins", {"event": "admin-added"})):
        desk(automating.create, "model", name, replace(tell, match=match))
    automate(desk, "never", events=("admin-added",))

    assert desk(rehearse, "newest").happening.event.kind == "version-linked"
    found = desk(rehearse, "admins").happening
    assert (found.event.kind, found.facts["principal"]) == ("admin-added", "user:eve")
    with pytest.raises(NotFound, match="nothing that happened"):
        desk(rehearse, "never")


def test_secrets_stand_there_by_their_names(desk):
    automate(desk)

    shown = headers(desk(rehearse, "deploy"))

    assert shown["webhook-signature"] == "v1,<signed with REG_WH_NEW> v1,<signed with REG_WH_OLD>"
    assert shown["Authorization"] == "Bearer <REG_WH_TOKEN>"
    assert shown["X-Wandb-Signature"] == "<hex, signed with REG_WH_NEW>"


SUPPOSED = [
    (("ADD_ARTIFACT_ALIAS",), {"alias": "production", "previous": "v1"}, "alias-moved"),
    (("ADD_ARTIFACT_ALIAS",), {"alias": "staging", "previous": None, "aliases": "staging"}, "alias-added"),
    (("alias-removed",), {"alias": "canary", "aliases": {"$exists": True}}, "alias-removed"),
    (("gates-changed", "version-tagged"), {"tag": "example", "tags": "example"}, "version-tagged"),
    (("REMOVE_ARTIFACT_TAG",), {"tag": "example", "tags": {"$ne": "example"}}, "version-untagged"),
    (("version-linked",), {"aliases": {"$exists": True}}, "version-linked"),
    (("version-annotated",), {}, "version-annotated"),
]


def test_what_did_not_happen_may_be_supposed(desk):
    desk.promote("model/churn:v0", "canary")
    for events, match, kind in SUPPOSED:
        automate(desk, kind, events=events, match=match)

        found = desk(rehearse, kind, supposed=Supposed(version="model/churn:v0"))

        assert found.happening.event.kind == kind
        assert found.happening.facts["version"] == "v0"
        assert json.loads(body(found))["type"] == f"registry.{kind}"


def test_what_can_not_happen_as_things_are_is_not_supposed(desk):
    automate(desk, "moved", events=("alias-moved",))
    automate(desk, "removed", events=("alias-removed",))
    never = [("moved", "v0", "staging"), ("moved", "v1", "production"), ("removed", "v0", "production")]

    for name, version, alias in never:
        with pytest.raises(
            UsageError, match=f"as things are, .* can't happen to model/churn:{alias}"
        ) as caught:
            desk(rehearse, name, supposed=Supposed(version=f"model/churn:{version}", alias=alias))
        assert "alias-moved where it is another version's" in caught.value.hint


def test_what_is_supposed_is_told_as_it_will_be(desk):
    desk.promote("model/churn:v0", "canary")
    automate(desk, match={"alias": "production"})

    supposed = Supposed(version="model/churn:canary")
    told = json.loads(body(desk(rehearse, "deploy", supposed=supposed)))["data"]

    assert (told["event"], told["before"], told["after"]) == ("alias-moved", "v1", "v0")
    assert told["aliases"] == ["canary", "production"]


def test_what_is_supposed_has_to_start_it_too(desk):
    automate(desk, match={"alias": {"$regex": "^stag"}})
    automate(desk, "gates", events=("gates-changed",))

    with pytest.raises(NotFound, match="that would not start it"):
        desk(rehearse, "deploy", supposed=Supposed(version="model/churn:v0"))
    found = desk(rehearse, "deploy", supposed=Supposed(version="model/churn", alias="staging"))
    assert (found.happening.facts["alias"], found.happening.facts["version"]) == ("staging", "v1")
    with pytest.raises(UsageError, match="nothing that happens to a version"):
        desk(rehearse, "gates", supposed=Supposed(version="model/churn:v0"))


def test_where_nothing_would_start_it_that_is_said(desk):
    automate(desk, match={"alias": "staging"})

    with pytest.raises(NotFound, match="nothing that happened would start it"):
        desk(rehearse, "deploy")
    with pytest.raises(NotFound, match="nothing that happened in this step"):
        desk(rehearse, "deploy", step="HEAD")
    with pytest.raises(NotFound, match="no commit"):
        desk(rehearse, "deploy", step="nowhere")


@pytest.fixture
def server(desk, upstream, git):
    """The repository that people push to, and what its admin says in git config."""
    git(desk.path, "push", "-q", "origin", "main")
    server = replace(desk, path=upstream)
    server.config = lambda name, value: git(upstream, "config", "--add", name, value)
    return server


def test_a_server_says_whether_it_would_let_it_go(desk, git, server, monkeypatch):
    monkeypatch.setenv("REG_WH_SLACK", "https://hooks.slack.example/services/T0/B0/hunter2hunter2")
    automate(desk, "tell", Slack(url_secret="REG_WH_SLACK"))
    automate(desk, "run", Command(name="deploy"))
    git(desk.path, "push", "-q", "origin", "main")

    assert "no secret REG_WH_SLACK" in server(rehearse, "tell").problem
    assert "no command deploy" in server(rehearse, "run").problem
    server.config("registrySecret.REG_WH_SLACK.registry", "model")
    server.config("registrySecret.REG_WH_SLACK.url", "https://hooks.slack.example/other")
    said = server(rehearse, "tell").problem
    assert "no registrySecret.REG_WH_SLACK.url" in said
    assert "hunter2" not in said
    server.config("registrySecret.REG_WH_SLACK.url", "https://hooks.slack.example/services")
    found = server(rehearse, "tell")
    assert found.problem == ""
    assert "hunter2" not in repr(found)


def test_a_server_says_that_its_network_or_a_secret_keeps_it_from_going(desk, git, server, monkeypatch):
    monkeypatch.setenv("REG_WH_NEW", "whsec_no-base64-of-ours!")
    automate(desk, "inside", Webhook(url="https://127.0.0.1/hook"))
    automate(desk, "signed", Webhook(url="https://127.0.0.1/hook", secret="REG_WH_NEW"))
    git(desk.path, "push", "-q", "origin", "main")

    said = server(rehearse, "inside").problem
    assert said.startswith("127.0.0.1 has an address that is not public")
    assert "registry.allowNetwork" in said
    server.config("registry.allowNetwork", "127.0.0.0/8")
    assert server(rehearse, "inside").problem == ""
    server.config("registrySecret.REG_WH_NEW.registry", "model")
    server.config("registrySecret.REG_WH_NEW.url", "https://127.0.0.1/other")
    assert "no registrySecret.REG_WH_NEW.url above it" in server(rehearse, "signed").problem
    server.config("registrySecret.REG_WH_NEW.url", "https://127.0.0.1/")
    said = server(rehearse, "signed").problem
    assert "does not go on in base64" in said
    assert "no-base64" not in said


VALUES = {name: f"{name.lower()}-0123456789" for name in ("REG_WH_NEW", "REG_WH_OLD", "REG_WH_TOKEN")}
OWN = {"host", "content-length", "connection"}


@pytest.mark.parametrize("action", ["webhook", "gitlab"])
def test_what_is_shown_is_what_is_sent(desk, tmp_path, action):
    with listening() as receiver:
        pipeline = GitlabPipeline(
            project="acme/deploy", ref="main", token="REG_WH_TOKEN", api=receiver.url.removesuffix("/hook")
        )
        automate(desk, action=replace(HOOK, url=receiver.url) if action == "webhook" else pipeline)
        shown = desk(rehearse, "deploy")
        got = []
        receiver.take = lambda body, headers: got.append((body.decode(), headers)) or 204
        bound = {
            name: Bound(urls=(receiver.url.removesuffix("/hook"),), registries=("model",)) for name in VALUES
        }
        networks = (ip_network("127.0.0.0/8"),)
        server = Server(directory=tmp_path, secrets=bound, values=VALUES, networks=networks)

        answered = send(shown.outgoing, delivery=shown.delivery, registry="model", server=server, now=1.0)

    assert answered.problem == ""
    ((sent, its),) = got
    said = {name.lower(): value for name, value in headers(shown).items()}
    assert said.keys() == its.keys() - OWN
    assert {name: value for name, value in said.items() if "<" not in value}.items() <= its.items()
    assert body(shown).replace("<REG_WH_TOKEN>", VALUES["REG_WH_TOKEN"]) == sent
    assert sum("<" in value for value in said.values()) == (4 if action == "webhook" else 1)
