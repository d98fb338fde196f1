"""The page of a registry: its collections, who may do what, what follows by itself."""

from __future__ import annotations

import pytest
from tests.sdk.desk import found
from tests.sdk.recorded import alias_at, collection_at, manifest, record
from tests.web.conftest import Browser

from git_registry.model.documents.access import Approvals, Gate
from git_registry.model.documents.automation import Action, Automation, Webhook
from git_registry.sdk import automating, managing, membership, protecting, starring
from git_registry.sdk.managing import Description

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def browser(browse):
    made = browse()
    desk = made.desk
    desk.link("first", aliases=["production", "staging"])
    desk.link("second")
    desk(managing.edit, "model/churn", Description(title=HOSTILE, description="Who leaves soon"))
    desk(
        managing.edit,
        "model",
        Description(title="Served", description=HOSTILE, card=b"# How\n\n<b>raw</b> *so*"),
    )
    gates = [
        Gate(holds="staging"),
        Gate(metrics={"auc": {"$gte": 0.9}}),
        Gate(approvals=Approvals(not_author=True)),
    ]
    desk(protecting.protect, "model", "production", gates)
    desk(membership.grant, "model", {"user:bob": "member"})
    webhook = Webhook(url="https://ci.example.com/key-4711")
    deploy = Automation(
        events=("alias-moved",), match={"alias": "production"}, action=Action(webhook=webhook)
    )
    desk(automating.create, "model", "deploy", deploy)
    desk(starring.star, ["model"])
    return made


@pytest.fixture(scope="module")
def page(browser):
    return browser.look("model/")


def row(page, name):
    return next(cells for cells in page.rows if cells[0].startswith(name))


def test_a_collection_is_told_in_one_row(page):
    title, kind, _, aliases, latest, versions, changed = row(page, HOSTILE)

    assert title == f"{HOSTILE}churn Who leaves soon"
    assert (kind, latest, versions) == ("model", "v1", "2")
    assert "protected production v0" in aliases
    assert "staging v0" in aliases
    assert changed.startswith("2026-01-01")
    assert page.links[HOSTILE] == "./churn/"


def test_aliases_and_the_latest_lead_to_their_versions(page):
    assert page.links["protected production v0"] == "./churn/v0/"
    assert page.links["v1"] == "./churn/v1/"


def test_what_others_wrote_stays_text(page):
    assert not page.named("img")
    assert "<b>raw</b> so" in page.words


def test_gates_are_told_in_words(page):
    assert "staging points at it before auc ≥ 0.9 1 approval by an admin, not its author" in page.words


def test_members_stand_with_their_roles_and_why(page):
    assert row(page, "user:bob") == ["user:bob", "membernamed in this registry"]
    assert "administers the organization" in row(page, "user:ada")[1]
    assert row(page, "anybody else")[1].startswith("viewer")


def test_an_automation_says_whom_it_asks_and_never_the_key_in_the_url(browser, page):
    name, starts, asks, state, sent = row(page, "deploy")

    assert (name, asks, state) == ("deploymodel", "webhook https://ci.example.com", "on")
    assert starts.startswith("alias-moved")
    assert sent == "not known here"
    assert b"key-4711" not in browser.ask("model/").body


def test_what_is_pasted_to_link_names_the_registry(page):
    assert "wandb-registry-model/COLLECTION" in page.words
    assert "git registry link FILE model/COLLECTION" in page.words


def test_a_star_is_said_to_readers(page):
    assert "Served starred" in page.words


def test_what_happened_leads_on_to_the_audit(page):
    assert page.links["All of it"] == "../-/audit/?path=model"
    assert "Linked model/churn:v1" in page.words


def test_the_page_as_of_a_commit_shows_what_was_there_then(browser):
    later = [subject.startswith("Link") for subject in browser.desk.log()]

    page = browser.look("model/", at=f"HEAD~{len(later) - 1 - later[::-1].index(True)}")

    assert row(page, "churn")[4:6] == ["v0", "1"]
    assert "None: every member may move every alias" in page.words


def test_a_title_leads_to_the_name(browser):
    moved = browser.ask("Served/")

    assert (moved.status, moved.location) == (302, "../model/")


@pytest.mark.parametrize("path", ["modle/", "model/-/page/2/", "model/-/page/x/", "..%2f/", "model%00/"])
def test_what_is_not_there_is_not_found(browser, path):
    assert browser.ask(path).status == 404


def test_many_collections_stand_on_several_pages(browser, monkeypatch):
    monkeypatch.setattr("git_registry.web.pages.registry.SIZE", 1)
    browser.desk(managing.create_collection, "model/zebra", Description())

    first, last = browser.look("model/"), browser.look("model/-/page/2/")

    assert (first.links["After"], last.links["Before"]) == ("./-/page/2/", "../../../")
    assert row(last, "zebra")[4:6] == ["", "0"]
    assert "data-sortable" not in first.named("table")[0]


def test_collections_on_several_pages_are_sorted_by_the_server(browser, monkeypatch):
    monkeypatch.setattr("git_registry.web.pages.registry.SIZE", 1)
    browser.desk(managing.create_collection, "model/zulu", Description())

    page = browser.look("model/", order="-updated_at")

    assert row(page, "zulu")
    assert page.links["After"] == "./-/page/2/?order=-updated_at"
    assert page.links["Last change"] == "./?order=updated_at"
    assert row(browser.look("model/", order="<script>"), HOSTILE)


def test_an_empty_registry_says_what_to_do(browser):
    assert "git registry link FILE dataset/COLLECTION" in browser.look("dataset/").words


def test_what_can_not_be_read_says_so_and_the_rest_is_shown(tmp_path, git):
    desk = found(tmp_path / "acme")
    desk.link("first")
    for file in ("access.yaml", "churn/collection.yaml", "automations/deploy.yaml"):
        (desk.path / "model" / file).parent.mkdir(exist_ok=True)
        (desk.path / "model" / file).write_text("format: [")
    git(desk.path, "add", "-A")
    git(desk.path, "commit", "-qm", "Break it")

    page = Browser(desk).look("model/")

    assert row(page, "churn")[0].startswith("churnunreadable")
    assert row(page, "deploy")[3] == "unreadable"
    assert any(one.get("role") == "alert" for one in page.named("div"))


def test_an_alias_of_what_is_not_linked_leads_nowhere(browser):
    gone = manifest("gone")
    record(browser.desk, "main", collection_at("model/lost"), alias_at("model/lost", "old", gone))

    page = browser.look("model/")

    name = f"old @{gone.id[:8]}"
    assert row(page, "lost")[3] == name
    assert name not in page.links
