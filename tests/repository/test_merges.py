"""What merges brought: a second parent, and who wrote that."""

import pytest

from git_registry.repository.merges import merges
from git_registry.repository.repository import Repository


@pytest.fixture
def place(tmp_path, git):
    """A branch of Bob's that Ada merged, and a commit of hers on top."""
    git(tmp_path, "init", "-q", "-b", "main", ".")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "One")
    git(tmp_path, "switch", "-q", "-c", "side")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "Two", "--author", "Bób <bob@acme.example>")
    git(tmp_path, "switch", "-q", "main")
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "Merge", "side")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "Three")
    return tmp_path


@pytest.fixture
def named(place, git):
    return lambda name: git(place, "rev-parse", name)


def test_only_merges_have_any(place, named):
    merge = named("main^")

    found = merges(Repository.open(place), [named("main"), merge, named("main^^"), merge])

    assert list(found) == [merge]
    assert found[merge].commit == named("side")
    assert (found[merge].author.name, found[merge].author.email) == ("Bób", "bob@acme.example")


def test_of_no_commits_there_are_none(place):
    assert merges(Repository.open(place), []) == {}


def test_what_is_not_here_has_no_author(place, named, git):
    merge, side = named("main^"), named("side")
    git(place, "branch", "-q", "-D", "side")
    (place / ".git/objects" / side[:2] / side[2:]).unlink()

    found = merges(Repository.open(place), [merge])

    assert found == {merge: (side, None)}
