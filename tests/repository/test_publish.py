"""Commits that are on the remote when they are made, or not made at all."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from git_registry.errors import Conflict, NetworkError, NotFound, Refused
from git_registry.repository import remote, turns
from git_registry.repository.advance import Proposed
from git_registry.repository.publish import publish
from git_registry.repository.repository import Repository
from git_registry.repository.tips import OVERTAKEN
from git_registry.repository.upstream import Upstream

MAIN = Upstream("origin", "refs/heads/main", "refs/remotes/origin/main")


@pytest.fixture
def server(make_repository, tmp_path, git):
    git(tmp_path, "clone", "-q", "--bare", make_repository("seed", {"a": "1\n"}), "server.git")
    return tmp_path / "server.git"


@pytest.fixture
def ours(server, tmp_path):
    return remote.clone(f"file://{server}", tmp_path / "ours")


@pytest.fixture
def theirs(server, tmp_path):
    return remote.clone(f"file://{server}", tmp_path / "theirs")


class Builds:
    """Proposes the same change each time, and remembers which tips it was asked for."""

    def __init__(self, path, content="x"):
        self.path, self.content, self.tips = path, content, []

    def __call__(self, tip):
        self.tips.append(tip)
        return Proposed({self.path: self.content.encode()}, f"Write {self.path}")


def hook(server, name, text):
    (server / "hooks").mkdir(exist_ok=True)
    (server / "hooks" / name).write_text(f"#!/bin/sh\n{text}\n")
    (server / "hooks" / name).chmod(0o755)


def refs(git, directory):
    return git(directory, "for-each-ref", "--format=%(refname) %(objectname)")


def test_a_commit_is_published_and_no_branch_here_moves(ours, server, git, ada):
    before = ours.branch("main")

    done = publish(ours, MAIN, Builds("b"), ada)

    assert done.attempts == 1
    assert git(server, "rev-parse", "main") == done.commit == ours.ref(MAIN.tracking)
    assert git(server, "rev-parse", "main~") == before == ours.branch("main")
    assert git(ours.work_tree, "status", "--porcelain") == ""


def test_who_comes_second_builds_again_on_what_the_first_did(ours, theirs, server, git, ada):
    publish(theirs, MAIN, Builds("theirs"), ada)
    build = Builds("mine")

    done = publish(ours, MAIN, build, ada)

    assert done.attempts == 2
    assert build.tips == [git(server, "rev-parse", "main~2"), git(server, "rev-parse", "main~")]
    assert git(server, "ls-tree", "--name-only", "main").split() == ["a", "mine", "theirs"]


def test_a_lock_that_a_killed_server_left_is_told(ours, server, git, ada, monkeypatch):
    monkeypatch.setattr(turns, "STUCK", 2)
    lock = server / "refs/heads/main.lock"
    lock.touch()
    before = refs(git, server)

    with pytest.raises(Conflict, match="locked on the remote") as told:
        publish(ours, MAIN, Builds("b"), ada)

    assert "refs/heads/main.lock there" in told.value.hint
    assert refs(git, server) == before
    lock.unlink()
    assert publish(ours, MAIN, Builds("b"), ada).attempts == 1


def test_a_refused_push_leaves_nothing(ours, server, git, ada):
    hook(server, "pre-receive", "echo not on a Friday; exit 1")
    before = refs(git, server), refs(git, ours.gitdir)

    with pytest.raises(Refused) as refused:
        publish(ours, MAIN, Builds("b"), ada)

    assert "not on a Friday" in refused.value.hint
    assert refused.value.where == "origin/main"
    assert (refs(git, server), refs(git, ours.gitdir)) == before


def test_a_remote_that_is_gone_is_a_network_error(ours, server, git, ada):
    server.rename(server.with_name("elsewhere.git"))
    before = refs(git, ours.gitdir)

    with pytest.raises(NetworkError):
        publish(ours, MAIN, Builds("b"), ada)

    assert refs(git, ours.gitdir) == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("reference-transaction", 'test "$1" != committed || kill -9 $PPID'),
        ("post-receive", "cat > /dev/null; kill -9 $PPID"),
    ],
    ids=["before the remote said so", "while it did"],
)
def test_a_connection_that_breaks_after_the_commit_landed(ours, server, git, ada, name, text):
    hook(server, name, text)

    done = publish(ours, MAIN, Builds("b"), ada)

    assert git(server, "rev-parse", "main") == done.commit == ours.ref(MAIN.tracking)


def test_a_connection_that_breaks_before_it_landed(ours, server, git, ada):
    hook(server, "pre-receive", "kill -9 $PPID")
    before = refs(git, server)

    with pytest.raises(NetworkError):
        publish(ours, MAIN, Builds("b"), ada)

    assert refs(git, server) == before


def test_what_build_raises_is_believed_of_what_the_remote_holds_now(ours, theirs, ada):
    old = ours.ref(MAIN.tracking)

    def build(tip):
        if tip == old:
            raise NotFound("theirs is not there yet")
        return Proposed({"mine": b"x"}, "Mine")

    with pytest.raises(NotFound):
        publish(ours, MAIN, build, ada)

    publish(theirs, MAIN, Builds("theirs"), ada)
    assert publish(ours, MAIN, build, ada).attempts == 1


@pytest.mark.parametrize("nothing", [lambda _: None, Builds("a", "1\n")], ids=["none", "no difference"])
def test_that_there_is_nothing_to_do_is_asked_twice(ours, server, git, ada, nothing):
    asked = []

    def build(tip):
        asked.append(tip)
        return nothing(tip)

    done = publish(ours, MAIN, build, ada)

    assert done == (git(server, "rev-parse", "main"), 0)
    assert asked == [done.commit, done.commit]


def test_what_others_did_meanwhile_may_make_something_to_do(ours, theirs, server, git, ada):
    old = ours.ref(MAIN.tracking)
    publish(theirs, MAIN, Builds("theirs"), ada)

    done = publish(ours, MAIN, lambda tip: None if tip == old else Proposed({"b": b"x"}, "B"), ada)

    assert git(server, "rev-parse", "main") == done.commit
    assert git(server, "ls-tree", "--name-only", "main").split() == ["a", "b", "theirs"]


def test_who_was_faster_may_have_left_nothing_to_do(ours, theirs, server, git, ada):
    publish(theirs, MAIN, lambda _: Proposed({"b": b"x"}, "In other words"), ada)

    assert publish(ours, MAIN, Builds("b"), ada) == (git(server, "rev-parse", "main"), 0)


def test_a_branch_that_is_not_there_yet_begins_with_a_root(ours, server, git, ada):
    new = Upstream("origin", "refs/heads/projects/churn", "refs/remotes/origin/projects/churn")
    build = Builds("churn/project.yaml")

    done = publish(ours, new, build, ada)

    assert build.tips == [None]
    assert git(server, "rev-list", "--parents", "projects/churn") == done.commit
    assert git(server, "ls-tree", "-r", "--name-only", "projects/churn") == "churn/project.yaml"


def test_two_that_begin_the_same_branch(ours, theirs, server, git, ada):
    new = Upstream("origin", "refs/heads/projects/churn", "refs/remotes/origin/projects/churn")
    publish(theirs, new, Builds("churn/project.yaml"), ada)
    build = Builds("churn/runs/1.yaml")

    done = publish(ours, new, build, ada)

    assert (build.tips, done.attempts) == ([None, git(server, "rev-parse", "projects/churn~")], 2)
    assert git(server, "rev-list", "--count", "projects/churn") == "2"


def test_what_was_taken_back_on_the_remote_does_not_come_again(ours, theirs, server, git, ada):
    publish(theirs, MAIN, Builds("mistake"), ada)
    remote.fetch(ours, "origin")
    git(server, "update-ref", "refs/heads/main", "main~")

    publish(ours, MAIN, Builds("mine"), ada)

    assert git(server, "ls-tree", "--name-only", "main").split() == ["a", "mine"]


def test_a_branch_that_was_deleted_on_the_remote_is_begun_anew(ours, server, git, ada):
    new = Upstream("origin", "refs/heads/projects/churn", "refs/remotes/origin/projects/churn")
    publish(ours, new, Builds("churn/old.yaml"), ada)
    git(server, "update-ref", "-d", "refs/heads/projects/churn")

    done = publish(ours, new, Builds("churn/new.yaml"), ada)

    assert done.attempts == 2
    assert git(server, "ls-tree", "-r", "--name-only", "projects/churn") == "churn/new.yaml"


def test_others_who_are_always_faster_are_a_conflict(ours, theirs, server, git, ada, monkeypatch):
    monkeypatch.setattr(turns, "TRIES", 3)
    count = iter(range(100))

    def build(_tip):
        publish(theirs, MAIN, Builds(f"theirs{next(count)}"), ada)
        return Proposed({"mine": b"x"}, "Mine")

    with pytest.raises(Conflict, match="others were faster 3 times"):
        publish(ours, MAIN, build, ada)

    assert "mine" not in git(server, "ls-tree", "--name-only", "main").split()


WRITER = textwrap.dedent("""
    import sys
    from datetime import UTC, datetime
    from git_registry.repository.advance import Proposed
    from git_registry.repository.identity import Authorship, Signature
    from git_registry.repository.publish import publish
    from git_registry.repository.upstream import Upstream
    from git_registry.repository.repository import Repository

    directory, name = sys.argv[1:]
    who = Signature("Ada", "ada@example.org", datetime(2026, 1, 1, tzinfo=UTC))
    main = Upstream("origin", "refs/heads/main", "refs/remotes/origin/main")
    for number in range(3):
        change = Proposed({f"{name}/{number}": b"x"}, f"{name} {number}")
        publish(Repository.open(directory), main, lambda tip: change, Authorship(who, who))
