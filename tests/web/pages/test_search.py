"""Searching: by words, by what is asked of fields, by names; and while somebody types."""

from __future__ import annotations

import pytest
from tests.sdk.recorded import project_at, record, run, run_at
from tests.web.reading import Read

from git_registry.model import filters
from git_registry.sdk import managing
from git_registry.sdk.managing import Description
from git_registry.web import addresses
from git_registry.web.addresses import Address
from git_registry.web.links import Static
from git_registry.web.page import Page
from git_registry.web.pages import ROUTES
from git_registry.web.rendering import Chrome, render
from git_registry.web.routes import routed
from git_registry.web.site import Site

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def browser(browse):
    made = browse()
    made.desk.link("first", aliases=["production"], tags=["eu"], metrics={"auc": 0.91, "loss": 0.3})
    made.desk.link("second", tags=["us"], metrics={"auc": 0.84})
    about = Description(title="Fraud", description=f"Scores payments {HOSTILE}")
    made.desk(managing.create_collection, "model/fraud", about, tags=["eu"])
    record(made.desk, "projects/churn", project_at("churn"), run_at("churn", "k3j2h1", run()))
    made.desk(managing.edit, "model", Description(card=b"Fraud and churn"))
    made.desk(managing.edit, "model/churn", Description(card=b"# Churn\n\nWho `leaves` soon"))
    return made


@pytest.fixture(scope="module")
def second(browser):
    """The digits of the second version."""
    with browser.desk.open() as catalog:
        (found,) = set(catalog.now().versions("model/churn")) - {
            catalog.now().alias("model/churn", "production")
        }
    return found


def test_words_find_what_mentions_them(browser):
    page = browser.look("-/search/", q="payments")

    assert page.links["model/fraud"] == "../../model/fraud/"
    assert "model/churn" not in page.links


def test_a_card_that_mentions_the_words_is_quoted_without_its_marks(browser):
    page = browser.look("-/search/", q="leaves")

    assert "Card: churn who leaves soon" in page.words


def test_an_alias_finds_the_collections_that_have_it(browser):
    page = browser.look("-/search/", q="production")

    assert page.links["model/churn:production"] == "../../model/churn/production/"


def test_a_tag_finds_what_has_it(browser):
    page = browser.look("-/search/", q="eu")

    assert {"model/fraud", "model/churn:v0"} <= set(page.links)
    assert "model/churn:v1" not in page.links


def test_a_tag_leads_to_all_that_has_it(browser):
    there = browser.look("model/fraud/").links["eu"]

    assert there == "../../-/search/?tag=eu"
    assert {"model/fraud", "model/churn:v0"} <= set(browser.look("-/search/", tag="eu").links)


def test_an_export_can_not_be_asked_for_a_tag(browser):
    assert "eu" not in exported(browser, "model/fraud/")[2].links


def test_a_clause_finds_versions_and_shows_what_it_asks_for(browser):
    page = browser.look("-/search/", where="metrics.auc >= 0.9")

    assert [row[0] for row in page.rows] == ["Version", "model/churn:v0"]
    assert "0.91" in page.rows[1]


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("metrics.auc >= 0.9", ["model/churn:v0"]),
        ("metrics.auc>0 and tags = us", ["model/churn:v1"]),
        ("tags = eu", ["model/fraud", "model/churn:v0"]),
        ("alias:production", ["model/churn", "model/churn:v0"]),
        ("name in [fraud]", ["model/fraud"]),
    ],
)
def test_a_clause_among_the_words_is_one(browser, typed, there):
    page, rows = browser.look("-/search/", q=typed), browser.data("-/search/found.json", q=typed)["rows"]

    assert [row[0] for row in page.rows if "/" in row[0]] == there
    assert [row["name"] for row in rows] == there


