"""The audit as pages: what happened, by filters, so many at a time."""

from __future__ import annotations

import pytest
from tests.sdk.recorded import project_at, record, run, run_at
from tests.web.reading import Read

from git_registry.sdk import aliasing, linking
from git_registry.web.pages import audit

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def browser(browse):
    made = browse()
    made.desk.link("one", aliases=["staging", "champion"])
    made.desk.link("two", aliases=["staging"])
    made.desk(aliasing.remove, "model/churn", ["champion"])
    made.desk(linking.unlink, ["model/churn:v0"])
    record(made.desk, "projects/churn", project_at("churn"), run_at("churn", "r1", run()))
    return made


def test_what_happened_last_stands_first_with_a_link_to_it(browser):
    page = browser.look("-/audit/")

    assert "Unlinked model/churn:v0" in page.rows[1][1]
    assert any(there == "../../model/churn/v1/" for there in page.links.values())


def test_what_is_gone_has_no_link(browser):
    links = browser.look("-/audit/").links

    assert not any(text.startswith("Unlinked") and "v0/" in there for text, there in links.items())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"event": "alias-moved"}, {"is v1 now, was v0"}),
        ({"path": "projects/churn", "event": "run-recorded"}, {"Added the run projects/churn/runs/r1"}),
        ({"by": "nobody at all"}, set()),
        ({"since": "2027-01-01"}, set()),
        ({"until": "2025-01-01"}, set()),
    ],
)
def test_filters_leave_what_was_asked_for(browser, query, found):
    page = browser.look("-/audit/", **query)

    assert len(page.rows[1:]) == len(found)
    assert all(any(one in row[1] for row in page.rows) for one in found)
    assert f"{len(found)} event" in page.words


def test_the_form_and_the_command_say_what_was_asked_for(browser):
    page = browser.look("-/audit/", path="model/churn", event="alias", by="ada", since="2026-01-01")

    assert "git registry history model/churn --event alias --by ada --since 2026-01-01 --json" in page.words
    values = {one.get("name"): one.get("value") for one in page.named("input")}
    assert (values["path"], values["by"], values["since"]) == ("model/churn", "ada", "2026-01-01")
    assert [one["value"] for one in page.named("option") if "selected" in one] == ["alias"]


def test_many_events_stand_on_several_pages_that_keep_the_filters(browser, monkeypatch):
    monkeypatch.setattr(audit, "SIZE", 2)

    first = browser.look("-/audit/", path="model/churn")
    second = browser.look("-/audit/-/page/2/", path="model/churn")

    assert first.links["Older"] == "./-/page/2/?path=model%2Fchurn"
    assert second.links["Newer"] == "../../../?path=model%2Fchurn"
    assert len(first.rows) == 3
    assert first.rows[1:] != second.rows[1:]
    assert len(second.rows) == 3


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({"event": EVIL}, 400, "there is no kind of event"),
        ({"since": "yesterday"}, 400, "expected a date"),
        ({"path": "model/nope"}, 404, "there is no collection model/nope"),
    ],
)
def test_what_is_not_understood_is_told(browser, query, status, said):
    sent = browser.ask("-/audit/", **query)

    assert sent.status == status
    assert said.casefold() in Read(sent.body).words.casefold()
    assert EVIL.encode() not in sent.body


def test_there_are_no_more_pages_than_there_are(browser):
    assert browser.ask("-/audit/-/page/2/").status == 404


@pytest.mark.parametrize("path", ["", "model/", "model/churn/", "model/churn/v1/"])
def test_what_happened_last_leads_to_all_of_it(browser, path):
    there = browser.look(path).links["All of it"]

    assert there.partition("?")[0].endswith("-/audit/")
    assert browser.look("-/audit/", path=path.rstrip("/").replace("/v", ":v")).rows
