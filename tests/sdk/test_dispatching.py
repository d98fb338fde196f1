"""What happened is answered once, whoever else is at it, and whoever is killed."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import threading

import pytest

from git_registry.automation import draining
from git_registry.automation.answered import Answered
from git_registry.automation.queue import Queue
from git_registry.automation.queued import DEAD, REMOVED
from git_registry.catalog import cursor
from git_registry.errors import Conflict
from git_registry.repository.locks import taken
from git_registry.sdk import dispatching
from git_registry.sdk.dispatching import Dispatched, dispatch, queue_of
from git_registry.sdk.duties import COLLECTING, SENDING, WAITING, taken_up
from git_registry.sdk.syncing import sync

from .desk import Desk, found
from .receiver import DEPLOY, Passing, working_in

pytestmark = pytest.mark.usefixtures("secret")


@pytest.fixture(scope="module")
def story(tmp_path_factory, listener):
    """An organization with two versions, and an automation that somebody has answered for before."""
    desk = found(tmp_path_factory.mktemp("story") / "acme")
    git = working_in(desk.path)
    desk.link("one")
    desk.link("two")
    listener.allow(lambda _, *words: git(*words), desk.path)
    listener.automate(desk.path)
    desk(dispatch)
    return desk


@pytest.fixture
def desk(story, tmp_path):
    """The same organization for each test: nobody here reads a blob, so it may lie anywhere."""
    shutil.copytree(story.path, tmp_path / "acme", symlinks=True)
    desk = Desk(tmp_path / "acme", story.clock)
    desk.git = working_in(desk.path)
    return desk


@pytest.fixture
def place(desk):
    with desk.open() as catalog:
        return queue_of(catalog)


@pytest.fixture
def states(place):
    def ask():
        with Queue.open(place) as queue:
            return [one.state for one in queue.deliveries()]

    return ask


def test_a_promotion_is_told_to_who_waits_for_it_once(desk, receiver):
    desk.promote("model/churn:v0", "production")

    assert desk(dispatch) == Dispatched(new=1, sent=1, delivered=1)
    assert desk(dispatch) == Dispatched()
    ((_, data),) = receiver.got
    assert (data["alias"], data["version"], data["path"]) == ("production", "v0", "model/churn")


def test_a_setting_that_can_not_be_read_is_told_and_keeps_nothing_else_from_being_sent(desk, receiver):
    desk.git("config", "--add", "registry.allowNetwork", "10.20.1.1/16")
    desk.git("config", "registryCommand.other.run", "it's")
    desk.promote("model/churn:v0", "production")

    assert desk(dispatch) == Dispatched(new=1, sent=1, delivered=1)
    (said,) = (one for one in desk.said if "allowNetwork" in one)
    assert said.endswith("such as 10.20.0.0/16, found '10.20.1.1/16'; it lets nothing in")


def test_who_is_slow_keeps_nobody_waiting_for_settings_that_are_read_afresh(desk, place, monkeypatch):
    passing, second = Passing(), threading.Event()
    servers = []

    def sending(_, *, server, **__):
        servers.append(server)
        if len(servers) > 1:
            second.set()
        else:
            desk.git("config", "registryCommand.other.run", "true")
            passing.slept += 60
            desk.promote("model/churn:v1", "staging")
            desk(dispatch, timing=passing.timing)
        return Answered(status=204 if second.wait(20) else 500)

    monkeypatch.setattr(dispatching, "send", sending)
    monkeypatch.setattr(draining, "_LOOK_AGAIN", 0.05)
    desk.promote("model/churn:v0", "production")

    assert desk(dispatch, timing=passing.timing).delivered == 2
    assert [list(one.commands) for one in servers] == [[], ["other"]]


def test_one_that_is_down_is_asked_again_for_as_long_as_we_stay(desk, receiver, states):
    receiver.says, receiver.keeps_time = [503, 503, 204], False
    passing = Passing()
    desk.promote("model/churn:v0", "production")

    assert desk(dispatch, timing=passing.timing) == Dispatched(new=1, sent=1, failed=1)
    assert passing.slept == 0
    assert desk(dispatch, stay=3.0, timing=passing.timing) == Dispatched()
    assert passing.slept == 0  # it is due later than that
    stayed = desk(dispatch, stay=900.0, timing=passing.timing)

    assert stayed == Dispatched(sent=2, delivered=1, failed=1)
    assert passing.slept < 900
    assert len({name for name, _ in receiver.got}) == 1
    assert states() == ["delivered"]


def test_what_is_queued_while_somebody_sends_is_left_to_them(desk, receiver, place):
    desk.promote("model/churn:v0", "production")

    with taken(place.parent / SENDING):
        assert desk(dispatch) == Dispatched(new=1)
    assert desk(dispatch) == Dispatched(sent=1, delivered=1)


def test_who_has_to_wait_for_another_that_collects_sends_meanwhile(desk, receiver, place, monkeypatch):
    desk.promote("model/churn:v0", "production")
    with taken(place.parent / SENDING):
        desk(dispatch)
    got = []

    def waiting(file, *, seconds=0.0):
        got.extend(receiver.got if seconds else ())
        return taken_up(file)

    monkeypatch.setattr(dispatching, "taken_up", waiting)

    with taken(place.parent / COLLECTING), pytest.raises(Conflict):
        desk(dispatch)
    assert len(got) == 1


def test_what_is_queued_as_they_end_is_sent_still(desk, receiver, place, monkeypatch):
    desk.promote("model/churn:v0", "production")
    late = [lambda: desk(dispatch)]

    def ending(*words, **options):
        done = draining.drain(*words, **options)
        if late:
            desk.promote("model/churn:v1", "production")
            assert late.pop()() == Dispatched(new=1)
        return done

    monkeypatch.setattr(dispatching, "drain", ending)

    assert desk(dispatch) == Dispatched(new=1, sent=2, delivered=2)


def test_what_is_pushed_while_somebody_is_at_it_needs_nobody_else(desk, receiver, monkeypatch):
    desk.promote("model/churn:v0", "production")
    later = ["model/churn:v1"]

    def promoting(*words, **options):
        if later:
            desk.promote(later.pop(), "production")
        return draining.drain(*words, **options)

    monkeypatch.setattr(dispatching, "drain", promoting)

    assert desk(dispatch) == Dispatched(new=2, sent=2, delivered=2)


def test_one_alone_waits_and_as_long_as_anybody_asks(desk, receiver, place):
    receiver.says, receiver.keeps_time = [503], False
    desk.promote("model/churn:v0", "production")
    passing, other = Passing(), Passing()

    with taken(place.parent / WAITING):
        desk(dispatch, stay=900.0, timing=other.timing)
    assert other.slept == 0

    # Who stays for ten seconds stays for those that the other asked for, and sends what they queue.
    passing.meanwhile = [lambda: desk.promote("model/churn:v1", "production") and desk(dispatch)]
    done = desk(dispatch, stay=10.0, timing=passing.timing)

    assert 300 < passing.slept <= 905
    assert done.failed >= 2


def test_what_is_queued_for_an_automation_that_is_gone_is_sent_no_more(desk, receiver, place, states):
    receiver.says = [503]
    passing = Passing()
    desk.promote("model/churn:v0", "production")
    desk(dispatch, timing=passing.timing)
    desk.git("rm", "-q", DEPLOY)
    desk.git("commit", "-qm", "Deploy no more")

    desk(dispatch, stay=900.0, timing=passing.timing)

    assert len(receiver.got) == 1
    assert states() == [DEAD]
    with Queue.open(place) as queue:
        assert queue.tries(receiver.got[0][0])[-1].problem == REMOVED


def test_a_rewritten_history_keeps_nothing_that_was_queued_from_being_sent(desk, receiver, place, states):
    desk.promote("model/churn:v0", "staging")
    with taken(place.parent / SENDING):
        desk(dispatch)
    desk.git("reset", "-q", "--hard", "HEAD~1")
    desk.promote("model/churn:v1", "production")

    with pytest.raises(Conflict, match="rewritten"):
        desk(dispatch)
    assert [data["alias"] for _, data in receiver.got] == ["staging"]

    assert desk(dispatch, since="main") == Dispatched()
    assert desk(dispatch, since="main~1") == Dispatched(new=1, sent=1, delivered=1)


def test_in_a_clone_what_is_published_counts(desk, receiver, tmp_path, git):
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "acme.git")
    desk.git("remote", "add", "origin", tmp_path / "acme.git")
    desk.git("push", "-q", "-u", "origin", "main")
    desk.git("remote", "set-head", "origin", "main")
    desk(dispatch)
    desk.promote("model/churn:v0", "production")

    assert desk(dispatch) == Dispatched()
    desk(sync)
    desk.git("switch", "-qc", "other")
    assert desk(dispatch) == Dispatched(new=1, sent=1, delivered=1)


def test_whoever_is_killed_at_any_step_loses_nothing_and_renames_nothing(desk, receiver):
    """A child is killed before and after each thing it does to queue, cursor or receiver."""
    for step in itertools.count(1):
        desk.promote(f"model/churn:v{step % 2}", "production")
        killed = _killed_at(step, lambda: desk(dispatch))
        if not killed:
            break
        desk(dispatch)

    commits = desk.git("rev-list", "--reverse", f"-{step}", "HEAD").splitlines()
    told = {name: data["commit"] for name, data in receiver.got}
    assert step == 2 * len(STEPS) + 1
    assert sorted(told.values()) == sorted(commits)
    assert len(receiver.got) > step  # who is killed after the answer and before its note asks again


STEPS = ((Queue, "add"), (cursor, "move"), (dispatching, "send"), (Queue, "record"))


def _killed_at(step, act):
    """Do something in a child that is killed at one of its steps; tell whether it was."""
    child = os.fork()
    if child == 0:
        left = itertools.count(step, -1)

        def killing(done):
            def call(*words, **options):
                if next(left) == 1:
                    os.kill(os.getpid(), signal.SIGKILL)
                said = done(*words, **options)
                if next(left) == 1:
                    os.kill(os.getpid(), signal.SIGKILL)
                return said

            return call

        for owner, name in STEPS:
            setattr(owner, name, killing(getattr(owner, name)))
        try:
            act()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