""")


def test_several_processes_and_clones_lose_nothing(ours, theirs, server, git):
    """Two processes in each of two clones: those of one clone queue, the clones race."""
    places = [ours.work_tree, ours.work_tree, theirs.work_tree, theirs.work_tree]
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(place), f"w{number}"])
        for number, place in enumerate(places)
    ]

    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0, 0]

    written = git(server, "log", "--first-parent", "--format=%s", "main").splitlines()
    assert sorted(written) == sorted(["First", *(f"w{w} {n}" for w in range(4) for n in range(3))])
    assert git(server, "rev-list", "--merges", "main") == ""


def test_fetches_at_the_same_time_do_not_fail_each_other(ours, theirs, server, ada):
    for number in range(20):
        publish(theirs, MAIN, Builds(f"b{number}"), ada)
    code = (
        "import sys; from git_registry.repository import remote;"
        "from git_registry.repository.repository import Repository;"
        "remote.fetch(Repository.open(sys.argv[1]), 'origin')"
    )
    ours_now = Repository.open(ours.work_tree)
    fetching = [
        subprocess.Popen([sys.executable, "-c", code, str(ours.work_tree)], stderr=subprocess.PIPE)
        for _ in range(4)
    ]

    assert [one.communicate(timeout=120)[1] for one in fetching] == [b""] * 4
    assert ours_now.ref(MAIN.tracking) == Repository.open(server).branch("main")


class TestARefBeside:
    """Another ref of the remote's has to stay where it is, or nothing is published."""

    TOPIC = "refs/heads/topic"

    @pytest.fixture
    def topic(self, server, git):
        """The commit that the ref is at."""
        git(server, "branch", "topic", "main")
        return git(server, "rev-parse", "main")

    def test_that_stays_is_left_alone(self, ours, server, git, ada, topic):
        done = publish(ours, MAIN, Builds("b"), ada, beside={self.TOPIC: topic})

        assert git(server, "rev-parse", "main", "topic").split() == [done.commit, topic]

    @pytest.mark.parametrize("becomes", ["another", "nothing"])
    def test_that_moves_or_goes_is_told_before_anything_is_made_of_it(
        self, ours, server, git, ada, topic, becomes
    ):
        def build(tip):
            build.asked += 1
            if build.asked == 2:
                raise Conflict("the topic is not what it was")
            other = git(server, "commit-tree", "main^{tree}", "-m", "Other")
            git(server, "update-ref", *([self.TOPIC, other] if becomes == "another" else ["-d", self.TOPIC]))
            return Proposed({"b": b"x"}, "Write b")

        build.asked = 0
        with pytest.raises(Conflict, match="not what it was"):
            publish(ours, MAIN, build, ada, beside={self.TOPIC: topic})

        assert git(server, "rev-parse", "main") == topic

    def test_does_not_hide_that_the_remote_refuses(self, ours, server, git, ada, topic):
        hook(server, "pre-receive", "exit 1")

        with pytest.raises(Refused):
            publish(ours, MAIN, Builds("b"), ada, beside={self.TOPIC: topic})

        assert git(server, "rev-parse", "main", "topic").split() == [topic, topic]


def test_a_hook_that_says_somebody_was_faster_does_not_refuse(ours, theirs, server, git, ada):
    publish(theirs, MAIN, Builds("theirs"), ada)
    hook(server, "pre-receive", f"[ -e told ] && exit 0; : > told; echo 'it moved: {OVERTAKEN}'; exit 1")

    publish(ours, MAIN, Builds("ours"), ada)

    assert git(server, "ls-tree", "--name-only", "main").split() == ["a", "ours", "theirs"]
