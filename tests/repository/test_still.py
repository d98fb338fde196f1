"""A repository whose refs are read once."""

from __future__ import annotations

import pytest

from git_registry.repository import history, listed
from git_registry.repository.repository import Repository
from git_registry.repository.still import Still


@pytest.fixture
def repository(tmp_path, git, commit):
    git(tmp_path, "init", "-q", "-b", "main")
    made = Repository.open(tmp_path)
    commit(made, {"a": b"1"})
    return made


def refs(repository):
    return (
        repository.branch("main"),
        repository.head(),
        repository.symbolic("HEAD"),
        listed.matching(repository, "refs/"),
    )


def test_it_tells_of_the_moment_it_was_first_asked(repository, commit):
    still = Still(repository)
    before = refs(still)

    commit(repository, {"a": b"2"})

    assert refs(still) == before != refs(repository)
    assert refs(Still(repository)) == refs(repository)


def test_commits_are_compared_once(repository, commit, monkeypatch):
    before = repository.branch("main")
    commit(repository, {"a": b"2"})
    still = Still(repository)
    pair = still.branch("main"), before
    assert not history.is_ancestor(still, *pair)

    monkeypatch.setattr(Repository, "git", None)

    assert not history.is_ancestor(still, *pair)


def test_what_is_no_ref_is_asked_each_time(repository):
    still = Still(repository)
    hash_object = ("hash-object", "-w", "--stdin")

    assert still.git(*hash_object, input=b"1").text != still.git(*hash_object, input=b"2").text
