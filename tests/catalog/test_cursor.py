"""The ref that says how far events were answered: only ever moved from where it was seen."""

from __future__ import annotations

import pytest

from git_registry.catalog.cursor import CURSOR, begin, move, read
from git_registry.errors import Conflict
from git_registry.policy.refs import Kind, kind_of
from git_registry.repository.refs import RefMoved
from git_registry.repository.repository import Repository


@pytest.fixture
def repository(make_repository):
    return Repository.open(make_repository(files={"a": "1"}))


def test_it_begins_once_and_moves_from_where_it_was_seen(repository, git):
    first = git(repository.gitdir, "rev-parse", "HEAD")
    second = git(repository.gitdir, "commit-tree", f"{first}^{{tree}}", "-p", first, "-m", "x")
    assert read(repository) is None

    assert begin(repository, first)
    assert not begin(repository, second)
    with pytest.raises(RefMoved):
        move(repository, old=second, new=first)
    move(repository, old=first, new=second)

    assert read(repository) == second


def test_one_that_is_locked_says_so(repository, git):
    (repository.gitdir / f"{CURSOR}.lock").parent.mkdir()
    (repository.gitdir / f"{CURSOR}.lock").touch()

    with pytest.raises(Conflict, match="can't be moved"):
        begin(repository, git(repository.gitdir, "rev-parse", "HEAD"))


def test_nobody_may_push_it():
    assert kind_of(CURSOR, "main")[0] is Kind.OTHER
