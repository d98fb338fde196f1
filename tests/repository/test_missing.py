"""What a line of history needs and is not there."""

import pytest

from git_registry.repository.missing import missing_objects
from git_registry.repository.process import GitFailed
from git_registry.repository.repository import Repository


@pytest.fixture
def place(make_repository, git):
    directory = make_repository(files={"a/one": "1", "b/two": "2"})
    (directory / "a/one").write_text("changed")
    git(directory, "commit", "-qam", "Second")
    return directory


def lose(place, git, revision):
    identifier = git(place, "rev-parse", revision)
    (place / ".git/objects" / identifier[:2] / identifier[2:]).unlink()
    return identifier


def missing(place, **options):
    repository = Repository.open(place)
    return missing_objects(repository, repository.head().commit, **options)


def test_nothing_is_missing(place):
    assert missing(place) == ()


@pytest.mark.parametrize("revision", ["HEAD:a/one", "HEAD~:a/one", "HEAD~:a", "HEAD~^{tree}"])
def test_a_file_or_directory_of_any_step(place, git, revision):
    assert missing(place, paths=["a"]) == ()
    lost = lose(place, git, revision)

    assert missing(place) == (lost,)


def test_only_below_the_paths(place, git):
    lost = lose(place, git, "HEAD~:a/one")

    assert missing(place, paths=["a"]) == missing(place, paths=["a/one", "b"]) == (lost,)
    assert missing(place, paths=["b"]) == missing(place, paths=["*"]) == ()


def test_a_commit_of_the_line_ends_it(place, git):
    lost = lose(place, git, "HEAD~")

    with pytest.raises(GitFailed, match=lost[:8]):
        missing(place)


def test_what_only_another_branch_needs_is_not_asked_for(place, git):
    git(place, "switch", "-qc", "side")
    (place / "c").write_text("side")
    git(place, "add", "c")
    git(place, "commit", "-qm", "Side")
    lose(place, git, "HEAD:c")
    git(place, "switch", "-q", "--force", "main")

    assert missing(place) == ()
