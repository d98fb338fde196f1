"""Looking back: every page as of a date or a commit, and what can't be looked back to."""

from __future__ import annotations

import pytest
from tests.sdk.recorded import project_at, record, run, run_at
from tests.web.reading import Read

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def browser(browse):
    """The organization begins on 2026-01-01; a project follows a day later."""
    made = browse()
    made.desk.link("one", aliases=["staging"])
    made.desk.link("two", aliases=["staging"])
    record(made.desk, "projects/churn", project_at("churn"), run_at("churn", "r1", run()), later=1)
    return made


def commits(browser, branch):
    with browser.desk.open() as catalog:
        return catalog.repository.git("rev-list", branch).text.split()


@pytest.mark.parametrize(
    ("at", "status", "said"),
    [
        ("2025-12-31", 404, "Nothing was there yet at 2025-12-31"),
        ("nonsense", 400, "'nonsense' is neither a date nor a revision"),
        (EVIL, 400, "is neither a date nor a revision"),
        ("2026-13-45", 400, "is neither a date nor a revision"),
        ("--output=x", 400, "is neither a date nor a revision"),
        ("projects/churn", 400, "is a commit of another branch than main"),
    ],
)
def test_what_can_not_be_looked_back_to_is_told_and_the_picker_is_still_there(browser, at, status, said):
    sent = browser.ask("model/churn/", at=at, sort="-number")
    page = Read(sent.body)

    assert sent.status == status
    assert said in page.words
    assert "--at" not in page.words.replace("--output=x", "")
    assert EVIL.encode() not in sent.body
    assert {"at", "sort"} <= {one.get("name") for one in page.named("input")}
    assert "at=" not in page.links["All registries"]


def test_what_a_script_asks_for_is_answered_as_data_all_the_same(browser):
    sent = browser.ask("projects/churn/runs/r1/curves.json", at="nonsense")

    assert (sent.status, sent.kind) == (400, "application/json")


def test_a_commit_shows_what_was_there_then(browser):
    second, first, *_ = commits(browser, "main")

    assert "v1" in browser.look("model/churn/", at=second).links
    before = browser.look("model/churn/", at=first)
    assert "v1" not in before.links
    assert f"as of {first}" in before.words


def test_a_date_to_come_shows_what_was_there_last_and_says_so(browser):
    page = browser.look("model/churn/", at="2031-01-01")

    assert "of 2026-01-01 12:0" in page.words


def test_what_was_not_there_then_leads_to_what_is_above_it_and_to_now(browser):
    first = commits(browser, "main")[1]
    page = Read(browser.ask("model/churn/v1/", at=first, sort="size").body)

    assert page.links["model/churn"] == f"../?at={first}"
    assert page.links["This page as it is now"] == "./?sort=size"


def test_what_can_not_be_looked_back_to_leads_to_now(browser):
    assert Read(browser.ask("model/churn/", at="2025-12-31").body).links["This page as it is now"] == "./"


@pytest.mark.parametrize(
    ("path", "above"),
    [
        ("model/churn/v9/", "model/churn"),
        ("model/nothing/v9/", "model"),
        ("projects/churn/runs/r9/", "projects/churn/runs"),
        ("-/proposals/a/b/", "-/proposals"),
    ],
)
def test_what_is_nowhere_leads_to_the_nearest_page_above_it(browser, path, above):
    page = Read(browser.ask(path).body)

    assert above in page.links
    assert "This page as it is now" not in page.links
    assert browser.ask(f"{above}/").status < 400


def test_the_way_back_to_now_keeps_all_that_was_asked_for(browser):
    page = browser.look("-/search/", at="2026-01-01 12:00:30", q="churn", tag=["a", "b"], there="x")

    assert page.links["Back to now"].startswith("./?")
    assert "at=" not in page.links["Back to now"]
    assert "tag=a&tag=b" in page.links["Back to now"]


def test_each_event_leads_to_what_was_there_then(browser):
    (then, *_) = commits(browser, "main")
    page = browser.look("-/audit/")
    (link,) = [
        there
        for text, there in page.links.items()
        if text.startswith("as of then: model/churn:staging is v1")
    ]

    assert link == f"../../?at={then}"


def test_an_event_of_a_project_leads_to_its_date_which_every_branch_has(browser):
    page = browser.look("projects/churn/runs/r1/")
    (link,) = [there for text, there in page.links.items() if text.startswith("as of then")]

    assert link == "./?at=2026-01-02+12%3A00%3A00Z"
    assert browser.look("projects/churn/runs/r1/", at="2026-01-02 12:00:00")
    assert browser.ask("projects/churn/runs/r1/", at="2026-01-02 11:59:59").status == 404


def test_the_audit_is_of_what_had_happened_by_then(browser):
    first = commits(browser, "main")[1]

    assert "now, was v0" in browser.look("-/audit/").words
    assert "now, was v0" not in browser.look("-/audit/", at=first).words


def test_a_project_that_began_later_is_not_there_yet(browser):
    sent = browser.ask("projects/churn/", at="2026-01-01 13:00:00")

    assert sent.status == 404
    assert "There was no project 'churn' yet" in Read(sent.body).words
