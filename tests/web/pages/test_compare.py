"""Versions side by side: what differs, what is the same if that is wanted, and what can't be compared."""

from __future__ import annotations

import pytest
from tests.sdk.projects import log
from tests.web.reading import Read

from git_registry.web.pages import compare

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def browser(browse):
    made = browse()
    desk = made.desk
    desk.link("rows", "dataset/rows")
    desk.link(
        {"model.bin": "one", "README": "same"},
        aliases=["staging"],
        metrics={"auc": 0.91, "loss": 0.5, "n": 7},
        metadata={"depth": 3, "note": HOSTILE, "seed": 1},
        inputs=["dataset/rows:v0"],
    )
    desk.link(
        {"model.bin": "two", "README": "same"},
        metrics={"auc": 0.93, "loss": float("nan"), "n": 7},
        metadata={"depth": 4, "note": f"{HOSTILE}!", "seed": 1},
    )
    log(desk, "weights", metrics={"auc": 0.5})
    return made


def sides(browser, *versions, **query):
    """Return the rows that compare versions, by what they are about."""
    page = browser.look("-/compare/", v=list(versions), **query)
    return {row[0]: row[1:] for row in page.rows}


def test_only_what_differs_is_told_unless_all_is_wanted(browser):
    rows = sides(browser, "model/churn:v0", "model/churn:v1")

    assert rows["auc"] == ["0.91", "0.93 +0.02"]
    assert rows["loss"] == ["0.5", "NaN"]
    assert rows["depth"] == ["3", "4"]
    assert rows["dataset/rows:v0"] == ["used", "–"]
    assert rows["model.bin"] == ["3 B", "3 B changed"]
    assert rows["files"] == ["2", "2 1 changed, 1 same"]
    assert not {"n", "seed", "README", "type"} & set(rows)

    whole = sides(browser, "model/churn:v0", "model/churn:v1", all=1)
    assert whole["n"] == ["7", "7"]
    assert whole["README"] == ["4 B", "4 B"]


def test_a_larger_number_is_marked_as_such(browser):
    page = browser.look("-/compare/", v=["model/churn:v0", "model/churn:v1", "projects/churn/churn-xgb:v0"])

    marks = [one["class"] for one in page.named("div") if (one.get("class") or "").endswith(("up", "down"))]
    assert marks == ["soft small up", "soft small down"]


def test_versions_of_several_places_lead_to_their_pages(browser):
    page = browser.look(
        "-/compare/", v=["model/churn:staging", "dataset/rows", "projects/churn/churn-xgb:v0"]
    )

    assert page.links["model/churn:v0"] == "../../model/churn/v0/"
    assert page.links["dataset/rows:v0"] == "../../dataset/rows/v0/"
    assert page.links["projects/churn/churn-xgb:v0"] == "../../projects/churn/churn-xgb/v0/"


def test_the_same_version_differs_in_nothing(browser):
    assert "Nothing differs." in browser.look("-/compare/", v=["model/churn:v0"] * 2).words


@pytest.mark.parametrize("asked", [{}, {"v": "model/churn:v0"}, {"v": ["", " "]}])
def test_with_fewer_than_two_it_asks_which(browser, asked):
    page = browser.look("-/compare/", **asked)

    fields = [one for one in page.named("input") if one.get("name") == "v"]
    assert len(fields) >= 2
    assert "Which versions?" in page.words


def test_what_was_written_does_nothing(browser):
    page = browser.look("-/compare/", v=["model/churn:v0", "model/churn:v1"])

    assert HOSTILE in page.words
    assert all("src" in one for one in page.named("script"))


@pytest.mark.parametrize(
    ("versions", "status"),
    [
        (["model/churn:v0", "model/churn:v9"], 404),
        (["model/churn:v0", "partners/model/churn:v9"], 404),
        (["model/churn:v0", HOSTILE], 404),
        (["model/churn:v0", "model"], 400),
        (["model/churn:v0"] * 13, 400),
    ],
)
def test_what_cannot_be_compared_is_said_above_what_was_typed(browser, versions, status):
    sent = browser.ask("-/compare/", v=versions)
    page = Read(sent.body)

    assert sent.status == status
    assert [one for one in page.named("div") if one.get("role") == "alert"]
    fields = [one for one in page.named("input") if one.get("name") == "v" and one.get("type") != "hidden"]
    assert [one["value"] for one in fields if one.get("value")] == versions[: compare.MOST]


def test_the_way_to_versions_of_one_collection_leads_over_it(browser):
    one = browser.look("-/compare/", v=["model/churn:v0", "model/churn:v1"])
    several = browser.look("-/compare/", v=["model/churn:v0", "dataset/rows:v0"])
    logged = browser.look("-/compare/", v=["projects/churn/churn-xgb:v0"] * 2)

    assert one.links["churn"] == "../../model/churn/"
    assert "churn" not in several.links
    assert list(logged.links).index("churn-xgb") == list(logged.links).index("churn") + 1


def test_of_very_many_rows_the_first_are_told(browser, monkeypatch):
    monkeypatch.setattr(compare, "MOST_ROWS", 1)

    page = browser.look("-/compare/", v=["model/churn:v0", "model/churn:v1"])
    assert "1 more row; git registry compare shows them" in page.words
