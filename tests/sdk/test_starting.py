"""Which automations a merge would start, before anybody merges anything."""

from __future__ import annotations

import pytest

from git_registry.model.documents.automation import Action, Automation, Slack, Webhook
from git_registry.sdk import automating, starting
from git_registry.sdk.requests import Told
from git_registry.sdk.reviewing import review

DEPLOY = Action(webhook=Webhook(url="https://deploy.acme.example/hook"))
TELL = Action(slack=Slack(url_secret="REG_WH_SLACK"))


def put(desk, place, name, *events, action=DEPLOY, **match):
    document = Automation(events=events, match=match, action=action)
    desk(automating.create, place, name, document)


@pytest.fixture
def topic(desk, git):
    """A model in production, and a branch for what is proposed."""
    desk.link("one", aliases=["production"])
    put(desk, "model/churn", "deploy", "alias-moved", alias="production")
    put(desk, "model", "tell", "version-linked", "alias-moved", action=TELL)
    put(desk, "model", "elsewhere", "alias-moved", alias="staging")
    git(desk.path, "switch", "-q", "-c", "topic")
    return desk


def started(desk):
    done = desk(review, Told(base="main", head="topic", actor="ada"))
    return {one.path: one for one in done.starting}


def kinds(events):
    return [one.kind for one in events]


def test_what_waits_for_it_and_matches_is_started(topic):
    topic.link("two", aliases=["production"])

    found = started(topic)

    assert set(found) == {"model/churn/automations/deploy", "model/automations/tell"}
    assert found["model/churn/automations/deploy"].action == DEPLOY
    assert kinds(found["model/churn/automations/deploy"].events) == ["alias-moved"]
    assert sorted(kinds(found["model/automations/tell"].events)) == ["alias-moved", "version-linked"]


def test_they_count_as_they_stand_once_it_is_merged(topic):
    put(topic, "model", "new", "version-linked")
    topic(automating.remove, "model/automations/tell")

    topic.link("two")

    assert set(started(topic)) == {"model/automations/new"}


def test_what_happens_to_the_organization_starts_those_of_registries(topic, git):
    put(topic, "model", "admins", "admin-added")
    put(topic, "dataset", "too", "admin-added")
    put(topic, "model/churn", "never", "admin-added")

    file = topic.path / "organization.yaml"
    file.write_text(file.read_text().replace("admins: [", "admins: [user:eve, "))
    git(topic.path, "commit", "-qam", "Eve helps")

    found = started(topic)
    assert set(found) == {"dataset/automations/too", "model/automations/admins"}
    assert kinds(found["model/automations/admins"].events) == ["admin-added"]


def test_what_only_the_merge_decides_may_start_them(topic):
    put(topic, "model", "numbered", "version-linked", number={"$gt": 3})
    put(topic, "model", "ours", "version-linked", author={"$regex": "@acme"})

    topic.link("two")

    found = started(topic)
    for name in ("numbered", "ours"):
        one = found[f"model/automations/{name}"]
        assert (one.events, kinds(one.perhaps)) == ((), ["version-linked"])


def test_one_that_can_not_be_read_says_so_and_starts_nothing(topic, git):
    path = topic.path / "model/automations/broken.yaml"
    path.write_text("format: 1\nevents: [alias-moved]\nwhat: else\n")
    git(topic.path, "add", "--all")
    git(topic.path, "commit", "-qm", "By hand", env={"GIT_COMMITTER_DATE": "2026-01-01T12:00:00Z"})
    topic.link("two")

    broken = started(topic)["model/automations/broken"]

    assert (broken.action, broken.events) == (None, ())
    assert "what" in broken.problem


def test_what_was_not_looked_at_is_counted(topic, monkeypatch):
    monkeypatch.setattr(starting, "_MOST", 1)

    topic.link("two", aliases=["production"])

    one = started(topic)["model/automations/tell"]
    assert (len(one.events), one.unlooked) == (1, 1)
