"""`git registry history`."""

import json
import os
import re

import pytest
from tests.index.test_numbers import rename
from tests.sdk.desk import Desk

from .once import once

WORDS = {
    "history": ["history"],
    "history-collection": ["history", "model/churn", "--limit", "4"],
    "history-alias": ["history", "model/churn:staging", "--reverse"],
    "history-terms": ["history", "model/churn", "--alias", "staging"],
}


@once
def story(churn, git, monkeypatch):
    """Two promotions, one of them proposed by Bob and merged by Ada."""
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Bob")
    churn("promote", "model/churn:v1", "--to", "staging")
    monkeypatch.delenv("GIT_AUTHOR_NAME")
    when = {"GIT_COMMITTER_DATE": "1767268900 +0000"}
    git(churn.directory, "commit", "-q", "--amend", "-m", "Promote churn v1 (#12)", env=when)
    churn("alias", "remove", "model/churn", "staging")
    churn("promote", "model/churn:v0", "--to", "staging")
    return churn


def without_commits(text):
    """Leave the commits' digits out: they depend on where the store is, among others."""
    return re.sub(r"\b[0-9a-f]{10}\b", "<commit>  ", text)


def lines(shell, *words):
    return [json.loads(line) for line in shell(*words, "--json").splitlines()]


@pytest.mark.parametrize("name", WORDS)
def test_json_lines(story, golden, name):
    golden(f"{name}.jsonl", story(*WORDS[name], "--json"))


@pytest.mark.parametrize("name", WORDS)
def test_text_in_a_pipe(story, golden, name):
    golden(f"{name}.pipe.txt", without_commits(story(*WORDS[name])))


@pytest.mark.parametrize("name", WORDS)
def test_text_on_a_terminal(story, golden, name, terminal):
    golden(f"{name}.terminal.txt", without_commits(story(*WORDS[name])))


def test_in_a_pipe_every_row_has_its_fields(story):
    rows = [line.split("\t") for line in story("history").splitlines()]

    assert {len(row) for row in rows} == {6}
    (row,) = (row for row in rows if row[3])
    assert (row[1], row[3], row[4], row[5]) == (
        *("Bob (by Ada Lovelace)", "#12", ""),
        "model/churn:staging is v1 now, was v0",
    )


def test_json_has_who_and_which_proposal(story):
    (moved,) = lines(story, "history", "--event", "alias-moved")

    assert moved["author"]["name"] == "Bob"
    assert moved["committer"]["name"] == "Ada Lovelace"
    assert (moved["proposal"], moved["signature"]) == (12, None)
    assert (moved["before"], moved["after"], moved["time"]) == ("v0", "v1", "2026-01-01T12:01:40Z")


@once
def merged(churn, git):
    """Carol merged what Bob proposed and Alice approved."""
    git(churn.directory, "switch", "-q", "-c", "proposals/bob/x")
    churn("promote", "model/churn:v1", "--to", "staging")
    git(churn.directory, "commit", "-q", "--amend", "--no-edit", "--author", "Bob <bob@acme.example>")
    git(
        churn.directory,
        "update-ref",
        f"refs/approvals/alice/{git(churn.directory, 'rev-parse', 'HEAD')}",
        "HEAD",
    )
    git(churn.directory, "switch", "-q", "main")
    said = "Approved-by: user:alice\nApproved-by: user:mallory"  # who is made up: there is no ref of hers
    message = f"Merge bob/x: Promote\n\nProposed-by: user:bob\n{said}"
    carol = {
        f"GIT_{role}_{part}": said
        for role in ("AUTHOR", "COMMITTER")
        for part, said in (("NAME", "Carol"), ("EMAIL", "carol@acme.example"))
    }
    git(churn.directory, "merge", "-q", "--no-ff", "-m", message, "proposals/bob/x", env=carol)
    return churn


def test_who_proposed_and_who_approved_is_told_beside_who_merged(merged):
    (moved,) = lines(merged, "history", "--event", "alias-moved")
    (row,) = (line.split("\t") for line in merged("history", "--event", "alias-moved").splitlines())
    term = lines(merged, "history", "model/churn", "--alias", "staging")[0]

    assert moved["proposed_by"] == {"name": "Bob", "email": "bob@acme.example"}
    assert (moved["approved_by"], moved["proposal"]) == (["user:alice"], "bob/x")
    assert (row[1], row[3]) == ("Carol, proposed by Bob, approved by user:alice", "bob/x")
    assert (term["since"]["approved_by"], term["until"]) == (["user:alice"], None)


