import os
import subprocess
import sys
from pathlib import Path

import pytest

import git_registry
from git_registry.errors import Conflict, InvalidDocument
from git_registry.repository import advance as advancing
from git_registry.repository.advance import Proposed, advance
from git_registry.repository.objects import entry_at
from git_registry.repository.refs import RefMoved
from git_registry.repository.repository import Repository

SOURCE = str(Path(git_registry.__file__).parents[1])


@pytest.fixture
def repo(make_repository):
    return make_repository(files={"a": "1\n"})


@pytest.fixture
def bare(make_repository):
    return make_repository("bare.git", None, "--bare")


def test_a_commit_is_made_of_what_is_proposed(repo, git, ada):
    seen = []

    def build(tip):
        seen.append(tip)
        return Proposed({"b": b"2\n"}, "Add b\n\nBecause")

    first = git(repo, "rev-parse", "HEAD")
    tip = advance(Repository.open(repo), "main", build, ada)

    assert seen == [first]
    assert git(repo, "rev-parse", "HEAD", "HEAD~").split() == [tip, first]
    assert git(repo, "log", "-1", "--format=%an %at %B") == "Ada 1767268800 Add b\n\nBecause\n"
    assert git(repo, "reflog", "-1", "--format=%gs") == "commit: Add b"
    assert git(repo, "status", "--porcelain") == ""


def test_a_first_commit_is_made_on_an_unborn_branch(make_repository, git, commit):
    repo = make_repository()

    tip = commit(repo, {"d/a": b"1\n"})

    assert git(repo, "rev-list", "HEAD") == tip
    assert (repo / "d/a").read_text() == "1\n"
    assert git(repo, "status", "--porcelain") == ""


def test_a_bare_repository_is_written_to(bare, git, commit):
    one = commit(bare, {"a": b"1\n"})
    two = commit(bare, {"a": b"2\n"})

    assert git(bare, "rev-list", "main").split() == [two, one]


def test_nothing_to_do_makes_no_commit(repo, git, ada, commit):
    tip = git(repo, "rev-parse", "HEAD")

    assert advance(Repository.open(repo), "main", lambda _: None, ada) == tip
    assert advance(Repository.open(repo), "other", lambda _: None, ada) is None
    assert commit(repo, {"a": b"1\n", "nothing": None}) == tip


def test_an_error_while_building_leaves_everything_alone(repo, git, ada):
    def build(tip):
        raise InvalidDocument("no")

    with pytest.raises(InvalidDocument):
        advance(Repository.open(repo), "main", build, ada)
    assert git(repo, "log", "--format=%s") == "First"


def test_when_others_move_the_branch_it_is_built_again_on_theirs(repo, git, ada):
    seen = []

    def build(tip):
        if len(seen) < 3:
            git(repo, "commit", "-q", "--allow-empty", "-m", f"Theirs {len(seen)}")
        seen.append(tip)
        return Proposed({"b": b"%d\n" % len(seen)}, "Ours")

    advance(Repository.open(repo), "main", build, ada)

    assert git(repo, "log", "--format=%s").split("\n") == [
        "Ours",
        "Theirs 2",
        "Theirs 1",
        "Theirs 0",
        "First",
    ]
    assert (repo / "b").read_text() == "4\n"
    assert git(repo, "status", "--porcelain") == ""
    assert not (repo / ".git/commit-journal").exists()


def test_it_gives_up_when_others_always_win(repo, git, ada, monkeypatch):
    monkeypatch.setattr(advancing, "TRIES", 3)

    def build(tip):
        git(repo, "commit", "-q", "--allow-empty", "-m", "Theirs")
        return Proposed({"b": b"b\n"}, "Ours")

    with pytest.raises(RefMoved):
        advance(Repository.open(repo), "main", build, ada)
    assert not (repo / "b").exists()
    assert git(repo, "status", "--porcelain") == ""


def test_local_edits_are_named_before_anything_is_written(repo, git, commit):
    (repo / "a").write_text("mine\n")
    objects = git(repo, "count-objects")

    with pytest.raises(Conflict, match="local edits would be overwritten: a"):
        commit(repo, {"a": b"ours\n"})
    assert git(repo, "count-objects") == objects


WRITER = """
import sys
from datetime import UTC, datetime
from git_registry.repository.advance import Proposed, advance
from git_registry.repository.identity import Authorship, Signature
from git_registry.repository.objects import entry_at
from git_registry.repository.repository import Repository
who = Signature("W", "w@example.org", datetime(2026, 1, 1, tzinfo=UTC))
repository = Repository.open(sys.argv[1])
def build(tip):
    # Read, add one, write: an update is lost unless every one sees the one before.
    with repository.reader() as reader:
        count = entry_at(reader, reader.root(tip), "count") if tip else None
        value = int(reader.blob(count.id, at_most=100)) if count else 0
    return Proposed({"count": b"%d" % (value + 1), f"w/{name}": name.encode()}, name)
for n in range(int(sys.argv[3])):
    name = f"{sys.argv[2]}-{n}"
    advance(repository, "main", build, Authorship(who, who))
"""


@pytest.mark.parametrize("kind", ["bare", "checked out"])
def test_eight_processes_lose_nothing(request, kind, git, make_repository):
    directory = make_repository("shared", None, *(["--bare"] if kind == "bare" else []))
    env = {**os.environ, "PYTHONPATH": SOURCE}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, directory, str(n), "25"], env=env) for n in range(8)
    ]

    assert [writer.wait() for writer in writers] == [0] * 8

    assert git(directory, "rev-list", "--count", "main") == "200"
    assert git(directory, "show", "main:count") == "200"
    assert len(git(directory, "ls-tree", "--name-only", "main:w").split()) == 200
    git(directory, "fsck", "--strict", "--no-dangling")
    if kind != "bare":
        assert git(directory, "status", "--porcelain") == ""


def test_writers_that_know_no_queue_lose_nothing_either(repo, git, commit):
    script = 'for n in 1 2 3 4 5 6 7 8 9 10; do until new=$(git commit-tree -p main -m T "main^{tree}") && '
    script += 'git update-ref refs/heads/side "$new" "$(git rev-parse "$new^")"; do :; done; done'
    git(repo, "branch", "side")
    theirs = subprocess.Popen(
        ["sh", "-c", script.replace("main", "side")], cwd=repo, stderr=subprocess.DEVNULL
    )

    for n in range(20):
        commit(repo, {f"ours/{n}": b"x"}, branch="side", message="Ours")

    assert theirs.wait() == 0
    subjects = git(repo, "log", "--format=%s", "side").split("\n")
    assert (subjects.count("Ours"), subjects.count("T")) == (20, 10)
    with Repository.open(repo).reader() as reader:
        root = reader.root(reader.commit("side"))
        assert all(entry_at(reader, root, f"ours/{n}") for n in range(20))
