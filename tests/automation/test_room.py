"""How much of the disk the deliveries of a registry take."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.automation import waiting
from tests.automation.waiting import DEPLOY

from git_registry.automation import room
from git_registry.automation.answered import Answered
from git_registry.automation.draining import drain
from git_registry.automation.outgoing import Outgoing
from git_registry.automation.queue import FILE, LARGEST_BODY, Queue
from git_registry.automation.queued import DEAD, DELIVERED, QUEUED, Attempt
from git_registry.automation.room import LARGEST
from git_registry.automation.rows import kept

OTHERS = "models/automations/copy.yaml"
KB = "é" * 500


def delivery(name, automation=DEPLOY, body=KB):
    outgoing = Outgoing(url="https://deploy.acme.example/hook", body=body)
    return waiting.delivery(name, automation, outgoing=outgoing)


def ids(queue):
    return "".join(one.id.removeprefix("msg_") for one in reversed(queue.deliveries()))


def answered(queue, name, at, body="", state=DELIVERED):
    attempt = Attempt(at=at, status=204, problem="", seconds=0.0, body=body)
    queue.record(f"msg_{name}", attempt, state, at)


@pytest.fixture
def queue(tmp_path):
    with Queue.open(tmp_path / FILE) as opened:
        yield opened


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """A limit of 8.5 kB, of which 4 kB are made free at once. A delivery takes nearly 2 kB, a try 0.5."""
    monkeypatch.setattr(room, "LARGEST", 8_500)
    monkeypatch.setattr(room, "_SPARE", 4_000)


def test_what_was_delivered_gives_way_to_what_comes_the_oldest_first_and_is_not_made_again(queue):
    queue.add([delivery(name) for name in "abcd"], 10.0)
    for name in "cab":
        answered(queue, name, 11.0 + "cab".index(name))

    assert queue.add([delivery("e")], 100.0) == 1
    assert ids(queue) == "bde"
    assert queue.paused() == []
    assert queue.add([delivery("c")], 101.0) == 0


def test_where_all_of_it_waits_or_is_dead_what_comes_is_left_out(queue):
    queue.add([delivery(name) for name in "abcd"], 10.0)
    answered(queue, "a", 11.0, state=DEAD)

    assert queue.add([delivery("e"), delivery("f"), delivery("g", OTHERS)], 100.0) == 1
    assert ids(queue) == "abcdg"
    assert [one.automation for one in queue.paused()] == [DEPLOY]


def test_of_what_is_answered_a_registry_that_takes_too_much_keeps_nothing(queue):
    queue.add([delivery(name) for name in "abcd"], 10.0)
    for at in range(5):
        answered(queue, "a", 11.0 + at, body=KB, state=QUEUED)

    tries = queue.tries("msg_a")
    assert [one.status for one in tries] == [204] * 5
    assert (tries[0].body, tries[-1].body) == (KB, "")


def test_a_body_that_is_too_large_is_given_up_and_not_kept(queue, monkeypatch):
    monkeypatch.setattr(room, "LARGEST", LARGEST)
    assert (
        queue.add(
            [delivery("a", body="é" * (LARGEST_BODY // 2)), delivery("b", body="é" * LARGEST_BODY)], 10.0
        )
        == 2
    )

    whole, cut = reversed(queue.deliveries())
    assert (whole.state, cut.state, cut.outgoing.body) == (QUEUED, DEAD, "")
    assert "larger than 64 KiB" in queue.tries("msg_b")[0].problem


@pytest.mark.parametrize("body", ["\U0001f600" * 1_000, '"' * 1_000, "\ud83d half"])
def test_letters_take_no_more_than_twice_what_they_are(queue, body):
    outgoing = Outgoing(url="https://a.example/", body=body)

    assert len(kept(outgoing).encode()) < 2 * len(body.encode("utf-8", "surrogatepass")) + 300
    queue.add([replace(delivery("a"), outgoing=outgoing)], 10.0)
    assert queue.delivery("msg_a").outgoing == outgoing


@pytest.mark.parametrize(
    "damage",
    [
        *("", "{", "[]", "null", "[" * 50_000, "{}", '{"url": 5, "secrets": []}', '{"secrets": [], "a": ""}'),
        *('{"secrets": [5]}', '{"secrets": [], "headers": []}', '{"secrets": [], "headers": {"a": 1}}'),
    ],
)
def test_one_that_is_damaged_is_given_up_and_the_others_are_sent(queue, damage):
    queue.add([delivery("a"), delivery("b")], 10.0)
    with queue.writing():
        queue._connection.execute("UPDATE delivery SET outgoing = ? WHERE id = 'msg_a'", (damage,))

    done = drain(queue, lambda _: Answered(status=204), lambda: 10.0)

    assert (done.delivered, done.dead) == (1, 1)
    assert queue.delivery("msg_b").state == DELIVERED
    assert queue.delivery("msg_a").state == DEAD
    assert "can't be read" in queue.tries("msg_a")[0].problem
    assert ids(queue) == "ab"


def test_a_clock_that_was_ahead_keeps_nothing_waiting(queue):
    year = 365 * 24 * 3600.0
    queue.add([delivery("a"), delivery("b", OTHERS)], year)
    answered(queue, "a", year, state=QUEUED)
    queue.note(DEPLOY, replace(queue.health(DEPLOY), failures=3, since=1.0, latest=year, held=2 * year))
    assert queue.due(10.0, 5) == []

    queue.set_right(10.0)

    assert {one.id for one in queue.due(10.0, 5)} == {"msg_a", "msg_b"}
    found = queue.health(DEPLOY)
    assert (found.failures, found.since, found.latest, found.held) == (3, 1.0, 10.0, 0.0)


def test_what_waits_for_its_next_try_goes_on_waiting(queue):
    queue.add([delivery("a")], 10.0)
    queue.record("msg_a", Attempt(at=10.0, status=503, problem="no", seconds=1.0), QUEUED, 100_000.0)

    queue.set_right(11.0)

    assert queue.due(99_999.0, 5) == []
