"""How far a catalog reaches: what it reads, where a commit goes, and what becomes of the branch here."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap

import pytest
from tests.sdk.desk import Desk
from tests.sdk.once import once

from git_registry.catalog import projects
from git_registry.catalog.catalog import Catalog, Reach
from git_registry.catalog.transaction import Transaction, commit
from git_registry.errors import Conflict, NetworkError, NotFound, Refused
from git_registry.model.edits import project
from git_registry.repository.repository import Repository
from git_registry.sdk import aliasing
from git_registry.sdk.checking import check
from git_registry.sdk.syncing import sync


class Reaching(Desk):
    """A desk whose catalogs reach further than what is checked out."""

    reach = Reach.PUBLISHED

    def open(self):
        repository = Repository.open(self.path)
        branch = repository.head().branch or "main"
        return Catalog(
            repository=repository,
            branch=branch,
            clock=self.clock,
            notify=self.said.append,
            reach=self.reach,
        )


def reaching(desk, reach):
    other = Reaching(desk.path, desk.clock)
    other.reach = reach
    return other


@once
def ana(desk, upstream):
    """Two versions are published, the first in production."""
    desk.link("one", aliases=["production"])
    desk.link("two")
    desk(sync)
    return desk


@once
def bob(ana, clone):
    return clone("bob")


@pytest.fixture
def published(upstream, git):
    """Return the subjects of what is published, newest first."""
    return lambda: git(upstream, "log", "--first-parent", "--format=%s", "main").splitlines()


def head(git, desk):
    return git(desk.path, "rev-parse", "main")


def clean(git, desk):
    return git(desk.path, "status", "--porcelain") == ""


# What is read


def test_here_is_the_branch_as_it_is(ana, bob, git):
    ana.promote("model/churn:v1", "production")
    ana(sync)
    git(bob.path, "fetch", "-q")

    assert reaching(bob, Reach.HERE).aliases() != ana.aliases()
    for reach in (Reach.FETCHED, Reach.OFFLINE, Reach.PUBLISHED):
        assert reaching(bob, reach).aliases() == ana.aliases()


def test_what_waits_here_is_newer_than_what_was_fetched(ana, bob, git):
    bob.promote("model/churn:v1", "production")
    for reach in set(Reach) - {Reach.PROPOSED}:
        assert reaching(bob, reach).aliases() == bob.aliases() != ana.aliases()


def test_where_both_went_on_what_is_here_counts(ana, bob, git):
    ana.promote("model/churn:v1", "staging")
    ana(sync)
    git(bob.path, "fetch", "-q")
    bob.promote("model/churn:v1", "production")

    for reach in set(Reach) - {Reach.PROPOSED}:
        assert reaching(bob, reach).aliases().keys() == {"production"}
    assert reaching(bob, Reach.PROPOSED).aliases() == ana.aliases()  # it is cut from what is published


# Commits that wait here


@pytest.mark.parametrize("reach", [Reach.FETCHED, Reach.OFFLINE])
def test_the_branch_catches_up_before_something_is_committed(ana, bob, git, published, reach):
    ana.promote("model/churn:v1", "staging")
    ana(sync)
    git(bob.path, "fetch", "-q")
    before = published()

    done = reaching(bob, reach).promote("model/churn:staging", "best")

    assert done.attempts == 0
    assert published() == before == bob.log()[1:]
    assert bob.aliases().keys() == {"production", "staging", "best"}
    assert clean(git, bob)


def test_local_edits_keep_the_branch_from_catching_up(ana, bob, git):
    ana.promote("model/churn:v1", "production")
    ana(sync)
    git(bob.path, "fetch", "-q")
    (bob.path / "model/churn/aliases/production.yaml").write_text("mine\n")
    before = head(git, bob)

    with pytest.raises(Conflict, match=r"aliases/production\.yaml"):
        reaching(bob, Reach.FETCHED).promote("model/churn:v1", "best")

    assert head(git, bob) == before
    assert (bob.path / "model/churn/aliases/production.yaml").read_text() == "mine\n"


# Commits that are published


def test_a_commit_is_published_and_branch_and_files_follow(bob, git, published):
    done = reaching(bob, Reach.PUBLISHED).promote("model/churn:v1", "production")

    assert done.attempts == 1
    assert done.commit == head(git, bob) == git(bob.path, "rev-parse", "origin/main")
    assert published() == bob.log()
    assert clean(git, bob)
    assert bob(check) == []


def test_who_was_faster_is_fetched_and_built_upon(ana, bob, git, published):
    ana.promote("model/churn:v1", "staging")
    ana(sync)

    done = reaching(bob, Reach.PUBLISHED).promote("model/churn:v1", "best")

    assert done.attempts == 2
    assert published() == bob.log()
    assert bob.aliases().keys() == {"production", "staging", "best"}
    assert clean(git, bob)


def test_what_others_linked_is_known_once_it_is_needed(ana, bob):
    identifier = ana.link("three").id
    ana(sync)
    bob(sync)
    ana.promote(f"model/churn@{identifier}", "newest")
    ana(sync)

    done = reaching(bob, Reach.PUBLISHED).promote(f"model/churn@{identifier}", "newest")

    assert (done.events, done.attempts) == ((), 0)
    assert bob.aliases()["newest"] == identifier


def test_what_waits_here_goes_first(bob, git, published):
    bob.promote("model/churn:v1", "waiting")

    reaching(bob, Reach.PUBLISHED).promote("model/churn:v1", "best")

    assert published() == bob.log()
    assert [subject.rpartition(" ")[2] for subject in published()[:2]] == ["best", "waiting"]
    assert clean(git, bob)


def test_what_waits_here_and_disagrees_keeps_everything_as_it_is(ana, bob, git, published):
    bob.promote("model/churn:v1", "production")
    ana(aliasing.remove, "model/churn", ["production"])
    ana(sync)
    before = head(git, bob), published()

    with pytest.raises(Conflict, match="model/churn:production names nothing there"):
        reaching(bob, Reach.PUBLISHED).promote("model/churn:v1", "best")

    assert (head(git, bob), published()) == before
    assert clean(git, bob)


def test_a_conflict_leaves_nothing(ana, bob, git, published):
    ana.promote("model/churn:v1", "production")
    ana(sync)
    before = head(git, bob), published()

    with pytest.raises(Conflict, match="production names v1, not v0"):
        reaching(bob, Reach.PUBLISHED).promote("model/churn:v1", "production", expect="v0")

    assert (head(git, bob), published()) == before
    assert clean(git, bob)


def test_a_refusal_leaves_nothing(bob, upstream, git, published):
    hook = upstream / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho never\nexit 1\n")
    hook.chmod(0o755)
    before = git(bob.path, "for-each-ref"), published()

    with pytest.raises(Refused, match="nothing was published"):
        reaching(bob, Reach.PUBLISHED).promote("model/churn:v1", "best")

    assert (git(bob.path, "for-each-ref"), published()) == before


def test_a_remote_that_is_away_leaves_nothing(bob, upstream, git):
    upstream.rename(upstream.with_name("elsewhere.git"))
    before = git(bob.path, "for-each-ref")

    with pytest.raises(NetworkError):
        reaching(bob, Reach.PUBLISHED).promote("model/churn:v1", "best")

    assert git(bob.path, "for-each-ref") == before


def test_local_edits_in_the_way_are_left_and_told(bob, git, published):
    alias = bob.path / "model/churn/aliases/production.yaml"
    alias.write_text("mine\n")
    before = head(git, bob)
    away = reaching(bob, Reach.PUBLISHED)

    done = away.promote("model/churn:v1", "production")

    assert published()[0].startswith("Promote model/churn")
    assert done.commit == git(bob.path, "rev-parse", "origin/main")
    assert head(git, bob) == before
    assert alias.read_text() == "mine\n"
    (said,) = away.said
    assert said.startswith("published; the branch here stays behind: ")
    assert "aliases/production.yaml" in said


def test_local_edits_elsewhere_are_in_nobodys_way(bob, git):
    (bob.path / "model/registry.yaml").write_text("mine\n")

    done = reaching(bob, Reach.PUBLISHED).promote("model/churn:v1", "production")

    assert head(git, bob) == done.commit
    assert git(bob.path, "status", "--porcelain").split() == ["M", "model/registry.yaml"]


def test_a_lock_that_somebody_left_in_the_work_tree_is_told(bob, git, published):
    (bob.path / ".git/index.lock").touch()
    away = reaching(bob, Reach.PUBLISHED)

    done = away.promote("model/churn:v1", "production")

    assert done.commit == git(bob.path, "rev-parse", "origin/main")
    (said,) = away.said
    assert said.startswith("published; the branch here stays behind: ")


DYING = """
import os, signal, sys
from datetime import UTC, datetime
from git_registry.catalog.catalog import Catalog, Reach
from git_registry.repository import worktree
from git_registry.repository.repository import Repository
from git_registry.sdk import aliasing

