from datetime import UTC, datetime, timedelta, timezone

import pytest

from git_registry.errors import UsageError
from git_registry.repository.identity import Signature, author, authorship, committer, parse_date
from git_registry.repository.repository import Repository


@pytest.fixture
def repo(make_repository):
    return make_repository()


def test_it_is_who_git_says(repo, noon):
    assert committer(Repository.open(repo), noon) == Signature("Ada Lovelace", "ada@example.org", noon)


def test_the_environment_goes_first_then_the_role_then_the_user(repo, git, noon, monkeypatch):
    git(repo, "config", "author.email", "author@example.org")
    monkeypatch.setenv("GIT_COMMITTER_NAME", " <Grace> Hopper. ")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "grace@example.org")

    both = authorship(Repository.open(repo), noon)

    assert both.author == Signature("Ada Lovelace", "author@example.org", noon)
    assert both.committer == Signature("Grace> Hopper".replace(">", ""), "grace@example.org", noon)


@pytest.mark.parametrize("text", ["1767225600 +0130", "@1767225600 +0130", "2026-01-01T01:30:00+0130"])
def test_a_date_in_the_environment_is_read_as_git_reads_it(repo, noon, monkeypatch, text):
    monkeypatch.setenv("GIT_AUTHOR_DATE", text)
    repository = Repository.open(repo)

    assert author(repository, noon).date == "1767225600 +0130"
    assert committer(repository, noon).at == noon


def test_no_email_is_not_guessed(repo, noon, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")

    with pytest.raises(UsageError) as caught:
        committer(Repository.open(repo), noon)
    assert caught.value.hint == "git config --global user.email you@example.org"

    monkeypatch.setenv("EMAIL", "ada@example.org")
    with pytest.raises(UsageError, match="no name is set"):
        committer(Repository.open(repo), noon)


def test_a_signature_is_written_as_git_writes_it():
    west = datetime(2026, 1, 1, tzinfo=timezone(-timedelta(hours=3, minutes=30)))

    assert Signature("A", "a@b", west).line == "A <a@b> 1767238200 -0330"
    assert parse_date("1767238200 -0330") == west
    assert parse_date("1767238200 -0330").utcoffset() == west.utcoffset()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("", 0),
        ("x y", 0),
        ("99999999999999999999 +0000", 0),
        ("1767238200", 1767238200),
        ("1767238200 +9999", 1767238200),
        ("1767238200 +5", 1767238200),
    ],
)
def test_broken_dates_of_old_history_are_read_as_best_as_can_be(text, moment):
    assert parse_date(text) == datetime.fromtimestamp(moment, UTC)
