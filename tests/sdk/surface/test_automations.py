"""Automations in a script's hands: composed, created, found again, changed and deleted."""

from __future__ import annotations

import re

import pytest

import git_registry as gr
from git_registry.automations import (
    ArtifactEvent,
    Command,
    DoNothing,
    GithubDispatch,
    GitlabPipeline,
    NewAutomation,
    OnAddArtifactAlias,
    OnAddArtifactTag,
    OnAddCollectionTag,
    OnCreateArtifact,
    OnEvent,
    OnLinkArtifact,
    OnRemoveArtifactTag,
    OnRemoveCollectionTag,
    OnRunMetric,
    OnRunState,
    OnUnlinkArtifact,
    RunEvent,
    SendNotification,
    SendPromptToAria,
    SendWebhook,
    SlackIntegration,
    WebhookIntegration,
)
from git_registry.errors import Conflict, InvalidDocument, NotFound, UsageError
from git_registry.model.documents.automation import Automation as Document
from git_registry.sdk import automating

HOOK = SendWebhook(url="https://deploy.acme.example/hook", secret="REG_WH_DEPLOY")


@pytest.fixture
def api(desk):
    """The API in a clone with one version of model/churn."""
    desk.link("x")
    api = gr.Api(path=str(desk.path))
    api.workspace.clock, api.workspace.notify = desk.clock, desk.said.append
    yield api
    api.workspace.close()


def document(desk, path):
    return desk.document(f"{path}.yaml", Document)


def test_event_then_action_is_an_automation_that_can_be_created(desk, api):
    """W&B's own example, but for the receiver."""
    collection = api.artifact_collection(name="model/churn", type_name="model")
    event = OnAddArtifactAlias(scope=collection, filter=ArtifactEvent.alias.eq("production"))

    made = api.create_automation(event >> HOOK, name="deploy", description="What is served.")

    assert made.id == "model/churn/automations/deploy"
    assert (made.name, made.enabled, made.description) == ("deploy", True, "What is served.")
    assert made.event == OnAddArtifactAlias(scope="model/churn", filter={"alias": "production"})
    assert made.action == HOOK
    assert made.created_at == "2026-01-01T12:00:04.000Z"
    assert made.updated_at is None
    written = document(desk, made.id)
    assert (written.events, written.match) == (("alias-added", "alias-moved"), {"alias": "production"})
    assert desk.log()[0] == "Automate model/churn: deploy"


def test_one_of_a_name_is_enough_unless_it_is_asked_for(api):
    automation = OnLinkArtifact(scope="wandb-registry-model").then(HOOK)
    made = api.create_automation(automation, name="Tell the office")

    with pytest.raises(ValueError, match="already") as caught:
        api.create_automation(automation, name="tell the office")
    assert isinstance(caught.value, Conflict)
    assert made.name == "Tell-the-office".lower()
    assert api.create_automation(automation, name="tell-the-office", fetch_existing=True).id == made.id
    assert api.automation("Tell the office").id == api.automation(made.id).id == made.id
    assert [one.id for one in api.automations(entity="acme", name="Tell the office")] == [made.id]
    with pytest.raises(ValueError, match="no automation 'others'"):
        api.automation("others")
    with pytest.raises(UsageError, match="neither the organization"):
        api.automations(entity="globex")


def test_what_is_set_is_written_at_once_and_what_others_did_is_not_undone(desk, api):
    made = api.create_automation(OnLinkArtifact(scope="model/churn") >> HOOK, name="deploy")
    stale = api.automation("deploy")

    made.enabled, made.description = False, "Not now."
    changed = api.update_automation(made, name="later", scope="model")

    assert (changed.id, changed.enabled, changed.description) == (
        "model/automations/later",
        False,
        "Not now.",
    )
    assert [one.id for one in api.automations()] == ["model/automations/later"]
    with pytest.raises(NotFound):
        api.update_automation(stale)
    assert api.update_automation(stale, create_missing=True).id == stale.id
    first, second = api.automation("deploy"), api.automation("deploy")
    api.update_automation(first, enabled=False)
    first.description = "ours"
    assert api.update_automation(first).description == "ours"
    assert api.automation("deploy").updated_at is not None
    with pytest.raises(Conflict, match="meanwhile"):
        api.update_automation(second, description="mine")
    assert api.delete_automation(first) is api.delete_automation("later") is True
    assert desk(automating.automations) == []