worktree.follow = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
here = Repository.open(sys.argv[1])
with Catalog(
    repository=here, branch="main", clock=lambda: datetime.now(UTC), reach=Reach.PUBLISHED
) as catalog:
    aliasing.promote(catalog, ["model/churn:v1"], "production")
"""


def test_whom_a_kill_kept_from_following_follows_though_there_is_nothing_to_do(bob, git):
    done = subprocess.run([sys.executable, "-c", DYING, bob.path])
    assert done.returncode == -signal.SIGKILL
    assert not clean(git, bob)

    again = reaching(bob, Reach.PUBLISHED).promote("model/churn:v1", "production")

    assert again.events == ()
    assert clean(git, bob)


def test_a_branch_that_is_not_checked_out_follows(bob, git):
    git(bob.path, "switch", "-q", "-c", "mine")
    with reaching(bob, Reach.PUBLISHED).open() as catalog:
        done = aliasing.promote(projects.default(catalog), ["model/churn:v1"], "production")

    assert head(git, bob) == done.commit
    assert clean(git, bob)


def test_no_branch_is_made_where_none_is(bob, git, published):
    git(bob.path, "switch", "-q", "-c", "mine")
    git(bob.path, "branch", "-q", "-D", "main")
    with reaching(bob, Reach.PUBLISHED).open() as catalog:
        done = aliasing.promote(projects.default(catalog), ["model/churn:v1"], "production")

    assert git(bob.path, "for-each-ref", "--format=%(refname:short)", "refs/heads") == "mine"
    assert done.commit == git(bob.path, "rev-parse", "origin/main")


def test_without_a_remote_it_is_committed_here(desk, git):
    desk.link("one")

    done = reaching(desk, Reach.PUBLISHED).promote("model/churn:v0", "production")

    assert done.attempts == 0
    assert head(git, desk) == done.commit
    assert clean(git, desk)


# Projects


def begin(catalog, name):
    edits = [lambda now: project.begin(now, name)]
    return commit(projects.begun(catalog, name), Transaction(edits=edits, message=f"Begin {name}"))


def test_a_project_is_begun_where_everybody_sees_it(ana, bob, upstream, git):
    first = reaching(ana, Reach.PUBLISHED)(begin, "churn")
    again = reaching(bob, Reach.PUBLISHED)(begin, "churn")

    assert (first.attempts, again.attempts) == (1, 0)
    assert first.commit == again.commit == git(upstream, "rev-parse", "projects/churn")
    assert git(upstream, "ls-tree", "-r", "--name-only", "projects/churn") == "churn/project.yaml"
    assert git(bob.path, "for-each-ref", "--format=%(refname:short)", "refs/heads") == "main"


def test_a_project_that_was_begun_here_and_there_is_put_together(ana, bob, upstream, git):
    """Two roots: neither clone knew of the other's."""

    def record(catalog, name):
        from git_registry.model.documents.run import Run

        run = Run(name=name, state="running", started="2026-01-01T00:00:00.000Z")
        edits = [lambda now: project.begin(now, "churn"), lambda now: project.record(now, "churn", name, run)]
        return commit(projects.begun(catalog, "churn"), Transaction(edits=edits, message=f"Record {name}"))

    reaching(bob, Reach.OFFLINE)(record, "mine")
    reaching(ana, Reach.PUBLISHED)(record, "theirs")

    done = reaching(bob, Reach.PUBLISHED)(record, "last")

    assert done.attempts == 1
    assert done.commit == git(bob.path, "rev-parse", "projects/churn")
    published = git(upstream, "log", "--format=%s", "projects/churn").splitlines()
    assert published == ["Record last", "Record mine", "Record theirs"]
    assert git(upstream, "ls-tree", "-r", "--name-only", "projects/churn").splitlines() == (
        ["churn/project.yaml", "churn/runs/last.yaml", "churn/runs/mine.yaml", "churn/runs/theirs.yaml"]
    )


