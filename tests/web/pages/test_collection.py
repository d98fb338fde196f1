"""The page of a collection: versions, metrics, aliases over time, and what somebody wrote to do harm."""

from __future__ import annotations

import json
import re
from math import nan

import pytest
from tests.sdk.projects import log

from git_registry.sdk import linking, managing, protecting
from git_registry.sdk.managing import Description
from git_registry.web.pages import collection

HOSTILE = "</script><script>alert(1)</script>"


@pytest.fixture(scope="module")
def browser(browse):
    made = browse()
    desk = made.desk
    desk.link("zero", aliases=["staging"], tags=["eu"], metrics={"auc": 0.91, "loss": 0.5, "n": 10})
    desk.link("one", metrics={"auc": nan, "loss": 0.25})
    desk.link("two", tags=["us"], metrics={"auc": 0.8412345678, HOSTILE: 1.0}, description=HOSTILE)
    desk.promote("model/churn:v0", "production")
    desk.promote("model/churn:v2", "staging")
    desk(protecting.protect, "model", "production")
    desk.link("rows", "dataset/rows", aliases=["weekly", "gone"])
    desk.link("more", "dataset/rows", aliases=["weekly"])
    desk(linking.unlink, ["dataset/rows:v0"])
    log(desk, "weights", metrics={"auc": 0.5})
    about = Description(title="Churn", description="Who leaves", card=b"# Card\n\n<script>alert(1)</script>")
    desk(managing.edit, "model/churn", about)
    return made


@pytest.fixture(scope="module")
def page(browser):
    return browser.look("model/churn/")


def test_it_says_what_the_collection_is_for_and_where_its_aliases_point(page):
    assert "Churn" in page.words
    assert "Who leaves" in page.words
    assert page.links["v0"] == "./v0/"
    assert "protected production" in page.words


def test_each_version_has_a_row_with_what_is_known_of_it(page):
    head, *rows = page.rows[:4]

    assert head[1:7] == ["Version", "Aliases", "Tags", "Size", "Created", "Linked"]
    assert [row[1] for row in rows] == ["v2", "v1", "v0"]
    newest, _, oldest = (dict(zip(head, row, strict=True)) for row in rows)
    assert (newest["Aliases"], newest["Tags"], newest["Size"]) == ("latest staging", "us", "3 B")
    assert oldest["Aliases"] == "protected production"
    assert "2026-01-01 12:00" in newest["Linked"]


def test_numbers_are_short_and_sorted_by_all_of_their_digits(page):
    newest = next(row for row in page.rows if row[1:2] == ["v2"])

    assert "0.841235" in newest
    assert any(cell.get("data-sort") == "0.8412345678" for cell in page.named("td"))


def test_plots_have_every_version_with_gaps_where_it_was_no_number(browser):
    body = browser.ask("model/churn/").body.decode()

    ((text,),) = [re.findall(r'<script type="application/json">(.*?)</script>', body)]
    plots = json.loads(text)
    assert plots["labels"] == ["v0", "v1", "v2"]
    assert plots["links"] == ["./v0/", "./v1/", "./v2/"]
    values = {one["name"]: one["values"] for one in plots["series"]}
    assert values["auc"] == [0.91, "NaN", 0.8412345678]
    assert values["loss"] == [0.5, 0.25, None]
    assert HOSTILE in values


def test_what_most_versions_were_measured_by_comes_first(page):
    assert page.rows[0][7:] == ["auc", "loss", HOSTILE, "n"]


def test_what_training_counted_is_no_column_of_its_own_accord(browser):
    desk = browser.desk
    desk.link("deep", "model/deep", metrics={"epoch": 9, "train.loss": 0.1, "a": 1, "b": 2, "c": 3, "d": 4})

    page = browser.look("model/deep/")
    assert page.rows[0][7:] == ["a", "b", "c", "d"]
    choices = {one["value"] for one in page.named("input") if one.get("name") == "metrics"}
    assert {"epoch", "train.loss"} <= choices


def test_metrics_may_be_chosen(browser):
    page = browser.look("model/churn/", metrics=["loss", HOSTILE])

    assert page.rows[0][7:] == ["loss", HOSTILE]
    assert browser.look("model/churn/", metrics="n,loss").rows[0][7:] == ["n", "loss"]


def test_nothing_that_was_written_does_anything(browser):
    page = browser.look("model/churn/")

    assert [one for one in page.named("script") if "src" not in one] == [{"type": "application/json"}]
    assert "<script>alert(1)</script>" in page.words


def test_versions_are_picked_to_be_compared(page):
    picked = [one for one in page.named("input") if one.get("name") == "v"]

    assert [one["value"] for one in picked] == ["model/churn:v2", "model/churn:v1", "model/churn:v0"]
    assert all(one["aria-label"] for one in picked)
    assert "../../-/compare/" in [one.get("action") for one in page.named("form")]