def test_who_proposed_it_and_who_approved_it_did_it_too(merged):
    def moved(*words):
        return [one["event"] for one in lines(merged, "history", "--event", "alias-moved", *words)]

    for who in ("carol", "BOB@acme", "alice", "user:alice"):
        assert moved("--by", who) == ["alias-moved"]
        assert len(lines(merged, "history", "model/churn", "--alias", "staging", "--by", who)) == 1
    assert moved("--by", "mallory") == moved("--by", "bob", "--until", "2000-01-01") == []
    assert [one["event"] for one in lines(merged, "history", "--by", "bob", "--limit", "1")] == [
        "alias-moved"
    ]


def test_options_narrow_it(story):
    def kinds(*words):
        return [one["event"] for one in lines(story, "history", "model/churn", *words)]

    assert kinds("--event", "alias") == ["alias-added", "alias-removed", "alias-moved", "alias-added"]
    assert kinds("--event", "alias-moved,alias-removed") == ["alias-removed", "alias-moved"]
    assert kinds("--event", "alias-moved", "--event", "alias-removed") == ["alias-removed", "alias-moved"]
    assert kinds("--by", "bob") == ["alias-moved"]
    assert kinds("--limit", "1") == ["alias-added"]
    assert kinds("--reverse", "--limit", "1") == ["collection-created"]
    assert kinds("--since", "2026-01-01 12:01:40", "--until", "2026-01-01T13:01:40+01:00") == ["alias-moved"]
    assert kinds("--since", "2026-01-01", "--until", "2026-01-01") == kinds()
    assert kinds("--since", "2026-01-02") == kinds("--until", "2025-12-31") == []


def test_as_of_then(story):
    assert lines(story, "history", "--at", "HEAD~2") == lines(story, "history")[2:]
    (term,) = lines(story, "history", "model/churn", "--alias", "staging", "--at", "HEAD~3")
    assert term["until"] is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--since", "yesterday"], "expected a date, found 'yesterday'"),
        (["--until", "2026-02-30"], "expected a date, found '2026-02-30'"),
        (["--limit", "0"], "--limit takes a number from 1"),
        (["--limit", "many"], "--limit takes a number from 1"),
        (["--limit", "9" * 19], "--limit takes a number from 1"),
        (["--limit", "9" * 5000], "--limit takes a number from 1"),
        (["--event", "alias-move"], "there is no kind of event 'alias-move'"),
        (["model/churn", "--alias", "staging", "--event", "alias"], "take one of them"),
        (["--alias", ""], "--alias takes a name"),
    ],
)
def test_what_it_can_not_do(story, words, message):
    assert message in story.error("history", *words, code=2)["message"]


def test_git_says_the_same(story, git):
    path = "model/churn/aliases/staging.yaml"
    listed = git(story.directory, "log", "--first-parent", "--format=%H", "--", path).split()

    found = [one["commit"] for one in lines(story, "history", "model/churn:staging")]

    assert found == listed
    assert len(found) == 4


def test_terms_are_from_one_commit_to_the_next(story):
    third, none, second, first = lines(story, "history", "model/churn", "--alias", "staging")

    assert [one["version"] for one in (first, second, none, third)] == ["v0", "v1", None, "v0"]
    assert first["until"] == second["since"]
    assert second["until"] == none["since"]
    assert second["since"]["proposal"] == 12
    assert (none["id"], none["until"], third["until"]) == (None, third["since"], None)


def test_an_alias_without_a_collection_is_its_events_everywhere(story):
    everywhere = lines(story, "history", "--alias", "staging")

    assert everywhere == lines(story, "history", "model", "--alias", "staging")
    assert everywhere == lines(story, "history", "model/churn:staging")
    assert len(lines(story, "history", "--alias", "staging", "--event", "alias-moved")) == 1


def test_a_subject_is_shown_where_it_fits(story, terminal, monkeypatch):
    def header():
        table = story("history", "model/churn", "--alias", "staging").splitlines()
        assert max(map(len, table)) <= int(os.environ["COLUMNS"])
        return table[0].split()

    assert header() == ["VERSION", "ID", "FROM", "TO", "BY", "COMMIT"]
    monkeypatch.setenv("COLUMNS", "140")
    assert header()[-1] == "SUBJECT"


def test_where_an_alias_went_is_told(story, git):
    rename(Desk(story.directory), git, "model/churn", "model/leavers")

    version, *_, subject = story("history", "model/churn", "--alias", "staging").splitlines()[0].split("\t")
    assert (version, subject) == ("none", "Rename model/churn to model/leavers")
    assert "the collection was renamed to model/leavers; `git registry history model/leavers" in story.err
    story("history", "model/leavers", "--alias", "staging")
    assert story.err == ""
