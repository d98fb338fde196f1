"""Whatever moment a process is killed at, the next write finds the work tree as before or as after."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import git_registry
from git_registry.repository.journal import Journal, recover
from git_registry.repository.repository import Repository

SOURCE = str(Path(git_registry.__file__).parents[1])
FILES = {"changed": "old\n", "gone/file": "going\n", "kept": "kept\n"}
CHANGES = {"changed": b"a new and longer line\n", "gone/file": None, "new/file": b"quite new\n"}

KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from importlib import import_module
from git_registry.repository.advance import Proposed, advance
from git_registry.repository.identity import Authorship, Signature
from git_registry.repository.repository import Repository

module, name, when = sys.argv[2:5]
owner = import_module(f"git_registry.repository.{module}")
*path, name = name.split(".")
for step in path:
    owner = getattr(owner, step)
real = getattr(owner, name)
def fatal(*args, **kwargs):
    if when == "after":
        real(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, name, fatal)

who = Signature("W", "w@example.org", datetime(2026, 1, 1, tzinfo=UTC))
changes = {"changed": b"a new and longer line\\n", "gone/file": None, "new/file": b"quite new\\n"}
advance(Repository.open(sys.argv[1]), "main", lambda tip: Proposed(changes, "Killed"), Authorship(who, who))
"""

POINTS = [
    ("journal", "Journal.write", "before"),
    ("journal", "Journal.write", "after"),
    ("advance", "move", "after"),
    ("worktree", "stage", "after"),
    ("worktree", "_remove", "after"),
    ("worktree", "check_out", "after"),
    ("journal", "drop", "after"),
]
MOVED = POINTS[2:]


@pytest.fixture
def repo(make_repository):
    return make_repository(files=FILES)


@pytest.fixture
def kill(repo):
    def run(module, name, when):
        env = {**os.environ, "PYTHONPATH": SOURCE}
        done = subprocess.run([sys.executable, "-c", KILLED, repo, module, name, when], env=env)
        assert done.returncode == -signal.SIGKILL

    return run


def contents(repo):
    return {
        str(path.relative_to(repo)): path.read_text()
        for path in repo.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


AFTER = {"changed": "a new and longer line\n", "new/file": "quite new\n", "kept": "kept\n"}


@pytest.mark.parametrize("point", POINTS, ids=" ".join)
def test_after_a_kill_the_next_write_leaves_everything_whole(repo, git, commit, kill, point):
    kill(*point)

    commit(repo, {"kept": b"next\n"})

    expected = AFTER if point in MOVED else FILES
    assert contents(repo) == {**expected, "kept": "next\n"}
    assert git(repo, "status", "--porcelain") == ""
    assert not (repo / ".git/commit-journal").exists()
    git(repo, "fsck", "--strict", "--no-dangling")


@pytest.mark.parametrize("torn", ["", "quite", "quite new"])
def test_a_torn_file_is_completed(repo, git, kill, torn):
    kill("worktree", "check_out", "before")
    (repo / "new").mkdir()
    (repo / "new/file").write_text(torn)
    (repo / "changed").write_text("a new")

    recover(Repository.open(repo))

    assert contents(repo) == AFTER
    assert git(repo, "status", "--porcelain") == ""


def test_a_torn_file_with_other_line_ends_is_completed(repo, git, commit, kill):
    commit(repo, {".gitattributes": b"* text eol=crlf\n"})
    kill("worktree", "check_out", "before")
    (repo / "changed").write_bytes(b"a new and longer line\r")

    recover(Repository.open(repo))

    assert (repo / "changed").read_bytes() == b"a new and longer line\r\n"
    assert git(repo, "status", "--porcelain") == ""


def test_what_the_user_made_since_is_never_overwritten(repo, git, kill):
    kill("advance", "move", "after")
    (repo / "changed").write_text("mine\n")
    (repo / "gone/file").write_text("mine too\n")
    (repo / "new").symlink_to("/nowhere")

    recover(Repository.open(repo))

    assert (repo / "changed").read_text() == "mine\n"
    assert (repo / "gone/file").read_text() == "mine too\n"
    assert (repo / "new").is_symlink()
    assert git(repo, "show", ":changed") == "a new and longer line"
    assert git(repo, "status", "--porcelain") == " M changed\n D new/file\n?? gone/\n?? new"


def test_what_the_user_staged_since_stays_staged(repo, git, kill):
    kill("advance", "move", "after")
    (repo / "changed").write_text("mine\n")
    git(repo, "add", "changed")

    recover(Repository.open(repo))

    assert git(repo, "show", ":changed") == "mine"
    assert (repo / "changed").read_text() == "mine\n"
    assert git(repo, "status", "--porcelain") == "M  changed"


def test_commits_made_since_are_followed_too(repo, git, kill):
    kill("advance", "move", "after")
    tree = git(repo, "rev-parse", "HEAD^{tree}")
    later = git(repo, "commit-tree", tree, "-p", "HEAD", "-m", "Later")
    git(repo, "update-ref", "refs/heads/main", later)

    recover(Repository.open(repo))

    assert contents(repo) == AFTER
    assert git(repo, "status", "--porcelain") == ""


def test_a_note_for_a_branch_no_longer_checked_out_is_dropped(repo, git, kill):
    kill("advance", "move", "after")
    git(repo, "switch", "-q", "-f", "-c", "side", "HEAD~")

    recover(Repository.open(repo))

    assert contents(repo) == FILES
    assert not (repo / ".git/commit-journal").exists()


def test_a_note_keeps_names_of_any_bytes(repo, git):
    repository = Repository.open(repo)
    tip = repository.head().commit
    Journal("refs/heads/main", tip, tip, ("caf\udce9\n",)).write(repository)

    recover(repository)

    assert git(repo, "status", "--porcelain") == ""


def test_a_note_that_is_not_ours_harms_nothing(repo):
    (repo / ".git/commit-journal").write_text("{")

    recover(Repository.open(repo))


@pytest.mark.campaign
@pytest.mark.parametrize("delay", range(120))
def test_killed_at_any_moment(repo, git, commit, delay):
    """Kill a writer after ever longer waits, its children too, and look at what the next write leaves."""
    script = KILLED.replace("signal.SIGKILL", "0")
    command = [sys.executable, "-c", script, repo, "worktree", "stage", "after"]
    env = {**os.environ, "PYTHONPATH": SOURCE}
    writer = subprocess.Popen(command, env=env, start_new_session=True)
    try:
        writer.wait(0.05 + delay / 600)
    except subprocess.TimeoutExpired:
        os.killpg(writer.pid, signal.SIGKILL)
        writer.wait()
    (repo / ".git/index.lock").unlink(missing_ok=True)

    commit(repo, {"kept": b"next\n"})

    moved = git(repo, "rev-list", "--count", "main") == "3"
    assert contents(repo) == {**(AFTER if moved else FILES), "kept": "next\n"}
    assert git(repo, "status", "--porcelain") == ""