@pytest.mark.parametrize("typed", ["metrics.auc >=", "metrics.auc >= much", "tag = eu, size > 3"])
def test_what_begins_as_a_clause_and_is_none_is_told(browser, typed):
    page = browser.look("-/search/", q=typed)

    assert [one for one in page.named("div") if one.get("role") == "alert"]
    assert "Nothing was found" not in page.words
    assert browser.data("-/search/found.json", q=typed)["problem"]


@pytest.mark.parametrize("typed", ["payments = 3", "fraud in production", "size in the", "a:b"])
def test_what_names_no_field_is_words(browser, typed):
    page = browser.look("-/search/", q=typed)

    assert not [one for one in page.named("div") if one.get("role") == "alert"]
    assert "problem" not in browser.data("-/search/found.json", q=typed)


@pytest.mark.parametrize("typed", ["fraud", "FRAUD", "model/fraud"])
def test_what_is_called_so_comes_first(browser, typed):
    page, rows = browser.look("-/search/", q=typed), browser.data("-/search/found.json", q=typed)["rows"]

    assert [row[0] for row in page.rows[:2]] == ["Collection", "model/fraud"]
    assert rows[0]["name"] == "model/fraud"
    assert typed == "model/fraud" or "model" in page.links


def test_a_project_is_found_by_its_name_and_a_run_by_its_id(browser):
    run, project = browser.look("-/search/", q="K3j2"), browser.look("-/search/", q="churn")

    assert run.links["projects/churn/runs/k3j2h1"] == "../../projects/churn/runs/k3j2h1/"
    assert project.links["projects/churn"] == "../../projects/churn/"
    found = [row for q in ("k3j2", "churn") for row in browser.data("-/search/found.json", q=q)["rows"]]
    assert {"projects/churn", "projects/churn/runs/k3j2h1"} <= {row["name"] for row in found}


def test_all_clauses_tags_and_orders_hold_together(browser):
    page = browser.look(
        "-/search/", where=["metrics.auc > 0", "type = model"], order="-metrics.auc", kind="version"
    )

    assert [row[0] for row in page.rows[1:]] == ["model/churn:v0", "model/churn:v1"]


def test_a_clause_that_can_not_be_read_is_told_beside_what_was_typed(browser):
    page = browser.look("-/search/", where=f"{HOSTILE} = 1")

    assert f"{HOSTILE} = 1" in [one.get("value") for one in page.named("input")]
    assert any(one.get("role") == "alert" for one in page.named("div"))


def test_a_word_that_nobody_ever_used_is_doubted(browser):
    assert "did you mean metrics.auc" in browser.look("-/search/", where="metrics.acu > 0").words


def test_nothing_found_says_so(browser):
    assert "Nothing was found" in browser.look("-/search/", q="zebra").words


def test_a_selector_leads_to_what_it_names(browser):
    moved = browser.ask("-/search/", q="model/churn:production")

    assert (moved.status, moved.location) == (302, "../../model/churn/production/")


def test_digits_behind_the_sign_of_a_selector_lead_to_the_version(browser, second):
    assert browser.ask("-/search/", q="@" + second[:8]).location == f"../../model/churn/@{second[:8]}/"


def test_digits_lead_to_the_version_that_has_them_unless_they_could_be_a_word(browser, second):
    moved, few = browser.ask("-/search/", q=second), browser.look("-/search/", q=second[:5])

    assert (moved.status, moved.location) == (302, "../../model/churn/@" + second[:8] + "/")
    assert few.links[f"model/churn@{second[:8]}"] == f"../../model/churn/@{second[:8]}/"


@pytest.mark.parametrize("typed", [HOSTILE, "a" * 5_000, "x/y:z", "[", '"', "model/churn:", "sha256:", "\0"])
def test_whatever_is_typed_is_answered(browser, typed):
    answered = browser.ask("-/search/", q=typed)

    assert answered.status == 200
    assert HOSTILE.encode() not in answered.body


