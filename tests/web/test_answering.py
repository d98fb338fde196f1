"""What a browser is sent, whatever it asks for."""

from __future__ import annotations

import pytest
from tests.web.reading import Read


@pytest.fixture(scope="module")
def browser(browse):
    made = browse()
    made.desk.link("first")
    return made


def test_the_home_page_names_the_organization_and_its_registries(browser):
    page = browser.look("")

    assert "acme" in page.words
    assert "Models" in page.links


def test_what_did_not_change_is_not_sent_again(browser):
    first = browser.ask("")

    again = browser.ask("", seen=f'"other", {first.tag}')

    assert (first.status, again.status, again.body) == (200, 304, b"")


def test_a_commit_makes_every_page_another_one(browse):
    browser = browse()
    first = browser.ask("")

    browser.desk.link("first")

    assert browser.ask("", seen=first.tag).status == 200


def test_a_page_that_is_not_there_says_so(browser):
    page = browser.ask("no/such/page/at/all/")

    assert page.status == 404
    assert "There is no such page" in Read(page.body).words


def test_an_address_without_its_last_slash_leads_on(browser):
    moved = browser.ask("model")

    assert (moved.status, moved.location) == (302, "./model/")


def test_data_that_is_not_there_says_so_as_data(browser):
    answered = browser.ask("no/such/lineage.json")

    assert (answered.status, answered.kind) == (404, "application/json")


def test_every_link_keeps_the_date_that_is_looked_back_to(browser):
    page = browser.look("", at="2026-01-02")

    assert page.links["Models"] == "./model/?at=2026-01-02"
    assert "as of 2026-01-02" in page.words


def test_a_date_that_is_none_is_told(browser):
    page = browser.ask("", at="<script>alert(1)</script>")

    assert page.status in (400, 404)
    assert b"<script>alert" not in page.body


@pytest.mark.parametrize("name", ["a\0b", "..", "a/b", "\udcff"])
def test_a_project_whose_name_no_branch_has_is_not_found(browser, name):
    assert browser.ask("-/search/", q="a", kind="version", project=name).status in (200, 404)
