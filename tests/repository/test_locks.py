"""Locks that a killed writer held."""

import os
import signal
import subprocess
import sys
import time

import pytest

from git_registry.errors import Conflict, RegistryError
from git_registry.repository import journal
from git_registry.repository.adopt import adopt
from git_registry.repository.locks import taken
from git_registry.repository.repository import Repository

KILLED = """
import os, signal, sys
from git_registry.repository import refs
from git_registry.repository.adopt import adopt
from git_registry.repository.repository import Repository

read = Repository.ref
def ref(self, name):
    if sys._getframe(1).f_code.co_name == "move":
        os.kill(os.getpid(), signal.SIGKILL)  # the ref's lock is held
    return read(self, name)
Repository.ref = ref
adopt(Repository.open(sys.argv[1]), "main", lambda tip: sys.argv[2], reason="test")
"""


@pytest.fixture
def killed(make_repository, git, commit):
    """A repository whose writer was killed while it held a lock, and the commit it was to be at."""
    repo = make_repository(files={"a": "1\n"})
    ahead = commit(repo, {"a": b"2\n"}, branch="ahead")
    done = subprocess.run([sys.executable, "-c", KILLED, repo, ahead], check=False)
    assert done.returncode == -signal.SIGKILL
    assert (repo / ".git/refs/heads/main.lock").exists()
    return repo, ahead


def age(repo, seconds):
    then = time.time() - seconds
    for name in (journal.NAME, "refs/heads/main.lock"):
        os.utime(repo / ".git" / name, (then, then))


def test_they_are_broken_once_no_write_can_take_so_long(killed, git):
    repo, ahead = killed
    age(repo, 60)

    assert adopt(Repository.open(repo), "main", lambda _: ahead, reason="test") == ahead

    assert git(repo, "rev-parse", "main") == ahead
    assert git(repo, "status", "--porcelain") == ""


def test_a_young_lock_may_be_somebody_elses(killed):
    repo, ahead = killed
    with pytest.raises(Conflict, match="could not be locked"):
        adopt(Repository.open(repo), "main", lambda _: ahead, reason="test")


def test_a_lock_from_before_the_killed_write_is_not_its_own(killed):
    repo, ahead = killed
    age(repo, 60)
    older = time.time() - 120
    os.utime(repo / ".git/refs/heads/main.lock", (older, older))
    with pytest.raises(Conflict, match="could not be locked"):
        adopt(Repository.open(repo), "main", lambda _: ahead, reason="test")


def test_a_bare_repository_has_them_too(killed, git, tmp_path, commit):
    repo, ahead = killed
    git(repo, "config", "core.bare", "true")
    age(repo, 60)
    assert adopt(Repository.open(repo), "main", lambda _: ahead, reason="test") == ahead


@pytest.mark.parametrize("reads", [True, False])
def test_where_a_pipe_stands_nobody_waits_for_its_other_end(tmp_path, reads):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    if reads:
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    with pytest.raises(RegistryError, match="no file"):
        taken(pipe)

    if reads:
        os.close(reader)


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "there")

    with pytest.raises(RegistryError, match="no file"):
        taken(tmp_path / "link")

    assert not (tmp_path / "there").exists()
