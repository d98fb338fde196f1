import subprocess
import sys
import threading

import pytest

from git_registry.errors import Conflict
from git_registry.repository import refs
from git_registry.repository.refs import RefMoved, move, queue
from git_registry.repository.repository import Repository

MAIN = "refs/heads/main"


@pytest.fixture
def repo(make_repository, git):
    directory = make_repository(files={"a": "a"})
    git(directory, "commit", "-q", "--allow-empty", "-m", "Second")
    return directory


@pytest.fixture
def repository(repo):
    return Repository.open(repo)


@pytest.fixture
def first(repo, git):
    return git(repo, "rev-parse", "HEAD~")


@pytest.fixture
def second(repo, git):
    return git(repo, "rev-parse", "HEAD")


def test_a_ref_moves_and_its_log_says_why(repo, repository, git, first, second):
    move(repository, MAIN, old=second, new=first, reason="commit: Back")

    assert git(repo, "rev-parse", "main") == first
    assert git(repo, "reflog", "-1", "--format=%gs %gn", "main") == "commit: Back Ada Lovelace"
    assert git(repo, "reflog", "-1", "--format=%gs", "HEAD") == "commit: Back"


def test_a_new_ref_is_made_only_if_there_is_none(repo, repository, git, first, second):
    move(repository, "refs/heads/a/b", old=None, new=first, reason="commit: New")

    assert git(repo, "rev-parse", "a/b") == first
    with pytest.raises(RefMoved) as caught:
        move(repository, "refs/heads/a/b", old=None, new=second, reason="commit: Again")
    assert caught.value.found == first
    assert caught.value.exit_code == 6


def test_a_ref_somebody_moved_stays_where_they_put_it(repo, repository, git, first, second):
    git(repo, "update-ref", MAIN, first, second)

    with pytest.raises(RefMoved, match=f"{MAIN}: it is at {first[:12]} now") as caught:
        move(repository, MAIN, old=second, new=second, reason="commit: Late")

    assert (caught.value.ref, caught.value.found) == (MAIN, first)
    assert git(repo, "rev-parse", "main") == first
    assert not list((repo / ".git").rglob("*.lock"))


def test_a_ref_that_was_deleted_is_not_brought_back(repo, repository, git, first):
    with pytest.raises(RefMoved, match="does not exist any more") as caught:
        move(repository, "refs/heads/gone", old=first, new=first, reason="commit: Late")
    assert caught.value.found is None


def test_a_packed_ref_is_compared_too(repo, repository, git, first, second):
    git(repo, "pack-refs", "--all", "--prune")

    move(repository, MAIN, old=second, new=first, reason="commit: Back")

    assert git(repo, "rev-parse", "main") == first


def test_a_lock_held_a_moment_is_waited_for(repo, repository, git, first, second):
    lock = repo / ".git/refs/heads/main.lock"
    lock.touch()
    timer = threading.Timer(0.05, lock.unlink)
    timer.start()

    move(repository, MAIN, old=second, new=first, reason="commit: Waited")

    timer.join()
    assert git(repo, "rev-parse", "main") == first


def test_a_lock_held_for_good_is_a_conflict_that_names_it(repo, repository, git, first, second, monkeypatch):
    lock = repo / ".git/refs/heads/main.lock"
    lock.touch()
    monkeypatch.setattr(refs, "TRIES", 3)

    with pytest.raises(Conflict, match="could not be locked") as caught:
        move(repository, MAIN, old=second, new=first, reason="commit: Never")

    assert str(lock) in caught.value.hint
    assert git(repo, "rev-parse", "main") == second


def test_a_branch_below_another_is_a_conflict(repository, first, monkeypatch):
    monkeypatch.setattr(refs, "TRIES", 2)

    with pytest.raises(Conflict, match="refs/heads/main/below"):
        move(repository, "refs/heads/main/below", old=None, new=first, reason="commit: x")


def test_the_queue_lets_one_process_in_at_a_time(repo, repository):
    other = """
import fcntl, sys
file = open(sys.argv[1], "a")
try: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError: sys.exit(3)
"""
    ask = [sys.executable, "-c", other, str(repo / ".git" / refs.COMMITTING)]

    with queue(repository):
        assert subprocess.run(ask).returncode == 3
    assert subprocess.run(ask).returncode == 0
