"""What is due is sent, and nobody waits for a receiver of others."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.automation.waiting import COPY, DEPLOY, NOTIFY, delivery
from tests.repeating import times

from git_registry.automation.answered import Answered
from git_registry.automation.draining import Drained, drain
from git_registry.automation.queue import DAY, FILE, Queue
from git_registry.automation.queued import DEAD, DELIVERED, QUEUED
from git_registry.automation.schedule import Pace

ON_TIME = Pace(chance=lambda: 0.0)
LONG = 20.0  # no test waits so long, but one that fails

OK, NO = Answered(status=204), Answered(status=503, problem="it answered 503")


class Receivers:
    """They take what they are sent, unless told otherwise; time passes only when it is said."""

    def __init__(self):
        self.now = 1000.0
        self.says = {}
        self.got = []

    def clock(self):
        return self.now

    def send(self, one):
        self.got.append(one.id.removeprefix("msg_"))
        say = self.says.get(one.automation, OK)
        return say(one) if callable(say) else say

    def drain(self, queue, **how):
        return drain(queue, self.send, self.clock, **{"pace": ON_TIME, **how})


@pytest.fixture
def receivers():
    return Receivers()


@pytest.fixture
def queue(tmp_path):
    with Queue.open(tmp_path / FILE) as opened:
        yield opened


@pytest.fixture
def add(queue):
    def add(names, automation=DEPLOY):
        queue.add([delivery(name, automation) for name in names], 1000.0)

    return add


def test_what_is_due_is_sent_once(queue, add, receivers):
    add("abc")
    add("xy", COPY)

    assert receivers.drain(queue) == Drained(sent=5, delivered=5)
    assert receivers.drain(queue) == Drained()
    assert sorted(receivers.got) == list("abcxy")
    (attempt,) = queue.tries("msg_a")
    assert (attempt.at, attempt.status, attempt.problem) == (1000.0, 204, "")


def test_one_that_is_down_is_left_alone_for_a_while_and_so_is_nobody_else(queue, add, receivers):
    receivers.says[DEPLOY] = NO
    add("abc")
    add("xy", COPY)

    assert receivers.drain(queue, workers=1) == Drained(sent=3, delivered=2, failed=1)
    assert receivers.drain(queue) == Drained()
    assert queue.next_due(receivers.now) == 1005.0

    receivers.now = 1005.0
    receivers.says.clear()

    assert receivers.drain(queue) == Drained(sent=3, delivered=3)
    assert Counter(receivers.got) == Counter("axybca")


def test_one_that_fails_is_tried_with_one_delivery(queue, add, receivers):
    receivers.says[DEPLOY] = NO
    add("abcdef")
    receivers.drain(queue, workers=1)
    receivers.now = 1005.0

    assert receivers.drain(queue) == Drained(sent=1, failed=1)
    assert queue.next_due(receivers.now) == 1305.0


def test_a_body_that_is_not_wanted_keeps_no_other(queue, add, receivers):
    no = Answered(status=422, problem="it answered 422")
    receivers.says[DEPLOY] = lambda one: no if one.id == "msg_a" else OK
    add("abc")

    assert receivers.drain(queue) == Drained(sent=3, delivered=2, failed=1)
    for _ in range(3):
        receivers.now += DAY
        last = receivers.drain(queue)
    assert last == Drained(sent=1, dead=1)
    assert queue.delivery("msg_a").state == DEAD
    assert queue.paused() == []


def test_one_that_is_gone_is_paused_and_what_waits_for_it_stays(queue, add, receivers):
    receivers.says[DEPLOY] = Answered(status=410, problem="it answered 410")
    add("abc")

    done = receivers.drain(queue, workers=1)

    assert (done.sent, done.failed) == (1, 1)
    assert list(done.paused) == queue.paused()
    assert done.paused[0].why == "the receiver answered 410: it is gone"
    assert receivers.drain(queue) == Drained()

    receivers.says.clear()
    queue.resume(DEPLOY)

    assert receivers.drain(queue) == Drained(sent=3, delivered=3)


def test_what_the_server_does_not_let_go_waits_until_somebody_has_seen_to_it(queue, add, receivers):
    receivers.says[DEPLOY] = Answered(problem="REG_WH_X is not set on the server", refused=True)
    add("abc")

    done = receivers.drain(queue, workers=1)

    assert (done.sent, done.failed, done.dead) == (1, 1, 0)
    assert [(one.automation, one.why) for one in done.paused] == [
        (DEPLOY, "REG_WH_X is not set on the server")
    ]

    receivers.says.clear()
    queue.resume(DEPLOY)

    assert receivers.drain(queue) == Drained(sent=3, delivered=3)


def test_what_is_answered_after_its_automation_was_removed_pauses_no_other_of_its_name(queue, add, receivers):
    def answers_late(_):
        with Queue.open(queue.path) as other:
            other.remove(DEPLOY, "5ea7" * 10, 1001.0)
            other.add([delivery("b", DEPLOY)], 1002.0)
        return Answered(status=410, problem="it answered 410")

    receivers.says[DEPLOY] = answers_late
    add("a")
    done = receivers.drain(queue)

    assert done.paused == ()
    assert queue.paused() == []
    assert [one.state for one in queue.deliveries()][-1] == DEAD


def test_a_mistake_of_ours_is_a_failure_without_words(queue, add, receivers):
    def stumble(one):
        raise LookupError("hunter2")

    receivers.says[DEPLOY] = stumble
    add("a")

    assert receivers.drain(queue) == Drained(sent=1, failed=1)
    assert [one.problem for one in queue.tries("msg_a")] == ["it could not be sent: LookupError"]


# Receivers that take their time


def hanging(receivers, automations, others):
    """Have some hang until all others were served, and return how many hung at once and how many too long."""
    lock, release, counts = threading.Lock(), threading.Event(), Counter()

    def hang(one):
        with lock:
            counts["now"] += 1
            counts["most"] = max(counts["most"], counts["now"])
        counts["late"] += not release.wait(LONG)
        with lock:
            counts["now"] -= 1
        return OK

    def serve(one):
        with lock:
            counts["served"] += 1
            if counts["served"] == others:
                release.set()
        return OK

    receivers.says |= dict.fromkeys(automations, hang) | {COPY: serve, NOTIFY: serve}
    return counts


def test_one_that_hangs_keeps_a_quarter_of_the_workers(queue, add, receivers):
    counts = hanging(receivers, [DEPLOY], 60)
    add(map(str, range(30)))
    add(map(str, range(100, 130)), NOTIFY)
    add(map(str, range(200, 230)), COPY)

    assert receivers.drain(queue, workers=8).delivered == 90
    assert (counts["most"], counts["late"]) == (2, 0)


def test_a_registry_full_of_those_keeps_half(queue, add, receivers):
    many = [f"model/automations/{number:03}.yaml" for number in range(30)]
    counts = hanging(receivers, many, 30)
    with queue.writing():
        for automation in many:
            add([automation], automation)
    add(map(str, range(30)), COPY)

    assert receivers.drain(queue, workers=8).delivered == 60
    assert (counts["most"], counts["late"]) == (4, 0)


def test_a_single_worker_goes_round(queue, add, receivers):
    def tick(one):
        receivers.now += 1.0
        return OK

    receivers.says = dict.fromkeys((DEPLOY, NOTIFY, COPY), tick)
    add("abcd")
    add("mno", NOTIFY)
    add("xy", COPY)

    assert receivers.drain(queue, workers=1).delivered == 9
    assert "".join(receivers.got) == "mxaynbocd"


# What changes meanwhile


def test_when_it_is_time_nothing_more_is_begun(queue, add, receivers):
    def tick(one):
        receivers.now += 1.0
        return OK

    receivers.says[DEPLOY] = tick
    add("abcdef")

    assert receivers.drain(queue, workers=1, until=1003.0) == Drained(sent=3, delivered=3)
    assert receivers.drain(queue, workers=1, until=0.0) == Drained()


def test_what_somebody_else_says_is_heard(queue, add, receivers):
    def pause(one):
        if one.id == "msg_b":
            with Queue.open(queue.path) as other:
                other.pause(DEPLOY, "it is Friday", receivers.now)
                other.add([delivery("x", COPY)], receivers.now)
        return OK

    receivers.says[DEPLOY] = pause
    add("abcdef")

    assert receivers.drain(queue, workers=1) == Drained(sent=3, delivered=3)
    assert "".join(receivers.got) == "abx"


def test_what_is_long_over_is_forgotten_by_the_way(queue, add, receivers):
    add("a")
    receivers.drain(queue)
    receivers.now += 40 * DAY

    receivers.drain(queue)

    assert queue.deliveries() == []


# The law


@settings(max_examples=times(4, 200), deadline=None)
@given(st.data())
def test_whatever_receivers_answer_nothing_is_lost(tmp_path_factory, data):
    """Each is delivered, or given up for a reason, or waits where somebody can see why."""
    answers = st.sampled_from([204, 302, 400, 404, 410, 429, 500, None])
    plan = {
        name: [*data.draw(st.lists(answers, max_size=4)), data.draw(answers)] for name in ("a", "b", "c", "x")
    }
    receivers, last = Receivers(), {}

    def answer(one):
        name = one.id.removeprefix("msg_")
        status = plan[name].pop(0) if len(plan[name]) > 1 else plan[name][0]
        last[name] = status
        return OK if status == 204 else Answered(status=status, problem="no")

    receivers.says = {DEPLOY: answer, COPY: answer}
    with Queue.open(tmp_path_factory.mktemp("law") / FILE) as queue:
        queue.add([*(delivery(name, DEPLOY) for name in "abc"), delivery("x", COPY)], receivers.now)
        while (due := queue.next_due(receivers.now)) is not None:
            receivers.now = due
            assert receivers.drain(queue, workers=2).sent > 0
        paused = {one.automation for one in queue.paused()}
        for one in queue.deliveries():
            name = one.id.removeprefix("msg_")
            assert len(queue.tries(one.id)) == one.count == receivers.got.count(name)
            assert (one.state == DELIVERED) == (last.get(name) == 204)
            if one.state == QUEUED:
                assert one.automation in paused
            elif one.state == DEAD:
                assert one.count == {302: one.count, 400: max(4, one.count)}.get(last[name], 10)
