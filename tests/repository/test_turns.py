"""Many who push to one branch: who waits for whom, and what is said of it."""

from __future__ import annotations

import pytest

from git_registry.errors import Conflict
from git_registry.repository import turns
from git_registry.repository.repository import Repository
from git_registry.repository.turns import Rejected, take_turns
from git_registry.repository.upstream import Upstream

MAIN = Upstream("origin", "refs/heads/main", "refs/remotes/origin/main")
CHURN = Upstream("origin", "refs/heads/projects/churn", "refs/remotes/origin/projects/churn")


@pytest.fixture
def clone(make_repository):
    return Repository.open(make_repository("clone", {"a": "1\n"}))


@pytest.fixture
def said(clone):
    told = []
    clone.notify = told.append
    return told


class Losing:
    """Is rejected so often; others move the branch each time."""

    def __init__(self, clone, times, moves=True):
        self.clone, self.times, self.moves, self.attempts = clone, times, moves, 0

    def __call__(self):
        self.attempts += 1
        if self.moves:
            tip = self.clone.git("commit-tree", "-m", f"Theirs {self.attempts}", "HEAD^{tree}").text
            self.clone.git("update-ref", MAIN.tracking, tip)
        if self.attempts <= self.times:
            raise Rejected("[rejected] (fetch first); cannot lock /srv/acme.git/refs/heads/main.lock")
        return self.attempts


def test_who_was_rejected_tries_again(clone):
    assert take_turns(clone, MAIN, Losing(clone, 3)) == 4


def test_others_who_are_always_faster_are_a_conflict(clone, monkeypatch):
    monkeypatch.setattr(turns, "TRIES", 3)

    with pytest.raises(Conflict, match="others were faster 3 times; nothing was published") as lost:
        take_turns(clone, MAIN, Losing(clone, 9))

    assert (lost.value.where, lost.value.hint) == ("origin/main", "try again later")


def test_a_branch_that_nobody_moves_is_locked(clone, monkeypatch):
    monkeypatch.setattr(turns, "STUCK", 3)
    attempt = Losing(clone, 99, moves=False)

    with pytest.raises(Conflict, match="locked on the remote") as locked:
        take_turns(clone, MAIN, attempt)

    assert "remove /srv/acme.git/refs/heads/main.lock there" in locked.value.hint
    assert attempt.attempts == 4


def test_another_branch_has_a_queue_of_its_own(clone):
    """Within one turn, another is taken: in one queue, that would wait for itself."""
    assert take_turns(clone, MAIN, lambda: take_turns(clone, CHURN, lambda: "published")) == "published"


def test_nobody_waits_for_one_who_gives_way(clone, monkeypatch):
    others = []

    def give_way(attempt, _took):
        others.append(take_turns(clone, MAIN, lambda: f"meanwhile {attempt}"))

    monkeypatch.setattr(turns, "_give_way", give_way)

    assert take_turns(clone, MAIN, Losing(clone, 2)) == 3
    assert others == ["meanwhile 0", "meanwhile 1"]


def test_what_takes_long_is_told_once(clone, said, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0)

    take_turns(clone, MAIN, Losing(clone, 3))

    assert said == ["origin/main: others were faster once; still trying"]


def test_what_does_not_take_long_is_not(clone, said):
    take_turns(clone, MAIN, Losing(clone, 1))

    assert said == []
