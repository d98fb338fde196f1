"""What pages do besides being read: by keyboard, by mouse, and as time goes on."""

from __future__ import annotations

import pytest
from tests.web.browser.places import KINDS
from tests.web.browser.visiting import NARROW

WHERE = ("live", "exported")
_HREFS = "(all) => all.map((one) => new URL(one.getAttribute('href'), location).href)"
_DRAWN = "(label) => document.querySelector('.canvas').getAttribute('aria-label') !== label"

BOTH = pytest.mark.parametrize("where", WHERE)


@BOTH
def test_a_collection_is_found_and_reached_as_one_types(visit, where):
    seen = visit(where).go("projects/")

    seen.page.keyboard.press("/")
    seen.page.keyboard.type("fraud")
    seen.page.get_by_role("option").first.wait_for()
    seen.page.keyboard.press("ArrowDown")
    with seen.page.expect_navigation():
        seen.page.keyboard.press("Enter")

    assert "fraud" in seen.page.url


@BOTH
def test_whoever_asks_for_all_that_was_found_is_shown_a_page_of_it(visit, where):
    seen = visit(where).go("")

    seen.page.keyboard.press("/")
    seen.page.keyboard.type("churn")
    with seen.page.expect_navigation():
        seen.page.keyboard.press("Enter")

    seen.page.locator("main").get_by_role("link", name="model/churn").first.wait_for()


def test_two_versions_are_ticked_and_compared(visit):
    seen = visit().go("model/churn/")
    compare = seen.page.get_by_role("button", name="Compare")
    assert compare.is_disabled()

    for version in ("v7", "v6"):
        seen.page.get_by_role("checkbox", name=version, exact=False).first.check()
    with seen.page.expect_navigation():
        compare.click()

    heads = seen.page.locator("table.sides thead th")
    assert {"model/churn:v6", "model/churn:v7"} <= set(heads.all_text_contents())


@BOTH
def test_numbers_stand_below_their_heads_and_what_is_not_there_is_a_dash(visit, where):
    seen = visit(where).go("-/compare/?v=model/churn:v6&v=model/churn:v7&v=dataset/customers:v0")
    metrics = seen.page.get_by_role("region", name="Metrics")
    metrics.wait_for()

    sides = metrics.locator("thead th:not(:first-child), tbody td")
    assert set(sides.evaluate_all(_ALIGNED)) == {"right"}
    assert "–" in sides.all_text_contents()
    assert all(text.strip() for text in sides.all_text_contents())


_ALIGNED = "(all) => all.map((one) => getComputedStyle(one).textAlign)"


def test_a_long_card_shows_how_it_begins_and_all_of_it_when_asked(visit):
    seen = visit().go("model/churn/")
    card, button = seen.page.locator(".tall"), seen.page.get_by_role("button", name="Show all")
    begins = card.bounding_box()["height"]

    button.click()
    assert card.bounding_box()["height"] > begins

    seen.page.get_by_role("button", name="Show less").click()
    assert card.bounding_box()["height"] == begins


def test_the_chosen_tab_is_in_sight_however_narrow_the_window(visit):
    seen = visit().resize(NARROW, "light").go("model/churn/#history")
    seen.page.get_by_role("tab", name="History", selected=True).wait_for()

    assert seen.page.evaluate(_INSIDE)
    assert seen.beyond == []


_INSIDE = """() => {
  const place = (one) => document.querySelector(one).getBoundingClientRect();
  const [strip, tab] = [place(".tabs"), place("[aria-selected=true]")];
  return strip.left <= tab.left && tab.right <= strip.right + 1;
}"""


@BOTH
def test_a_lineage_is_drawn_and_goes_on_by_keyboard(visit, there, where):
    seen = visit(where).go(f"{there['version']}#lineage")
    canvas = seen.page.locator("[data-lineage] .canvas")
    canvas.wait_for()
    before = canvas.get_attribute("aria-label")

    canvas.focus()
    seen.page.keyboard.press("ArrowLeft")
    about = seen.page.locator("[data-lineage] .about")
    about.wait_for()
    while about.get_by_role("button", name="Expand").count() == 0:
        told = about.text_content()
        seen.page.keyboard.press("ArrowLeft")
        assert about.text_content() != told, "nothing on the way can be expanded"
    about.get_by_role("button", name="Expand").click()

    seen.page.wait_for_function(_DRAWN, arg=before)
    assert _nodes(canvas.get_attribute("aria-label")) > _nodes(before)


def _nodes(label: str) -> int:
    return int(label.removeprefix("Graph of ").partition(" ")[0])


@BOTH
def test_the_curves_of_a_run_are_drawn(visit, there, where):
    seen = visit(where).go(there["run"])

    seen.open_all().page.locator("figure.plot canvas").first.wait_for()

    assert seen.page.locator("figure.plot canvas").first.bounding_box()["width"] > 100


def test_tabs_are_chosen_by_keyboard_and_by_address(visit, there):
    seen = visit().go(f"{there['version']}#files")
    chosen = seen.page.locator('[role=tab][aria-selected="true"]')
    assert chosen.text_content() == "Files"

    chosen.focus()
    seen.page.keyboard.press("ArrowRight")

    assert chosen.text_content() == "Lineage"
    assert seen.page.url.endswith("#lineage")
    assert seen.page.locator("#files").is_hidden()


def test_looking_back_stays_on_the_page_and_leads_back(visit):
    seen = visit().go("model/churn/")
    now = seen.page.locator("main tbody tr").count()

    seen.page.locator(".travel summary").click()
    seen.page.locator("[data-at-day]").focus()
    seen.page.keyboard.type("06012026")
    with seen.page.expect_navigation():
        seen.page.keyboard.press("Enter")

    assert "model/churn/?at=2026-06-01" in seen.page.url
    assert seen.page.locator("main tbody tr").count() < now

    with seen.page.expect_navigation():
        seen.page.locator(".past a").first.click()
    assert seen.page.url.endswith("model/churn/")


@BOTH
def test_a_theme_that_was_chosen_stays(visit, where):
    seen = visit(where).go("")
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = seen.page.evaluate(ground)

    seen.page.get_by_role("button", name="Switch between light and dark").click()
    dark = seen.page.evaluate(ground)
    seen.go("projects/")

    assert seen.page.evaluate(ground) == dark != light


def test_every_link_of_every_kind_of_page_leads_somewhere(visit, there):
    seen = visit()
    links: set[str] = set()
    for kind in KINDS:
        seen.go(there[kind])
        links |= set(seen.page.locator("main a[href]").evaluate_all(_HREFS))

    ours = sorted({one.partition("#")[0] for one in links if one.startswith(seen.origin)})
    assert len(ours) > 100
    assert {one: sent for one in ours if (sent := seen.page.request.head(one).status) != 200} == {}