def test_what_nobody_can_read_is_told_and_keeps_no_other_from_being_found(desk, api, git):
    api.create_automation(OnLinkArtifact(scope="model") >> HOOK, name="deploy")
    (desk.path / "model/automations/broken.yaml").write_text("format: 1\n")
    git(desk.path, "add", "model")
    git(desk.path, "commit", "-q", "-m", "Broken")

    assert [one.name for one in api.automations()] == ["deploy"]
    assert any("broken.yaml" in said for said in desk.said)
    with pytest.raises(UsageError, match=r"broken\.yaml"):
        api.automation("broken")


ALIAS, TAG = ArtifactEvent.alias, ArtifactEvent.tag


@pytest.mark.parametrize(
    ("condition", "match"),
    [
        (ALIAS.eq("prod"), {"alias": "prod"}),
        (ALIAS == "prod", {"alias": "prod"}),
        (ALIAS.ne("prod"), {"alias": {"$ne": "prod"}}),
        (ALIAS.in_({"prod"}), {"alias": {"$in": ["prod"]}}),
        (ALIAS.not_in(("a", "b")), {"alias": {"$nin": ["a", "b"]}}),
        (ALIAS.contains("prod"), {"alias": {"$contains": "prod"}}),
        (ALIAS.matches_regex("^prod-"), {"alias": {"$regex": "^prod-"}}),
        (ALIAS.exists(), {"alias": {"$exists": True}}),
        (ArtifactEvent.metric("auc") >= 0.9, {"metrics.auc": {"$gte": 0.9}}),
        (ArtifactEvent.metric("loss") < 1, {"metrics.loss": {"$lt": 1}}),
        (ArtifactEvent.field("metadata.framework").eq("xgboost"), {"metadata.framework": "xgboost"}),
        (~ALIAS.eq("a"), {"$not": {"alias": "a"}}),
        (~~ALIAS.eq("a"), {"alias": "a"}),
        (
            ALIAS.eq("a") & TAG.eq("b") & ALIAS.ne("c"),
            {"$and": [{"alias": "a"}, {"tags": "b"}, {"alias": {"$ne": "c"}}]},
        ),
        (
            (ALIAS.eq("a") | ALIAS.eq("b")) & ~TAG.eq("c"),
            {"$and": [{"$or": [{"alias": "a"}, {"alias": "b"}]}, {"$not": {"tags": "c"}}]},
        ),
        ({"$or": [{"alias": "a"}]}, {"$or": [{"alias": "a"}]}),
        (None, {}),
    ],
    ids=repr,
)
def test_conditions_are_those_of_a_document_that_can_be_read(condition, match):
    from git_registry.model.filters import EVENT, parse

    event = OnAddArtifactAlias(scope="model", filter=condition)

    assert event.filter.document == match
    parse(event.filter.document, EVENT)


def test_an_alias_or_tag_that_is_none_of_the_event_is_one_of_its_version():
    both = ALIAS.eq("a") & TAG.eq("b")

    def asked(event):
        return [next(iter(one)) for one in event(scope="model", filter=both).filter.document["$and"]]

    assert asked(OnLinkArtifact) == asked(OnUnlinkArtifact) == asked(OnCreateArtifact) == ["aliases", "tags"]
    assert asked(OnAddArtifactTag) == asked(OnRemoveArtifactTag) == ["aliases", "tag"]
    assert asked(OnAddArtifactAlias) == ["alias", "tags"]
    assert asked(OnAddCollectionTag) == asked(OnRemoveCollectionTag) == ["alias", "tag"]


EVENTS = (
    *(OnLinkArtifact, OnUnlinkArtifact, OnAddArtifactAlias, OnAddArtifactTag, OnRemoveArtifactTag),
    *(OnAddCollectionTag, OnRemoveCollectionTag),
)


def test_an_event_is_found_again_as_it_was(api):
    for event in EVENTS:
        made = event(scope="model/churn", filter=ArtifactEvent.field("author").contains("Ada"))

        assert type(api.create_automation(made >> HOOK, name=event.__name__).event) is event


ACTIONS = (
    HOOK,
    SendWebhook(url_secret="REG_WH_HOOK", payload={"version": "${artifact_version_string}"}),
    SendNotification(url_secret="REG_WH_SLACK", title="${alias}", text="New", level="WARN"),
    GithubDispatch(repository="acme/deploy", token="REG_WH_GITHUB"),
    GitlabPipeline(
        project="acme/deploy", ref="main", token="REG_WH_GITLAB", variables={"MODEL": "${version}"}
    ),
    Command(name="deploy"),
)


def test_an_action_is_found_again_as_it_was(api):
    event = OnEvent("alias-removed", "gates-changed", scope="model")
    for number, action in enumerate(ACTIONS):
        made = api.create_automation(event >> action, name=f"action-{number}")

        assert made.action == action
        assert made.event == event


