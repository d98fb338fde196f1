"""Which automations a merge would create or change, as they are and as they would be."""

from __future__ import annotations

import pytest

from git_registry.model.documents.automation import Action, Automation, Command, Webhook
from git_registry.sdk import altered, automating
from git_registry.sdk.requests import Told
from git_registry.sdk.reviewing import review

from .once import once

HERE = Automation(
    events=("alias-moved",), action=Action(webhook=Webhook(url="https://deploy.acme.example/hook"))
)
ELSEWHERE = Automation(
    events=("alias-moved",), action=Action(webhook=Webhook(url="https://evil.example/hook"))
)
RUNS = Automation(events=("version-linked",), action=Action(command=Command(name="deploy")))
DEPLOY = "model/churn/automations/deploy"


@once
def topic(desk, git):
    """An automation, and a branch for what is proposed."""
    desk.link("one")
    desk(automating.create, "model/churn", "deploy", HERE)
    git(desk.path, "switch", "-q", "-c", "topic")
    return desk


def found(desk):
    done = desk(review, Told(base="main", head="topic", actor="ada"))
    return {one.path: one for one in done.altered}, done.unread


def test_one_that_becomes_another_is_beside_what_it_is(topic):
    topic(automating.put, "model/churn", "deploy", ELSEWHERE)
    topic(automating.create, "model", "runs", RUNS)

    there, unread = found(topic)

    assert (there[DEPLOY].before, there[DEPLOY].after) == (HERE, ELSEWHERE)
    assert (there["model/automations/runs"].before, there["model/automations/runs"].after) == (None, RUNS)
    assert unread == 0


def test_one_that_goes_sends_nothing(topic):
    topic(automating.remove, DEPLOY)

    assert found(topic) == ({}, 0)


def test_one_that_nobody_can_read_says_why(topic, git):
    (topic.path / f"{DEPLOY}.yaml").write_text("format: 1\nevents: [alias-moved]\nsend: all\n")
    git(topic.path, "commit", "-qam", "By hand")

    (one,) = found(topic)[0].values()

    assert (one.before, one.after) == (HERE, None)
    assert f"{DEPLOY}.yaml" in one.problem


@pytest.mark.parametrize(("most", "unread"), [(2, 0), (1, 1)])
def test_of_many_it_is_said_how_many_were_not_read(topic, monkeypatch, most, unread):
    monkeypatch.setattr(altered, "_MOST", most)
    topic(automating.put, "model/churn", "deploy", ELSEWHERE)
    topic(automating.create, "model", "runs", RUNS)

    there, left = found(topic)

    assert (len(there), left) == (most, unread)
