"""A pipeline answers what its push did, and leaves nothing behind."""

from __future__ import annotations

import time

import pytest
from tests.sdk.desk import found
from tests.sdk.receiver import DEPLOY, Passing, working_in

from git_registry.automation import spending
from git_registry.errors import Conflict, NotFound
from git_registry.sdk.ci.dispatching import dispatch_range
from git_registry.sdk.dispatching import Timing

pytestmark = pytest.mark.usefixtures("secret")


@pytest.fixture(scope="module")
def pushed(tmp_path_factory, listener):
    """A clone after a push of two promotions; the automation was there before."""
    desk = found(tmp_path_factory.mktemp("pushed") / "acme")
    desk.git = working_in(desk.path)
    listener.allow(lambda _, *words: desk.git(*words), desk.path)
    desk.git("config", "registry.branch", "main")
    desk.link("one")
    listener.automate(desk.path)
    for name in ("one", "two", "three", "four"):
        desk.promote("model/churn:v0", name)
    desk.promote("model/churn:v0", "staging")
    desk.promote("model/churn:v0", "production")
    return desk


def test_what_the_push_did_is_sent_and_sent_again_under_the_same_ids(pushed, receiver):
    first = pushed(dispatch_range, "main~2", "main")
    again = pushed(dispatch_range, "main~2", "main")

    assert [one.delivery.subject for one in first] == ["alias=staging", "alias=production"]
    assert [one.problem for one in first] == ["", ""]
    assert [one.delivery.id for one in again] == [one.delivery.id for one in first]
    assert len(receiver.got) == 4
    assert not (pushed.path / ".git/registry/automations.db").exists()
    assert pushed.git("for-each-ref", "refs/registry") == ""


def test_one_that_fails_is_asked_again_for_a_minute_and_named(pushed, receiver):
    receiver.says = [503]
    passing = Passing()

    (one,) = pushed(dispatch_range, "main~1", "main", passing.timing)

    assert one.problem == "it answered 503"
    assert len(one.tries) == len(receiver.got) > 3
    assert passing.slept <= 60


def test_one_that_asks_for_too_long_is_told(pushed, receiver, monkeypatch):
    monkeypatch.setattr(spending, "ENOUGH", 0.0)

    assert pushed(dispatch_range, "main~1", "main") == receiver.got == []
    assert pushed.said[-1].startswith(f"{DEPLOY}: what the automations of its registry ask takes more than")


def test_as_long_as_some_are_delivered_more_are_sent(pushed, receiver):
    receiver.keeps_time = False
    began = time.time()
    slowly = Timing(lambda: began + 70 * len(receiver.got))

    sent = pushed(dispatch_range, "main~6", "main", slowly)

    assert [one.problem for one in sent] == [""] * 6


def test_what_is_not_merged_starts_nothing(pushed, receiver):
    waiting = pushed.git("commit-tree", "main~1^{tree}", "-p", "main", "-m", "No production")

    with pytest.raises(Conflict, match="is no step of main"):
        pushed(dispatch_range, "main", waiting)
    assert receiver.got == []


@pytest.mark.parametrize("base", ["0" * 40, "0" * 64, ""])
def test_what_came_with_a_new_branch_starts_nothing_and_that_is_told(pushed, receiver, base):
    assert pushed(dispatch_range, base, "main") == []
    assert "the branch is new" in pushed.said.pop()
    assert receiver.got == []


def test_a_push_that_rewrote_history_sends_nothing_and_fails(pushed, receiver):
    replaced = pushed.git("commit-tree", "main~1^{tree}", "-p", "main~2", "-m", "Something else")

    for gone, error in ((replaced, Conflict), ("1" * 40, NotFound)):
        with pytest.raises(error, match="history was rewritten") as refused:
            pushed(dispatch_range, gone, "main")
        assert "nothing was sent" in refused.value.hint
    assert receiver.got == []
