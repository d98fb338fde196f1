"""Deliveries as people look at them, send them again and hold them back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from git_registry.automation.outgoing import Outgoing
from git_registry.automation.queue import Queue
from git_registry.automation.queued import DEAD, DELIVERED, QUEUED, Attempt, Health, Queued
from git_registry.catalog import cursor
from git_registry.errors import NotFound, Refused, UsageError
from git_registry.model.documents.automation import Action, Automation, Command
from git_registry.sdk import automating, delivering
from git_registry.sdk.dispatching import queue_of

from .mounted import ada, host, trusting, vault

__all__ = ["ada", "host", "trusting", "vault"]

DEPLOY = "model/churn/automations/deploy.yaml"


@pytest.fixture
def desk(desk):
    """One automation."""
    desk.link("x")
    action = Action(command=Command(name="deploy"))
    desk(automating.create, "model/churn", "deploy", Automation(events=("alias-moved",), action=action))
    return desk


@pytest.fixture
def queue(desk):
    """The queue of that desk, with one delivery that is dead and one that waits."""
    with desk.open() as catalog:
        path = queue_of(catalog)
    path.parent.mkdir(exist_ok=True)
    made = [
        Queued(
            id=f"msg_{number}",
            automation=automation,
            place="model/churn",
            commit="4be1" * 10,
            event="alias-moved",
            path="model/churn",
            subject="alias=production",
            at="2026-01-01T12:00:00.000Z",
            outgoing=Outgoing(command="deploy", body="{}"),
        )
        for number, automation in enumerate([DEPLOY, DEPLOY, "model/automations/gone.yaml"])
    ]
    with Queue.open(path) as queue:
        queue.add(made, 1000.0)
        queue.record(
            "msg_0", Attempt(at=1000.0, status=404, problem="it answered 404", seconds=0.5), DEAD, 0.0
        )
        yield queue


def ids(found):
    return [getattr(one, "queued", one).id for one in found]


def test_where_nothing_is_kept_nothing_is_listed_and_nothing_is_made(desk):
    assert desk(delivering.deliveries) == desk(delivering.paused) == []
    with pytest.raises(NotFound, match="no deliveries here"):
        desk(delivering.redeliver, ["msg_0"])
    with pytest.raises(NotFound, match="not paused"):
        desk(delivering.resume, "deploy")
    assert desk(delivering.health, "deploy").failures == 0
    assert not desk(delivering.is_kept)


def test_deliveries_are_those_of_an_automation_or_in_a_state(desk, queue):
    assert ids(desk(delivering.deliveries)) == ["msg_2", "msg_1", "msg_0"]
    assert ids(desk(delivering.deliveries, "deploy")) == ["msg_1", "msg_0"]
    assert ids(desk(delivering.deliveries, "deploy", DEAD)) == ["msg_0"]
    assert ids(desk(delivering.deliveries, most=1)) == ["msg_2"]
    assert ids(desk(delivering.deliveries, "model/automations/gone")) == ["msg_2"]
    with pytest.raises(NotFound):
        desk(delivering.deliveries, "model/automations/never")


def test_one_shows_each_try_and_is_sent_again_under_its_id(desk, queue):
    attempt = desk(delivering.delivery, "msg_0").latest
    assert desk(delivering.delivery, "msg_1").latest is None
    assert (attempt.status, attempt.problem) == (404, "it answered 404")

    (again,) = desk(delivering.redeliver, ["msg_0"])

    assert (again.id, again.state, again.lately) == ("msg_0", QUEUED, 0)
    with pytest.raises(NotFound, match="no delivery msg_9"):
        desk(delivering.redeliver, ["msg_0", "msg_9"])


def test_all_that_is_dead_of_an_automation_is_sent_again_but_what_went_with_one_before_it(desk, queue):
    queue.remove(DEPLOY, "5ea7" * 10, 1001.0)
    fresh = replace(queue.delivery("msg_1"), id="msg_3")
    queue.add([fresh], 1002.0)
    queue.record("msg_3", Attempt(at=1003.0, status=404, problem="it answered 404", seconds=0.5), DEAD, 0.0)

    assert ids(desk(delivering.redeliver_all, "deploy", DEAD)) == ["msg_3"]
    assert ids(desk(delivering.redeliver_all, "deploy", DEAD)) == []


def test_what_was_removed_is_not_sent_again_and_counts_as_given_up_no_more(desk, queue):
    with pytest.raises(Refused, match="msg_2: its automation model/automations/gone was removed"):
        desk(delivering.redeliver, ["msg_0", "msg_2"])
    with pytest.raises(Refused, match="was removed"):
        desk(delivering.redeliver_all, "model/automations/gone", DELIVERED)
    assert queue.delivery("msg_0").state == DEAD
    assert ids(desk(delivering.given_up, 9)) == ["msg_0"]

    queue.remove(DEPLOY, "5ea7" * 10, 1001.0)

    with pytest.raises(Refused, match="another that has its name by now sends none of it"):
        desk(delivering.redeliver, ["msg_0"])
    assert desk(delivering.given_up, 9) == []


@pytest.fixture
def answering(desk):
    """What happens there is answered there."""
    with desk.open() as catalog:
        cursor.begin(catalog.repository, catalog.tip())


def test_where_nothing_is_answered_nothing_is_paused(desk, queue):
    queue.pause(DEPLOY, "as an older version let one", 1000.0)

    with pytest.raises(UsageError, match="nothing is sent from this repository") as refused:
        desk(delivering.pause, "deploy")

    assert "on the server" in refused.value.hint
    assert desk(delivering.paused) == []


@pytest.mark.usefixtures("answering")
def test_what_is_paused_waits_until_it_is_resumed(desk, queue):
    paused = desk(delivering.pause, "deploy", "the cluster moves")

    assert (paused.automation, paused.why) == (DEPLOY, "the cluster moves")
    assert [one.automation for one in desk(delivering.paused)] == [DEPLOY]
    assert ids(queue.due(2000.0, 10)) == ["msg_2"]
    desk(delivering.resume, "deploy")
    assert sorted(ids(queue.due(2000.0, 10))) == ["msg_1", "msg_2"]


def test_how_well_a_receiver_does_is_known_where_it_is_asked(desk, queue):
    queue.note(DEPLOY, Health(failures=3, since=1.0, latest=2.0, held=3.0))

    assert desk(delivering.health, "deploy").failures == 3


@pytest.mark.usefixtures("answering")
def test_that_nothing_is_queued_any_more_is_known(desk, git):
    assert desk(delivering.stuck) == ""

    git(desk.path, "commit", "-q", "--amend", "-m", "Another")

    assert "history was rewritten; `git registry automation run` says" in desk(delivering.stuck)


@pytest.mark.usefixtures("answering")
def test_one_can_be_paused_before_anything_was_queued(desk):
    assert desk(delivering.pause, "deploy").why == "somebody paused it"
    assert desk(delivering.is_kept)


def test_what_is_mounted_sends_for_itself(trusting):
    """An automation of the same path in another repository is another one."""
    action = Action(command=Command(name="deploy"))
    automation = Automation(events=("alias-moved",), action=action)
    trusting(automating.create, "secret/model/churn", "deploy", automation)

    own, other = (trusting(automating.automations, place)[0] for place in ("model", "secret/model"))

    assert (own.file, own.is_mounted) == (DEPLOY, False)
    assert (other.file, other.path, other.is_mounted) == (DEPLOY, f"secret/{DEPLOY[:-5]}", True)
    for verb in (delivering.pause, delivering.deliveries, delivering.health):
        with pytest.raises(UsageError, match="secret is another repository"):
            trusting(verb, other.path)
