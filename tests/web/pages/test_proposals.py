"""What waits for review, as pages: whose it is, what it does, what is missing, what to type."""

from __future__ import annotations

import subprocess

import pytest
from tests.sdk.recorded import record

EVIL = "<script>alert(1)</script>"
FETCHED = "refs/remotes/origin"

ACCESS = b"""\
format: 1
members: {"user:bob": admin, "user:alice": admin}
protected_aliases:
  production:
    gates:
      - approvals: {count: 1, role: admin, not_author: true}
"""


def titled(title):
    return {"model/churn/collection.yaml": f"format: 1\ntype: model\ntitle: {title}\n".encode()}


def pointed(alias, version):
    return {f"model/churn/aliases/{alias}.yaml": f"format: 1\nversion: {version}\n".encode()}


@pytest.fixture(scope="module")
def browser(browse):
    """A clone in which all of it was fetched from a remote that is gone."""
    made = browse()
    desk = made.desk

    def git(*args):
        return subprocess.run(
            ["git", *args], cwd=desk.path, check=True, capture_output=True, text=True
        ).stdout

    def propose(name, *files, base="main"):
        ref = f"{FETCHED}/proposals/bob/{name}"
        git("update-ref", ref, base)
        if files:
            record(desk, ref, *files)

    first = desk.link("one", aliases=["production"]).id
    second = desk.link("two").id
    record(desk, "main", {"model/access.yaml": ACCESS})
    record(desk, "main", titled("Early"))
    git("remote", "add", "origin", f"file://{desk.path.parent}/gone.git")
    git("update-ref", f"{FETCHED}/main", "main")
    git("symbolic-ref", f"{FETCHED}/HEAD", f"{FETCHED}/main")
    for name, value in (("registry.user", "user:alice"), ("branch.main.remote", "origin")):
        git("config", name, value)
    git("config", "branch.main.merge", "refs/heads/main")
    propose("promote", pointed("production", second))
    propose("plain", pointed("shadow", first))
    plain = git("rev-parse", f"{FETCHED}/proposals/bob/plain").strip()
    why = git("commit-tree", f"{plain}^{{tree}}", "-p", plain, "-m", f"Why? {EVIL}").strip()
    git("update-ref", f"refs/objections/alice/{plain}", why)
    propose("late", titled("Late"), base="main~1")
    propose("merged")
    return made


def test_the_list_says_what_would_become_of_each(browser):
    page = browser.look("-/proposals/")
    told = {row[0].rpartition("bob/")[2]: row for row in page.rows[1:]}

    assert set(told) == {"promote", "plain", "late"}
    assert told["promote"][1] == "needs approval approval by user:ada or user:alice"
    assert told["plain"][1].startswith("changes requested")
    assert told["plain"][4].startswith("user:alice: Why?")
    assert told["late"][1].startswith("conflicts")
    assert told["late"][2] == "user:bob"


def test_what_is_merged_is_shown_only_if_asked(browser):
    page = browser.look("-/proposals/", merged="yes")

    assert any("merged" in row[1] and "bob/merged" in row[0] for row in page.rows)


def test_a_proposal_says_what_it_does_what_is_missing_and_what_to_type(browser):
    page = browser.look("-/proposals/bob/promote/")

    assert "The proposal bob/promote needs approval" in page.words
    (change,) = [row for row in page.rows if row[0].startswith("model/churn:production is v1 now, was v0")]
    assert change[1] == "admin of model"
    assert "Still to approve" in page.words
    assert "git registry approve bob/promote --commit " in page.words
    assert "git registry rollback model/churn production --to v0" in page.words
    assert page.links["model/churn:v1"] == "../../../../model/churn/v1/"
    assert page.links["Compare them"] == "../../../compare/?v=model%2Fchurn%3Av0&v=model%2Fchurn%3Av1"


def test_a_proposal_is_called_what_its_message_says(browser):
    for name in ("promote", "late"):
        page = browser.look(f"-/proposals/bob/{name}/")
        assert f"Record bob/{name}" in page.words
        assert "`" not in page.words


def test_blobs_that_nobody_looked_at_are_not_told_of(browser):
    assert "not checked" not in browser.look("-/proposals/bob/promote/").words


def test_an_objection_shows_and_does_nothing(browser):
    sent = browser.ask("-/proposals/bob/plain/")

    assert b"alice asked for changes" in sent.body
    assert EVIL.encode() not in sent.body


def test_conflicts_are_told_with_what_to_do(browser):
    page = browser.look("-/proposals/bob/late/")

    assert "conflicts with what is published: propose it again" in page.words


def test_a_proposal_that_is_merged_or_never_was_says_so(browser):
    assert browser.ask("-/proposals/bob/nope/").status == 404


def test_proposals_are_of_now_even_when_looking_back(browser):
    page = browser.look("-/proposals/bob/promote/", at="main")

    assert "as it is now" in page.words
    assert "needs approval" in page.words