@pytest.mark.parametrize("offset", ["-1", "x", "1e9", "²", "9" * 50])
def test_an_offset_that_is_none_is_the_beginning(browser, offset):
    assert len(browser.look("-/search/", kind="version", offset=offset).rows) == 3


def test_many_are_shown_a_page_at_a_time(browser, monkeypatch):
    monkeypatch.setattr("git_registry.web.pages.search.SIZE", 1)

    first = browser.look("-/search/", kind="version")
    second = browser.look("-/search/", kind="version", offset=1)

    assert [first.rows[1][0], second.rows[1][0]] == ["model/churn:v1", "model/churn:v0"]
    assert first.links["More"] == "./?kind=version&offset=1"
    assert "Before" in second.links
    assert "More" not in second.links


def test_what_is_found_as_one_types_can_be_gone_to(browser):
    rows = browser.data("-/search/found.json", q="prod")["rows"]

    assert rows == [
        {
            "kind": "alias",
            "name": "model/churn:production",
            "href": "../../model/churn/production/",
            "text": "",
        }
    ]


def test_as_one_types_each_kind_is_found_and_nothing_without_a_word(browser):
    found = browser.data("-/search/found.json", q="model")["rows"]

    assert {"registry", "collection"} <= {row["kind"] for row in found}
    assert browser.data("-/search/found.json", q=" ")["rows"] == []


def test_what_is_found_as_one_types_keeps_the_date_that_is_looked_back_to(browser):
    rows = browser.data("-/search/found.json", q="model/churn", at="2026-01-01 12:00:30")["rows"]

    assert all(row["href"].endswith("?at=2026-01-01+12%3A00%3A30") for row in rows)
    assert rows


def exported(browser, path):
    """Return what an export makes at a path, and the addresses it links to."""
    here, linked = addresses.parse(path), []
    with browser.desk.open() as catalog:
        site = Site(catalog=catalog, here=here, links=Static(here, linked.append), now=catalog.clock())
        made = routed(ROUTES, site)
        html = render(made, site, Chrome("acme")) if isinstance(made, Page) else ""
    return made, linked, Read(html.encode())


def test_an_export_has_an_index_of_places_and_of_versions_that_have_an_alias(browser):
    made, linked, _ = exported(browser, "-/search/index.json")

    told = made.value
    rows = {row["name"]: row for row in told["rows"]}
    assert list(rows) == [
        *("dataset", "model", "projects/churn"),
        *("model/churn", "model/fraud", "model/churn:v0"),
    ]
    assert rows["model/churn:v0"]["words"] == "model/churn:v0 production"
    assert rows["model/fraud"]["href"] == "../../model/fraud/index.html"
    assert Address(("model", "fraud")) in linked


def test_the_index_is_bounded_and_says_what_it_leaves_out(browser, monkeypatch):
    monkeypatch.setattr("git_registry.web.pages.as_typed.LARGEST", 2)

    told = exported(browser, "-/search/index.json")[0].value

    assert ([row["name"] for row in told["rows"]], told["left_out"]) == (["dataset", "model"], 4)


def test_the_page_of_an_export_is_filled_by_a_script_and_says_so_without(browser):
    _, linked, page = exported(browser, "-/search/")

    assert "searching takes JavaScript" in page.words
    assert [one for one in page.named("ul") if "data-results" in one]
    assert not [one for one in page.named("input") if one.get("name") == "where"]
    assert Address(("-", "search"), "index.json") in linked


def test_a_server_has_no_index(browser):
    assert browser.ask("-/search/index.json").status == 404


def test_what_others_wrote_stays_text(browser):
    answered = browser.ask("-/search/", q="payments")

    assert HOSTILE.encode() not in answered.body
    assert HOSTILE in Read(answered.body).words


def test_a_word_that_is_typed_again_and_again_is_looked_for_once():
    assert filters.words('Eu "us and" eu EU "us and"') == ("eu", "us and")
