"""A branch goes before a tag of its name, and of two that differ nobody guesses."""

from __future__ import annotations

import pytest

from git_registry.errors import UsageError
from git_registry.repository.repository import Repository
from git_registry.repository.revision import commit_named


@pytest.fixture
def repo(make_repository, git):
    path = make_repository(files={"a": "1\n"})
    git(path, "commit", "-q", "--allow-empty", "-m", "Second")
    return path


@pytest.fixture
def named(repo):
    def named(revision):
        repository = Repository.open(repo)
        with repository.reader() as reader:
            return commit_named(repository, reader, revision)

    return named


@pytest.fixture
def at(repo, git):
    return {name: git(repo, "rev-parse", name) for name in ("main", "main~1")}


def test_a_branch_a_remotes_branch_and_a_tag_by_their_short_names(repo, git, named, at):
    git(repo, "update-ref", "refs/remotes/origin/main", "main~1")
    git(repo, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    git(repo, "tag", "-a", "v1", "-m", "First", "main~1")

    for name in ("main~1", "origin/main", "origin", "v1", "refs/heads/main^", "main@{0}~1", at["main~1"][:9]):
        assert named(name) == at["main~1"], name
    for name in ("main", "HEAD", "@", "heads/main", "refs/heads/main", at["main"]):
        assert named(name) == at["main"], name


def test_a_tag_called_as_a_remotes_branch_is_refused(repo, git, named, at):
    git(repo, "update-ref", "refs/remotes/origin/main", "main")
    git(repo, "tag", "origin/main", "main~1")

    for name in ("origin/main", "origin/main~1"):
        with pytest.raises(UsageError, match="refs/remotes/origin/main and refs/tags/origin/main"):
            named(name)
    assert named("refs/remotes/origin/main") == at["main"]
    git(repo, "tag", "-f", "origin/main", "main")
    assert named("origin/main~1") == at["main~1"], "where both are the same, none is meant more"


def test_what_is_called_as_a_full_name_hides_nothing(repo, git, named, at):
    git(repo, "update-ref", "refs/tags/refs/heads/main", "main~1")
    git(repo, "update-ref", "refs/heads/HEAD", "main~1")
    git(repo, "update-ref", f"refs/heads/{at['main']}", "main~1")

    for name in ("refs/heads/main", "HEAD", "@", at["main"]):
        assert named(name) == at["main"], name


@pytest.mark.parametrize("odd", ["", "x", "-x", "^main", "a\nb", "a\0b", "../x", "a//b", "x" * 5_000, "~1"])
def test_what_names_nothing(named, odd):
    assert named(odd) is None
