"""The home page: registries as cards, the starred ones first, and what happened last."""

from __future__ import annotations

import pytest
from tests.sdk.desk import found
from tests.sdk.mounted import organized
from tests.web.conftest import Browser

from git_registry.sdk import managing, mounting, starring
from git_registry.sdk.managing import Description

HOSTILE = "</script><script>alert(1)</script>"


@pytest.fixture(scope="module")
def browser(browse):
    made = browse()
    made.desk.link("first")
    made.desk(managing.edit, "dataset", Description(title=HOSTILE, description=HOSTILE))
    made.desk(managing.create_registry, "prompt", Description(title="Prompts"), ["text", "table"])
    made.desk(starring.star, ["prompt"])
    return made


@pytest.fixture(scope="module")
def page(browser):
    return browser.look("")


def test_a_card_says_what_is_in_a_registry_and_what_happened_there_last(page):
    assert "Prompts starredprompt texttable 0 collections, 0 versions" in page.words
    assert "1 collection, 1 versionCreated the collection model/churn" in page.words


def test_starred_registries_stand_first(page):
    cards = [name for name in page.links if name in ("Models", "Prompts", HOSTILE)]

    assert cards == ["Prompts", HOSTILE, "Models"]


def test_what_others_wrote_stays_text(browser, page):
    assert page.links[HOSTILE] == "./dataset/"
    assert b"<script>alert" not in browser.ask("").body


def test_what_happened_leads_to_what_it_was_about(page):
    assert "Created the registry prompt" in page.words
    assert page.links["All of it"] == "./-/audit/"


def test_as_of_a_day_the_later_ones_are_not_there(browser):
    page = browser.look("", at="2026-01-01 12:00:01")

    assert "Prompts" not in page.links
    assert "Models" in page.links


def test_where_nothing_is_linked_yet_it_says_what_to_do(browse):
    assert "git registry link FILE dataset/COLLECTION" in browse().look("").words


def test_an_organization_without_registries_says_what_to_do(browse):
    browser = browse()
    for name in ("model", "dataset"):
        browser.desk(managing.delete, name)

    assert "git registry create model" in browser.look("").words


def test_a_document_that_can_not_be_read_hides_nothing_else(tmp_path, git):
    desk = found(tmp_path / "acme")
    (desk.path / "organization.yaml").write_text("format: [")
    (desk.path / "model/registry.yaml").write_text("title: 3")
    git(desk.path, "commit", "-qam", "Break it")

    page = Browser(desk).look("")

    assert "unreadable" in page.words
    assert "Datasets" in page.links
    assert any(one.get("role") == "alert" for one in page.named("div"))


@pytest.fixture
def mounting_another(tmp_path, git, monkeypatch):
    """An organization that fetched another one once, which can't be reached any more."""
    monkeypatch.setenv("GIT_REGISTRY_CLONES", str(tmp_path / "clones"))
    desk, other = found(tmp_path / "acme"), found(tmp_path / "other/vendor")
    other.link("theirs")
    organized(desk, repositories={"vendor": f"file://{other.path}"})
    git(desk.path, "config", "registry.mount.allow", "file")
    desk(mounting.trust, "vendor")
    desk(mounting.fetch, "vendor")
    other.path.rename(tmp_path / "gone")
    return Browser(desk)


def test_a_registry_of_another_repository_is_shown_as_it_was_fetched_and_nobody_is_asked(mounting_another):
    page = mounting_another.look("")

    assert "Modelsvendor/model" in page.words
    assert "1 collection, 1 versionin another repository, as it was fetched last" in page.words
    assert "./vendor/model/" not in page.links.values()
    assert mounting_another.ask("vendor/").status == 404
    assert "Nothing was found" in mounting_another.look("-/search/", q="vendor/model/churn:v0").words