WRITER = textwrap.dedent("""
    import sys
    from datetime import UTC, datetime
    from git_registry.catalog.catalog import Catalog, Reach
    from git_registry.repository.repository import Repository
    from git_registry.sdk import aliasing

    directory, name = sys.argv[1:]
    for number in range(3):
        with Catalog(
            repository=Repository.open(directory), branch="main",
            clock=lambda: datetime.now(UTC), reach=Reach.PUBLISHED,
        ) as catalog:
            aliasing.promote(catalog, [f"model/churn:v{number % 2}"], f"{name}{number}")
""")


def test_several_processes_lose_nothing(ana, bob, git, published):
    before = len(published())
    places = [ana.path, ana.path, bob.path, bob.path]
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(place), f"w{number}-"])
        for number, place in enumerate(places)
    ]

    assert [writer.wait(timeout=150) for writer in writers] == [0, 0, 0, 0]

    assert len(published()) == before + 12
    for desk in (ana, bob):
        desk(sync)
        assert desk.aliases().keys() == {"production", *(f"w{w}-{n}" for w in range(4) for n in range(3))}
        assert clean(git, desk)


def test_what_is_not_there_even_now_is_not_found(bob):
    with pytest.raises(NotFound):
        reaching(bob, Reach.PUBLISHED).promote("model/churn:v9", "production")
