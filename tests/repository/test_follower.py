"""A repository that only follows a remote."""

from __future__ import annotations

import pytest

from git_registry.errors import NetworkError
from git_registry.repository import follower, remote

MAIN = "refs/remotes/origin/main"


@pytest.fixture
def server(make_repository, tmp_path, git):
    git(tmp_path, "clone", "-q", "--bare", make_repository("seed", {"a": "1\n"}), "server.git")
    return tmp_path / "server.git"


@pytest.fixture
def follow(tmp_path, server):
    """Make a follower, and let it fetch."""
    (tmp_path / "follower").mkdir(mode=0o700)
    made = follower.make(tmp_path / "follower", f"file://{server}")

    def again():
        follower.keep_up(made, follower.heads(made))
        return made

    return again


def refs(git, repository):
    return git(repository.gitdir, "for-each-ref", "--format=%(refname)").split()


def test_it_has_what_the_remote_has_and_no_branches(follow, server, git):
    git(server, "branch", "projects/churn")
    git(server, "tag", "v1")
    git(server, "tag", "-a", "-m", "Second", "v2")

    made = follow()

    assert made.is_bare
    assert refs(git, made) == [
        *("refs/remotes/origin/HEAD", MAIN, "refs/remotes/origin/projects/churn"),
        *("refs/tags/v1", "refs/tags/v2"),
    ]
    assert made.ref(MAIN) == git(server, "rev-parse", "main")
    assert remote.default_branch(made) == "main"
    assert follower.follows(made) == f"file://{server}"
    assert follower.has(made, follower.heads(made))
    git(made.gitdir, "fsck", "--strict")


@pytest.mark.parametrize(
    "change",
    [
        ("branch", "projects/churn"),
        ("tag", "v1"),
        ("update-ref", "refs/heads/main", "main~"),
        ("branch", "-D", "other"),
        ("symbolic-ref", "HEAD", "refs/heads/other"),
    ],
    ids=lambda change: change[0] + change[1],
)
def test_every_change_is_seen_and_taken_over(follow, server, git, commit, change):
    commit(server, {"b": b"2\n"}, branch="main")
    git(server, "branch", "other")
    made = follow()
    git(server, *change)
    assert not follower.has(made, follower.heads(made))

    follow()

    assert follower.has(made, follower.heads(made))
    assert made.ref("refs/remotes/origin/HEAD") == git(server, "rev-parse", "HEAD")
    tips = git(server, "for-each-ref", "--format=%(objectname)", "refs/heads", "refs/tags").split()
    kept = [name for name in refs(git, made) if not name.endswith("/HEAD")]
    assert sorted(made.ref(name) for name in kept) == sorted(tips)


def test_a_branch_that_gives_way_to_one_below_it(follow, server, git):
    git(server, "branch", "projects/churn/old")
    follow()
    git(server, "branch", "-D", "projects/churn/old")
    git(server, "branch", "projects/churn")

    assert "refs/remotes/origin/projects/churn" in refs(git, follow())


def test_it_is_of_the_kind_that_is_supported(tmp_path, monkeypatch, git):
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    (tmp_path / "follower").mkdir()

    made = follower.make(tmp_path / "follower", "file:///nowhere.git")

    assert git(made.gitdir, "rev-parse", "--show-object-format") == "sha1"


def test_an_empty_remote(tmp_path, git):
    git(tmp_path, "init", "-q", "--bare", "empty.git")
    (tmp_path / "follower").mkdir()
    made = follower.make(tmp_path / "follower", f"file://{tmp_path}/empty.git")

    follower.keep_up(made, follower.heads(made))

    assert follower.heads(made) == (None, {})
    assert follower.has(made, follower.heads(made))
    assert follower.is_sound(made)
    assert refs(git, made) == []


def test_a_default_branch_that_is_gone(follow, server, git):
    git(server, "branch", "other")
    made = follow()
    git(server, "symbolic-ref", "HEAD", "refs/heads/nothing")

    follow()

    assert made.symbolic("refs/remotes/origin/HEAD") is None
    assert follower.has(made, follower.heads(made))


def test_a_remote_that_is_gone(follow, server):
    made = follow()
    server.rename(server.with_name("elsewhere.git"))

    with pytest.raises(NetworkError):
        follower.heads(made)
    with pytest.raises(NetworkError):
        follower.keep_up(made, follower.Heads(None, {}))


def test_one_look_tells_that_its_objects_are_gone(follow):
    made = follow()
    assert follower.is_sound(made)
    for pack in made.gitdir.glob("objects/*/*"):
        pack.unlink()

    assert not follower.is_sound(made)
