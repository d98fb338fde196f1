"""Projects and their runs, as pages."""

from __future__ import annotations

import math

import pytest
from tests.sdk.recorded import collection_at, manifest, project_at, record, run, run_at, version_at

EVIL = "<script>alert(1)</script>"


def started(hour, **parts):
    return run(started=f"2026-01-01T{hour:02}:00:00.000Z", ended=f"2026-01-01T{hour:02}:04:03.000Z", **parts)


@pytest.fixture(scope="module")
def browser(browse):
    made = browse()
    one = manifest("one", artifact="xgb")
    record(
        made.desk,
        "projects/churn",
        project_at("churn"),
        collection_at("churn/xgb"),
        version_at("churn/xgb", one),
        run_at("churn", "r1", started(9, name="brisk", job_type="train", summary={"auc": 0.5, "text": "x"})),
        run_at("churn", "r2", started(10, name=EVIL, tags=(EVIL,), summary={"auc": math.nan, "loss": 2})),
        run_at("churn", "r3", started(11, state="failed", summary={"auc": 0.75})),
        {"churn/runs/r4.yaml": b"format: 1\nstate: dancing\n"},
        later=1,
    )
    record(
        made.desk,
        "projects/sweep",
        {"sweep/project.yaml": b"no: [document\n"},
        *(run_at("sweep", f"r{one:03}", started(one % 24, summary={"auc": one})) for one in range(103)),
    )
    return made


def names(page):
    return [row[0] for row in page.rows]


def test_all_projects_are_cards(browser):
    page = browser.look("projects/")

    assert page.links["churn"] == "./churn/"
    assert "4 runs" in page.words
    assert "unreadable" in page.words
    assert page.links["sweep"] == "./sweep/"


def test_a_project_shows_its_runs_the_last_one_first(browser):
    page = browser.look("projects/churn/")
    by_name = {row[0]: row for row in page.rows}

    assert page.links["brisk"] == "./runs/r1/"
    assert by_name["brisk"][1:6] == ["finished", "train", "2026-01-01 09:00", "Ada Lovelace", "4m 03s"]
    assert by_name["Run"][6:8] == ["auc", "loss"]
    assert [by_name[one][6] for one in ("r3", "brisk")] == ["0.75", "0.5"]
    assert names(page).index("r3") < names(page).index("brisk")
    assert page.links["xgb"] == "./xgb/"


def test_what_somebody_wrote_does_nothing(browser):
    sent = browser.ask("projects/churn/")

    assert EVIL.encode() not in sent.body
    assert b"&lt;script&gt;" in sent.body


def test_a_run_that_can_not_be_read_is_a_row_that_says_so(browser):
    (row,) = [row for row in browser.look("projects/churn/").rows if row[0] == "r4"]

    assert "unreadable" in row[1]


def test_many_runs_stand_on_several_pages_in_one_order(browser):
    first = browser.look("projects/sweep/", sort="-summary.auc", metrics=["auc"])
    second = browser.look("projects/sweep/-/page/2/", sort="-summary.auc", metrics=["auc"])

    assert [row[6] for row in first.rows[1:3]] == ["102", "101"]
    assert names(second)[1:] == ["r002", "r001", "r000"]
    assert first.links["auc"] == "./?sort=summary.auc&metrics=auc"
    assert first.links["Older"] == "./-/page/2/?sort=-summary.auc&metrics=auc"


def test_what_has_no_value_stands_last_whichever_way(browser):
    for order in ("summary.auc", "-summary.auc"):
        page = browser.look("projects/churn/", sort=order)
        assert names(page)[3:5] == [EVIL, "r4"]


def test_the_command_line_s_name_for_all_runs_leads_there(browser):
    moved = browser.ask("projects/churn/runs/")

    assert (moved.status, moved.location) == (302, "../")


def test_a_project_that_is_not_here_says_so(browser):
    assert browser.ask("projects/nope/").status == 404
    assert browser.ask("projects/churn/-/page/2/").status == 404


def test_before_it_began_there_is_none(browser):
    assert "churn" not in browser.look("projects/", at="2026-01-02 11:00:00").links
    assert browser.ask("projects/churn/", at="2026-01-02 11:00:00").status == 404
    assert browser.look("projects/churn/", at="2026-01-02 12:00:00").links["brisk"].endswith("+12%3A00%3A00")
