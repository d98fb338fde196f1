"""Which commits touched a file, past the merges that brought them."""

from __future__ import annotations

import pytest

from git_registry.repository.repository import Repository
from git_registry.repository.touched import touching


@pytest.fixture
def merged(make_repository, git):
    """A file that is written on main and again on a topic, which is merged; another that nobody touches."""
    path = make_repository("repo", {"[a].txt": "one", "b.txt": "b"})

    def write(content, message):
        (path / "[a].txt").write_text(content)
        git(path, "commit", "-qam", message)
        return git(path, "rev-parse", "HEAD")

    first = git(path, "rev-parse", "HEAD")
    git(path, "switch", "-q", "-c", "topic")
    second = write("two", "On the topic")
    git(path, "switch", "-q", "main")
    (path / "b.txt").write_text("c")
    git(path, "commit", "-qam", "Elsewhere")
    git(path, "merge", "-q", "--no-ff", "-m", "Merge", "topic")
    return Repository.open(path), first, second


def test_a_merge_is_passed_by_and_a_name_is_no_pattern(merged):
    repository, first, second = merged

    assert touching(repository, "main", ["[a].txt"], at_most=9) == [(second, first), (first, None)]
    assert touching(repository, "main", ["a.txt"], at_most=9) == []


def test_what_is_known_is_left_out_and_no_more_told_than_wanted(merged):
    repository, first, second = merged

    assert touching(repository, "main", ["[a].txt"], without=[first], at_most=9) == [(second, first)]
    assert touching(repository, "main", ["[a].txt"], at_most=1) == [(second, first)]