def test_what_each_alias_pointed_at_is_drawn_and_told(page):
    told = [row for row in page.rows if row[:1] in (["production"], ["staging"])]

    assert [(alias, version) for alias, version, *_ in told] == [
        ("production", "v0"),
        ("staging", "v2"),
        ("staging", "v0"),
    ]
    assert told[0][3] == "still"
    assert len(page.named("rect")) >= len(told)


def test_what_happened_last_is_told(page):
    assert "model/churn:staging is v2 now, was v0" in page.words
    assert page.links["All of it"] == "../../-/audit/?path=model%2Fchurn"


def test_a_description_is_no_path_however_many_slashes_it_has(browser):
    browser.desk(managing.edit, "model/churn", Description(description="/a" * 2000))
    try:
        assert "/a/a/a" in browser.look("model/churn/").words
    finally:
        browser.desk(managing.edit, "model/churn", Description(description="Who leaves"))


def test_many_versions_stand_on_several_pages_in_any_order(browser, monkeypatch):
    monkeypatch.setattr(collection, "SIZE", 2)

    first, second = browser.look("model/churn/"), browser.look("model/churn/-/page/2/")
    assert [row[1] for row in first.rows[1:3]] == ["v2", "v1"]
    assert [row[1] for row in second.rows[1:]] == ["v0"]
    assert first.links["Older"] == "./-/page/2/"
    assert second.links["Newer"] == "../../../"
    assert first.links["loss"] == "./?sort=-metrics.loss"
    by_loss = browser.look("model/churn/", sort="metrics.loss", metrics="loss")
    assert [row[1] for row in by_loss.rows[1:3]] == ["v1", "v0"]
    assert by_loss.links["loss"] == "./?sort=-metrics.loss&metrics=loss"
    assert by_loss.links["Older"] == "./-/page/2/?sort=metrics.loss&metrics=loss"


@pytest.mark.parametrize(
    ("query", "status"),
    [({"sort": "colour"}, 400), ({"metrics": "absent"}, 200), ({"at": "2020-01-01"}, 404)],
)
def test_what_nobody_has_is_said(browser, query, status):
    assert browser.ask("model/churn/", **query).status == status


def test_there_is_no_page_of_what_is_no_collection(browser):
    assert browser.ask("model/chrun/").status == 404
    assert browser.ask("model/churn/-/page/2/").status == 404
    assert browser.ask("model/churn/-/page/0/").status == 404


def test_it_is_shown_as_it_was(browser):
    with browser.desk.open() as catalog:
        first = catalog.repository.git("rev-list", "--reverse", "HEAD").text.split()[1]

    page = browser.look("model/churn/", at=first)
    assert [row[1] for row in page.rows if row[0] == ""] == ["v0"]
    assert "production" not in page.words
    assert page.links["v0"] == f"./v0/?at={first}"


def test_a_version_that_is_not_linked_any_more_is_told_without_a_link(browser):
    page = browser.look("dataset/rows/")

    assert ["weekly", "v0, not linked any more"] in [row[:2] for row in page.rows]
    assert page.links["v1"] == "./v1/"
    assert "v0" not in page.links


def test_a_collection_of_one_version_has_nothing_to_plot(browser):
    page = browser.look("dataset/rows/")

    assert "data-plots" not in str(page.elements)
    assert [row[1] for row in page.rows if row[0] == ""] == ["v1"]


def test_what_was_logged_in_a_project_has_such_a_page_too(browser):
    page = browser.look("projects/churn/churn-xgb/")

    assert [row[1] for row in page.rows[1:2]] == ["v0"]
    assert page.links["v0"] == "./v0/"
    assert page.links["churn"] == "../"
    assert page.links["Projects"] == "../../"
    assert 'run.use_artifact("churn-xgb:latest")' in page.words
    assert "Link another version" not in page.words


def test_a_document_that_cannot_be_read_hides_no_other(browser):
    with browser.desk.open() as catalog:
        before = catalog.tip()
    (manifest,) = [one for one in browser.desk.files("dataset/rows/versions") if "notes" not in one]
    (browser.desk.path / manifest).write_text("format: 1\ntype: [")
    (browser.desk.path / "dataset/rows/collection.yaml").write_text("type: {")
    with browser.desk.open() as catalog:
        git = catalog.repository.git
        git("add", "dataset")
        git("commit", "-m", "Break it")
        try:
            page = browser.look("dataset/rows/")
        finally:
            git("reset", "--hard", before)

    assert any("It can't be read:" in cell for row in page.rows for cell in row)
    assert "dataset/rows/collection.yaml" in page.words


def test_what_is_pasted_names_the_collection_and_its_alias(browser):
    words = browser.look("dataset/rows/").words

    assert 'run.use_artifact("dataset/rows:weekly").download()' in words
    assert "git registry download dataset/rows:weekly" in words
    assert "git registry link ./files dataset/rows" in words


def test_choosing_metrics_keeps_the_order(browser):
    page = browser.look("model/churn/", sort="-size")

    kept = {"type": "hidden", "name": "sort", "value": "-size"}
    assert page.named("input").count(kept) == 2  # and by whoever looks back
