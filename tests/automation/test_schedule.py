"""What follows from an answer."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.automation.answered import Answered
from git_registry.automation.outgoing import Outgoing
from git_registry.automation.queued import DEAD, DELIVERED, QUEUED, Attempt, Health, Queued
from git_registry.automation.schedule import WAITS, Meaning, Pace, meaning, outcome

ON_TIME = Pace(chance=lambda: 0.0)
HOUR = 3600.0
DOWN = Answered(status=503, problem="answered 503", seconds=1.0)
SILENT = Answered(problem="no answer within 15 seconds", seconds=15.0)


def tried(answered, *, tries=0, at=1000.0, before=Health(), pace=ON_TIME):  # noqa: B008 - it is frozen
    """Return what follows from an answer to a delivery that was tried so often before."""
    delivery = Queued(
        **dict.fromkeys(("id", "automation", "place", "commit", "event", "path", "subject", "at"), "x"),
        outgoing=Outgoing(),
        lately=tries,
    )
    attempt = Attempt(at=at, status=answered.status, problem=answered.problem, seconds=answered.seconds)
    return outcome(delivery, attempt, answered, before, pace)


@pytest.mark.parametrize(
    ("said", "statuses"),
    [
        (Meaning.TAKEN, [200, 202, 204, 299]),
        (Meaning.HOPELESS, [300, 301, 302, 307, 308, 399]),
        (Meaning.GONE, [410]),
        (Meaning.UNWANTED, [400, 406, 409, 413, 415, 422, 451]),
        (Meaning.DOWN, [401, 403, 404, 405, 407, 408, 425, 429, 500, 502, 503, 599, 100, 999]),
    ],
)
def test_what_a_status_says(said, statuses):
    assert {meaning(Answered(status=one, problem="" if one < 300 else "no")) for one in statuses} == {said}


def test_what_is_said_without_a_status():
    assert meaning(Answered()) is Meaning.TAKEN  # a command that did it
    assert meaning(SILENT) is Meaning.DOWN
    assert meaning(Answered(problem="the secret REG_WH_X is not set", refused=True)) is Meaning.REFUSED
    assert meaning(Answered(problem="it can't be put into a request", hopeless=True)) is Meaning.HOPELESS


# Of a delivery


def test_it_is_tried_again_later_and_later_and_then_no_more():
    found = [tried(DOWN, tries=tries) for tries in range(10)]

    assert [one.due - 1001.0 for one in found[:-1]] == list(WAITS)
    assert [one.state for one in found] == [QUEUED] * 9 + [DEAD]
    assert sum(WAITS) > 3 * 24 * HOUR


def test_a_body_that_is_not_wanted_is_tried_a_few_times():
    found = [tried(Answered(status=422, problem="answered 422"), tries=tries).state for tries in range(4)]

    assert found == [QUEUED, QUEUED, QUEUED, DEAD]


@pytest.mark.parametrize(
    ("answered", "state"),
    [
        (Answered(status=204), DELIVERED),
        (Answered(status=302, problem="answered 302"), DEAD),
        (Answered(problem="it can't be put into a request", hopeless=True), DEAD),
    ],
)
def test_it_is_over_at_once(answered, state):
    assert tried(answered, at=7.0).state == state


@pytest.mark.parametrize(
    ("asked", "tries", "wait"),
    [(60.0, 0, 60.0), (2.0, 0, 5.0), (60.0, 1, 300.0), (1e12, 0, 24 * HOUR), (-5.0, 0, 5.0)],
)
def test_a_receiver_may_ask_for_a_longer_wait_within_limits(asked, tries, wait):
    busy = Answered(status=429, problem="answered 429", retry_after=asked)

    assert tried(busy, tries=tries).due == 1000.0 + wait


@given(st.floats(0, 1), st.integers(0, 8))
def test_what_failed_together_does_not_come_back_together_nor_early(chance, tries):
    due = tried(DOWN, tries=tries, pace=Pace(chance=lambda: chance)).due - 1001.0

    assert WAITS[tries] <= due <= 1.2 * WAITS[tries]


# Of its automation


def test_a_receiver_that_is_down_is_asked_less_and_less_and_then_paused():
    health, now = Health(), 1000.0
    for rounds in itertools.count(1):
        found = tried(DOWN, at=now, before=health)  # always another delivery
        health = found.health
        if found.why:
            break
        assert health.held - found.due == WAITS[rounds - 1] - WAITS[0]
        now = health.held

    assert rounds == 10
    assert found.why == "10 tries in a row failed since 1970-01-01 00:16 UTC: answered 503"
    assert found.state == QUEUED


def test_the_last_try_of_what_is_paused_is_not_lost():
    before = Health(failures=9, since=1000.0, latest=90000.0)

    assert tried(DOWN, tries=9, at=99999.0).state == DEAD
    assert tried(DOWN, tries=9, at=99999.0, before=before).state == QUEUED


def test_one_that_takes_something_is_trusted_again():
    failing = Health(failures=9, since=10.0, latest=900000.0, held=999999.0)

    assert tried(Answered(status=200), before=failing).health == Health()


def test_those_under_way_when_it_went_down_are_one_failure():
    first = tried(SILENT, at=1000.0)
    second = tried(SILENT, at=1000.5, before=first.health)

    assert first.health == Health(failures=1, since=1015.0, latest=1015.0, held=1020.0)
    assert second.health == first.health


def test_a_body_that_is_not_wanted_holds_back_no_other():
    found = tried(Answered(status=400, problem="answered 400"))

    assert found.health == Health(failures=1, since=1000.0, latest=1000.0, held=0.0)
    assert found.why == ""


def test_one_that_wants_no_body_for_a_day_is_paused():
    before = Health(failures=100, since=1000.0, latest=2000.0)
    no = Answered(status=400, problem="answered 400")

    assert tried(no, at=3000.0, before=before).why == ""
    assert tried(no, at=1000.0 + 24 * HOUR, before=before).why.startswith("101 tries in a row failed")


def test_one_that_is_gone_is_paused_and_nothing_is_lost():
    found = tried(Answered(status=410, problem="answered 410"))

    assert found.why == "the receiver answered 410: it is gone"
    assert found.state == QUEUED


def test_what_the_server_does_not_let_go_waits_and_is_no_failure_of_the_receiver():
    before = Health(failures=3, since=1.0, latest=2.0, held=3.0)

    found = tried(Answered(problem="REG_WH_X is not set", refused=True), tries=9, before=before)

    assert (found.state, found.health) == (QUEUED, before)
    assert found.why == "REG_WH_X is not set"
