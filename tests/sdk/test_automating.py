"""Automations as documents: listed, found by what people call them, created, changed and removed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from git_registry.errors import Conflict, InvalidDocument, NotFound, UsageError
from git_registry.model.documents.automation import Action, Automation, Command, Webhook
from git_registry.sdk import automating
from git_registry.sdk.automating import Spot

DEPLOY = Automation(
    events=("alias-moved",), match={"alias": "production"}, action=Action(command=Command(name="deploy"))
)


@pytest.fixture
def office(desk):
    """Two automations that are called `deploy`, and one that nobody can read."""
    desk.link("x")
    for place in ("model", "model/churn"):
        desk(automating.create, place, "deploy", DEPLOY)
    return desk


def broken(desk, git):
    place = desk.path / "dataset/automations/tell.yaml"
    place.parent.mkdir()
    place.write_text("format: 1\nevents: [alias-moved]\naction: {}\n")
    git(desk.path, "add", "dataset")
    git(desk.path, "commit", "-q", "-m", "Tell")


def test_all_are_listed_those_too_that_nobody_can_read(office, git):
    broken(office, git)

    views = office(automating.automations)

    assert [view.path for view in views] == [
        "dataset/automations/tell",
        "model/automations/deploy",
        "model/churn/automations/deploy",
    ]
    assert [view.document for view in views] == [None, DEPLOY, DEPLOY]
    assert "an action is one of webhook" in views[0].problem
    assert len(office(automating.automations, "model")) == 2
    assert [view.path for view in office(automating.automations, "model/churn")] == [views[2].path]
    office(automating.remove, "tell")
    assert len(office(automating.automations)) == 2


def test_one_is_called_by_its_path_or_by_its_name_if_no_other_has_that(office):
    place, name = "model/churn", "deploy"
    for text in ("model/churn/automations/deploy", "model/churn/automations/deploy.yaml"):
        view = office(automating.automation, text)
        assert (view.place, view.name) == (place, name)

    with pytest.raises(UsageError) as caught:
        office(automating.automation, "deploy")
    assert caught.value.hint == "say which: model/automations/deploy or model/churn/automations/deploy"
    office(automating.remove, "model/automations/deploy")
    assert office(automating.automation, "deploy").place == place


HINTS = {
    "deplyo": "did you mean deploy?",
    "model/churn/automations/deplyo": "did you mean model/churn/automations/deploy?",
    "modle/automations/deploy": "did you mean model?",
    "model/churn/automations/": "`git registry automation list`",
}


def test_what_is_not_there_is_not_found(office):
    for text, hint in HINTS.items():
        with pytest.raises(NotFound) as caught:
            office(automating.automation, text)

        assert caught.value.hint == hint


def test_what_it_says_has_to_follow_the_format(office):
    wrong = replace(DEPLOY, match={"alais": "production"})

    with pytest.raises(InvalidDocument, match="no field 'alais'"):
        office(automating.create, "model", "other", wrong)
    with pytest.raises(Conflict):
        office(automating.create, "model", "deploy", DEPLOY)
    with pytest.raises(UsageError, match="expected a registry or a collection"):
        office(automating.create, "model/churn:production", "other", DEPLOY)


def test_a_mistake_is_told_where_its_file_would_be_with_the_way_out(office):
    hook = Webhook(url="https://deploy.acme.example/hook?token=hunter2")

    with pytest.raises(InvalidDocument, match="carries a credential") as caught:
        office(automating.create, "model", "hook", replace(DEPLOY, action=Action(webhook=hook)))

    assert caught.value.where == "model/automations/hook.yaml: action.webhook.url"
    assert caught.value.hint.startswith("name the secret that is the URL: `--webhook REG_WH_…`")


def test_one_is_changed_and_moved_unless_somebody_was_first(office):
    tell = replace(DEPLOY, action=Action(webhook=Webhook(url="https://deploy.acme.example/hook")))
    there = Spot(place="model", name="tell")

    done = office(automating.change, "model/churn/automations/deploy", seen=DEPLOY, document=tell, to=there)

    assert [event.kind for event in done.events] == ["automation-created", "automation-deleted"]
    assert office(automating.automation, "tell").document == tell
    with pytest.raises(Conflict, match="meanwhile"):
        office(automating.change, "tell", seen=DEPLOY, document=replace(DEPLOY, enabled=False))
    office(automating.change, "tell", seen=tell, document=replace(tell, enabled=False))
    assert office.log()[:2] == ["Change the automation tell", "Change the automation deploy"]


def test_one_is_switched_off_and_on_and_says_the_rest_as_before(office):
    path = "model/churn/automations/deploy"
    off = office(automating.disable, path)
    assert [event.kind for event in off.events] == ["automation-changed"]
    assert office(automating.automation, path).document == replace(DEPLOY, enabled=False)
    assert office(automating.disable, path).events == ()

    office(automating.enable, path)

    assert office(automating.automation, path).document == DEPLOY
    assert office.log()[:2] == [
        "Switch on the automation deploy of model/churn",
        "Switch off the automation deploy of model/churn",
    ]


def test_what_may_never_start_is_written_and_said(office):
    office(automating.create, "model/churn", "members", replace(DEPLOY, events=("member-added",), match={}))

    assert "member-added happens to a registry" in office.said[-1]