def test_what_wandb_calls_integrations_a_script_names_itself(api):
    receiver = WebhookIntegration(url_endpoint="https://deploy.acme.example/hook", secret="REG_WH_DEPLOY")
    channel = SlackIntegration(url_secret="REG_WH_SLACK", channel_name="models")

    sent = SendWebhook.from_integration(receiver, payload='{"event": "${event_type}"}')
    told = SendNotification.from_integration(channel, title="Promoted", level="error")

    assert sent.document().webhook.body == {"event": "${event_type}"}
    assert told.document().slack.level == "ERROR"


def test_whom_automations_tell_already_can_be_chosen(desk, api):
    for asked in (api.webhook_integrations, api.slack_integrations, api.integrations):
        assert list(asked(entity="acme")) == []
        assert "SendWebhook(url=" in desk.said.pop()
    event = OnLinkArtifact(scope="model")
    channel = SendNotification(url_secret="REG_WH_SLACK")
    for name, action in {"a": HOOK, "b": HOOK, "c": channel, "d": Command(name="x")}.items():
        api.create_automation(event >> action, name=name)
        assert next(api.integrations()).name == "a"

    (receiver,) = api.webhook_integrations(entity="acme")
    (told,) = api.slack_integrations(entity="acme")

    assert (receiver.name, told.channel_name) == ("a", "c")
    assert SendWebhook.from_integration(receiver) == HOOK
    assert SendNotification.from_integration(told) == channel
    assert list(api.integrations()) == [receiver, told]
    with pytest.raises(UsageError, match="neither the organization"):
        api.integrations(entity="globex")


def wrong(api, automation, **named):
    with pytest.raises((UsageError, NotFound, InvalidDocument)) as caught:
        api.create_automation(automation, **named)
    return str(caught.value)


def test_what_can_not_be_created_says_why(api):
    event = OnLinkArtifact(scope="model")
    hidden = SendWebhook(url="https://deploy.acme.example/hook", secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2")

    assert "has a name" in wrong(api, event >> HOOK)
    assert "has an event and an action" in wrong(api, NewAutomation(event=event, name="one"))
    assert "enabled" in api_hint(api, event >> DoNothing())
    assert "no field 'colour'" in wrong(api, event >> HOOK, name="one", colour="red")
    assert "no registry 'modle'" in wrong(api, event >> HOOK, name="one", scope="modle")
    assert "no field 'alais'" in wrong(
        api, OnLinkArtifact(scope="model", filter={"alais": "x"}) >> HOOK, name="one"
    )
    assert "no JSON" in wrong(api, event >> SendWebhook(url=HOOK.url, payload="{"), name="one")
    said = wrong(api, event >> hidden, name="one")
    assert "the name of a secret" in said
    assert "MfKQ9r8" not in said


def api_hint(api, automation):
    with pytest.raises(UsageError) as caught:
        api.create_automation(automation, name="one")
    return caught.value.hint


@pytest.mark.parametrize(
    "compose",
    [
        lambda: OnRunMetric(scope="projects/churn", filter=None),
        lambda: OnRunState(scope="projects/churn"),
        lambda: RunEvent.metric("loss").avg(5).gt(1),
        lambda: RunEvent.state.in_(["failed"]),
        lambda: SendPromptToAria(prompt="Look"),
        lambda: OnLinkArtifact(scope="projects/churn/features"),
        lambda: OnLinkArtifact(scope=None),
        lambda: OnLinkArtifact(scope="model", filter="production"),
        lambda: OnLinkArtifact(scope="model", filter={"alias": "a", "aliases": "b"}),
        lambda: OnEvent("alias-lost", scope="model"),
        lambda: OnEvent(scope="model"),
        lambda: OnLinkArtifact(scope="model") >> "https://deploy.acme.example/hook",
        lambda: SendWebhook.from_integration("https://deploy.acme.example/hook"),
        lambda: ALIAS.eq("a") and ALIAS.eq("b"),
        lambda: ALIAS.eq("a") & "b",
    ],
)
def test_what_has_no_counterpart_or_no_sense_says_so_when_it_is_composed(compose):
    with pytest.raises(UsageError) as caught:
        compose()

    assert re.search(
        "such as|joined|one of|SendWebhook|OnLinkArtifact", f"{caught.value} {caught.value.hint}"
    )


def test_the_module_is_a_part_of_the_package():
    assert gr.automations.OnLinkArtifact is OnLinkArtifact
    assert "automations" in dir(gr)


def test_what_scripts_import_and_is_not_here_says_what_to_use():
    with pytest.raises(UsageError) as caught:
        from git_registry.automations import MetricThresholdFilter  # noqa: F401

    assert "OnLinkArtifact" in caught.value.hint
    assert not hasattr(gr.automations, "OnLinkArtifct")
