"""What waits to be sent, and what became of it."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.automation import waiting
from tests.automation.waiting import COPY, DEPLOY, NOTIFY

from git_registry.automation import queue as queue_module
from git_registry.automation.outgoing import Outgoing
from git_registry.automation.queue import DAY, FILE, Queue
from git_registry.automation.queued import DEAD, DELIVERED, QUEUED, REMOVED, Attempt, Health, Paused, Queued
from git_registry.errors import NotFound, RegistryError

REQUEST = Outgoing(
    url="https://deploy.acme.example/hook",
    body='{"a": "é"}',
    headers={"Content-Type": "application/json"},
    secrets=("REG_WH_NEW", "REG_WH_OLD"),
    bearer="REG_WH_TOKEN",
)


def delivery(name, automation=DEPLOY):
    return waiting.delivery(name, automation, subject="alias=production\0version=é", outgoing=REQUEST)


def deliveries(names, automation=DEPLOY):
    return [delivery(name, automation) for name in names]


def ids(found):
    return "".join(one.id.removeprefix("msg_") for one in found)


def tried(at, status=204, problem=""):
    return Attempt(at=at, status=status, problem=problem, seconds=0.5, body="thanks")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "registry" / FILE


@pytest.fixture
def queue(path):
    with Queue.open(path) as opened:
        yield opened


# What is added


def test_what_was_added_is_there_for_whoever_opens_it_next(path):
    with Queue.open(path) as queue:
        assert queue.add(deliveries("ab"), 10.0) == 2

    with Queue.open(path) as queue:
        first, _ = queue.due(10.0, 5)

    assert first == Queued(**{**_fields(delivery("a")), "due": 10.0})
    assert first.outgoing == REQUEST
    assert first.registry == "model"


def _fields(one):
    return {name: getattr(one, name) for name in one.__slots__}


def test_what_is_known_is_not_added_again_whatever_became_of_it(queue):
    queue.add(deliveries("ab"), 10.0)
    queue.record("msg_a", tried(11.0), DELIVERED, 11.0)

    assert queue.add(deliveries("abc"), 12.0) == 1
    assert ids(queue.due(12.0, 5)) == "bc"
    assert queue.delivery("msg_b").due == 10.0


def test_all_are_added_or_none(queue):
    def broken():
        yield delivery("a")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        queue.add(broken(), 10.0)

    assert queue.deliveries() == []


def test_nobody_else_may_read_it(path):
    path.parent.mkdir()
    path.touch(0o666)
    path.chmod(0o666)

    with Queue.open(path) as queue, queue.writing():
        queue.add([delivery("a")], 10.0)
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}

    assert modes == {FILE: 0o600, f"{FILE}-journal": 0o600}


def test_a_registry_that_has_too_many_waiting_has_no_room_for_more(queue, monkeypatch):
    monkeypatch.setattr(queue_module, "MOST_WAITING", 3)
    queue.add(deliveries("ab"), 10.0)

    assert queue.add([*deliveries("abcde"), *deliveries("xyz", COPY)], 11.0) == 4
    assert queue.add(deliveries("f", NOTIFY), 12.0) == 0

    assert ids(queue.deliveries()) == "zyxcba"
    assert [(one.automation, one.at) for one in queue.paused()] == [(NOTIFY, 12.0), (DEPLOY, 11.0)]
    assert queue.paused()[0].why.startswith("its registry has too many deliveries waiting; what happened")
    assert "what happened from 4be14be14be1 on is not" in queue.paused()[0].why

    queue.record("msg_a", tried(13.0), DELIVERED, 13.0)
    assert queue.add(deliveries("abcde"), 14.0) == 0  # there is room, but what is said holds until then
    assert queue.left_out() == {DEPLOY, NOTIFY}
    queue.resume(DEPLOY)

    assert queue.add(deliveries("abcde"), 14.0) == 1
    assert ids(queue.deliveries(DEPLOY)) == "dcba"


def test_what_was_left_out_of_a_paused_automation_is_told_as_well(queue, monkeypatch):
    monkeypatch.setattr(queue_module, "MOST_WAITING", 0)
    queue.pause(DEPLOY, "it is Friday", 9.0)
    queue.add(deliveries("ab"), 10.0)

    assert queue.paused()[0].why.startswith("it is Friday; its registry has too many deliveries waiting")

    queue.resume(DEPLOY)

    assert queue.paused() == []


# What may be tried


def test_what_is_due_later_waits_until_then(queue):
    queue.add(deliveries("ab"), 10.0)
    queue.record("msg_a", tried(10.0, 503), QUEUED, 15.0)

    assert ids(queue.due(14.9, 5)) == "b"
    assert ids(queue.due(15.0, 5)) == "ba"
    assert queue.next_due(10.0) == 10.0

    queue.record("msg_b", tried(10.0), DELIVERED, 10.0)

    assert queue.next_due(10.0) == 15.0
    assert queue.next_due(20.0) == 20.0


def test_who_has_much_waiting_comes_not_before_who_has_little(queue):
    queue.add(deliveries("abcdef"), 10.0)
    queue.add(deliveries("ghi", NOTIFY), 11.0)
    queue.add(deliveries("xy", COPY), 12.0)

    assert ids(queue.due(20.0, 4)) == "axgy"
    assert ids(queue.due(20.0, 20)) == "axgybhcidef"
    assert ids(queue.due(20.0, 20, each=2)) == "axgybh"


def test_what_is_being_tried_has_had_its_turn(queue):
    queue.add(deliveries("abcdef"), 10.0)
    queue.add(deliveries("ghi", NOTIFY), 11.0)
    queue.add(deliveries("xy", COPY), 12.0)

    assert ids(queue.due(20.0, 4, besides=["msg_a", "msg_x"])) == "gybh"
    assert ids(queue.due(20.0, 4, besides=["msg_a", "msg_b", "msg_g"])) == "xyhc"

    queue.note(DEPLOY, Health(failures=1, since=10.0, latest=10.0, held=10.0))

    assert ids(queue.due(20.0, 9, besides=["msg_a"])) == "xgyhi"


def test_one_that_fails_holds_back_its_own_automation_until_then(queue):
    queue.add(deliveries("abc"), 10.0)
    queue.add(deliveries("x", COPY), 10.0)
    failing = Health(failures=1, since=10.0, latest=10.0, held=15.0)
    queue.note(DEPLOY, failing)

    assert queue.health(DEPLOY) == failing
    assert ids(queue.due(14.0, 5)) == "x"
    assert ids(queue.due(15.0, 5)) == "ax"  # one is tried, to see whether it is better now

    queue.record("msg_x", tried(14.0), DELIVERED, 14.0)

    assert queue.next_due(14.0) == 15.0


def test_what_is_paused_is_queued_and_not_tried(queue):
    queue.pause(DEPLOY, "it answered 410", 5.0)
    queue.pause(DEPLOY, "somebody said so", 6.0)
    queue.add(deliveries("ab"), 10.0)

    assert queue.paused() == [Paused(automation=DEPLOY, why="it answered 410", at=5.0)]
    assert queue.due(20.0, 5) == []
    assert queue.next_due(20.0) is None


def test_what_is_resumed_has_its_tries_again_at_once(queue):
    queue.add(deliveries("ab"), 10.0)
    queue.record("msg_a", tried(10.0, 503), QUEUED, 99999.0)
    queue.note(DEPLOY, Health(failures=9, since=10.0, latest=10.0, held=99999.0))
    queue.pause(DEPLOY, "it failed", 11.0)

    queue.resume(DEPLOY)

    assert queue.paused() == []
    assert ids(queue.due(12.0, 5)) == "ab"
    assert [(one.count, one.lately) for one in queue.due(12.0, 5)] == [(1, 0), (0, 0)]


# What became of it


def test_each_try_is_kept(queue):
    queue.add([delivery("a")], 10.0)
    first = tried(10.0, None, "no answer within 15 seconds")
    queue.record("msg_a", first, QUEUED, 15.0)
    queue.record("msg_a", tried(15.0), DELIVERED, 15.5)

    assert queue.tries("msg_a") == [first, tried(15.0)]
    assert queue.delivery("msg_a").count == 2
    assert queue.due(99.0, 5) == []
    assert queue.next_due(99.0) is None


def test_an_answer_of_any_sort_can_be_kept(queue):
    queue.add([delivery("a")], 10.0)
    queue.record(
        "msg_a", Attempt(at=10.0, status=200, problem="\ud800", seconds=1.0, body="\0\udc80"), DEAD, 1.0
    )

    assert [(one.problem, one.body) for one in queue.tries("msg_a")] == [("?", "\0?")]


def test_deliveries_are_listed_newest_first(queue):
    queue.add(deliveries("abc"), 10.0)
    queue.add(deliveries("x", COPY), 10.0)
    queue.record("msg_b", tried(10.0, 302), DEAD, 10.0)

    assert ids(queue.deliveries()) == "xcba"
    assert ids(queue.deliveries(most=2)) == "xc"
    assert ids(queue.deliveries(DEPLOY)) == "cba"
    assert ids(queue.deliveries(DEPLOY, DEAD)) == "b"
    assert ids(queue.deliveries(state=QUEUED)) == "xca"


@pytest.mark.parametrize("state", [DELIVERED, DEAD, QUEUED])
def test_a_delivery_is_made_again_under_its_id(queue, state):
    queue.add([delivery("a")], 10.0)
    queue.record("msg_a", tried(10.0), state, 9999.0)
    queue.note(DEPLOY, Health(failures=3, since=10.0, latest=10.0, held=9999.0))

    again = queue.redeliver("msg_a", 20.0)

    assert (again.id, again.state, again.count, again.lately, again.due) == ("msg_a", QUEUED, 1, 0, 20.0)
    assert ids(queue.due(20.0, 5)) == "a"
    assert len(queue.tries("msg_a")) == 1


def test_a_delivery_that_is_not_there(queue):
    for ask in (queue.delivery, queue.tries, lambda one: queue.redeliver(one, 1.0)):
        with pytest.raises(NotFound, match="no delivery msg_z"):
            ask("msg_z")


def test_what_is_long_over_is_forgotten_but_not_made_again(queue):
    queue.add(deliveries("abc"), 10.0)
    queue.record("msg_a", tried(10.0), DELIVERED, 10.0)
    queue.record("msg_b", tried(10.0), DEAD, 10.0)

    assert queue.prune(29 * DAY) == 0
    assert queue.prune(31 * DAY) == 1
    assert ids(queue.deliveries()) == "cb"
    assert queue.add(deliveries("abc"), 31 * DAY) == 0

    assert queue.prune(999 * DAY) == 1
    assert ids(queue.deliveries()) == "c"


# Automations that go, and that move

STEP = "5ea7" * 10


def test_what_is_tried_while_its_automation_is_removed_is_not_tried_again(queue):
    queue.add(deliveries("ab"), 10.0)
    queue.remove(DEPLOY, STEP, 11.0)

    assert queue.record("msg_a", tried(10.5, 503, "it answered 503"), QUEUED, 15.0) == ""
    assert queue.record("msg_b", tried(10.5), DELIVERED, 0.0) == ""

    assert [one.state for one in queue.deliveries()] == [DELIVERED, DEAD]
    assert [one.problem for one in queue.tries("msg_a")] == [REMOVED, "it answered 503"]
    queue.add(deliveries("c"), 12.0)
    assert ids(queue.due(99.0, 5)) == "c"


def test_what_was_given_up_can_be_made_again_by_hand(queue):
    queue.add(deliveries("a"), 10.0)
    queue.remove(DEPLOY, STEP, 11.0)

    queue.redeliver("msg_a", 12.0)

    assert ids(queue.due(12.0, 5)) == "a"


def test_what_moves_takes_nothing_of_its_neighbours_along(queue):
    neighbour, registry = DEPLOY.replace("churn", "churn-2"), "model/automations/notify.yaml"
    for name, automation in zip("abc", (DEPLOY, neighbour, registry), strict=True):
        queue.add([delivery(name, automation)], 10.0)
        queue.pause(automation, name, 11.0)

    queue.move("model/churn", "archive/churn", STEP)
    queue.add([delivery("d")], 12.0)
    queue.move("model/churn", "archive/churn", STEP)  # told once more, when there is another

    moved = "archive/churn/automations/deploy.yaml"
    assert [one.automation for one in queue.paused()] == [moved, registry, neighbour]
    assert [(one.automation, one.registry) for one in queue.deliveries()[2:]] == [
        (neighbour, "model"),
        (moved, "archive"),
    ]
    assert ids(queue.due(12.0, 5)) == "d"


# What can be wrong with the file


def test_several_may_have_it_open(path, queue):
    with Queue.open(path) as other:
        other.add([delivery("a")], 10.0)
        queue.pause(DEPLOY, "somebody said so", 11.0)

        assert other.due(12.0, 5) == []
        assert ids(queue.deliveries()) == "a"


def test_those_who_come_at_the_same_time_wait_for_each_other(path):
    def add(number):
        with Queue.open(path) as queue:
            return queue.add([*deliveries("abc"), delivery(number)], 10.0)

    with ThreadPoolExecutor(4) as threads:
        new = list(threads.map(add, range(8)))

    assert sum(new) == 3 + 8
    with Queue.open(path) as queue:
        assert len(queue.deliveries()) == 3 + 8


def test_a_file_that_is_none_of_ours_says_what_to_do(path):
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 100)

    with pytest.raises(RegistryError, match="not a database") as caught:
        Queue.open(path)

    assert caught.value.where == str(path)
    assert "automation run --from REV" in caught.value.hint


def test_a_newer_version_s_file_is_left_alone(path):
    Queue.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()

    with pytest.raises(RegistryError, match="newer version") as caught:
        Queue.open(path)

    assert "upgrade" in caught.value.hint


def test_a_place_where_nothing_can_be_made_is_told(tmp_path):
    (tmp_path / "registry").touch()

    with pytest.raises(RegistryError, match="the queue can't be used: "):
        Queue.open(tmp_path / "registry" / FILE)
