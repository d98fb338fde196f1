"""One registry's automations take no more than its time."""

from __future__ import annotations

import signal
import threading
from itertools import count

import pytest

from git_registry.automation import spending
from git_registry.automation.spending import Spending, TooLong, within


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(spending, "ENOUGH", 0.05)
    monkeypatch.setattr(spending, "ALL_IN_ALL", 0.12)


def never():
    return any(number < 0 for number in count())


def test_a_question_that_never_ends_is_given_up():
    with pytest.raises(TooLong):
        within(0.02, never)

    assert within(0.02, lambda: True)
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGVTALRM) == signal.SIG_DFL


def test_where_there_are_no_signals_an_answer_takes_its_time():
    found = []
    thread = threading.Thread(target=lambda: found.append(within(1e-6, lambda: sum(range(10**5)) > 0)))
    thread.start()
    thread.join()

    assert found == [True]


def test_one_that_never_ends_is_left_out_and_no_other(automation):
    one, other, elsewhere = automation(), automation(place="model"), automation(place="dataset")
    spent = Spending()

    assert spent.ask(other, lambda: True)
    assert not spent.ask(one, never)
    assert spent.ask(other, lambda: True)
    assert not spent.ask(one, lambda: True)
    assert spent.ask(elsewhere, lambda: True)
    assert (spent.new(), spent.new()) == ([one.path], [])
    assert spent.left_out == {one.path}
    spent.go_on([])
    assert spent.ask(one, lambda: True)


def test_who_took_most_is_left_out_and_the_one_that_is_asked_goes_on(automation):
    spent = Spending()
    spent.spend("model", ["model/automations/greedy.yaml"], 0.045)
    answers = iter([never, lambda: True])

    assert spent.ask(automation(), lambda: next(answers)())
    assert spent.new() == ["model/automations/greedy.yaml"]


def test_a_registry_that_had_all_there_is_is_asked_nothing_more(automation):
    spent = Spending(["model/automations/known.yaml"])
    spent.spend("model", [], 0.2)

    assert not spent.ask(automation(), lambda: True)
    assert spent.ask(automation(place="dataset"), lambda: True)
    assert spent.new() == [automation().path]
