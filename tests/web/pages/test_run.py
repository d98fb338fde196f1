"""A run as a page, and its curves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.sdk.recorded import collection_at, linked, manifest, project_at, record, run, run_at, version_at

from git_registry.model.documents.manifest import Code
from git_registry.model.documents.run import History
from git_registry.sdk.blobs import blobs
from git_registry.sdk.measuring import file_of

EVIL = "</script><script>alert(1)</script>"


@pytest.fixture(scope="module")
def browser(browse):
    made = browse()
    made.desk.link("customers", "model/customers")
    with made.desk.open() as catalog:
        (used,) = catalog.now().versions("model/customers")
        stored = blobs(catalog).store.put_bytes(b'{"_step":0,"loss":2}\n{"_step":1,"loss":"NaN"}\n')
        under_way = file_of(catalog.repository, "churn", "now")
    under_way.parent.mkdir(parents=True)
    under_way.write_text('{"_step": 0, "loss": 1}\n')
    kept = History(uri=stored.uri, digest=stored.digest, rows=2)
    one, gone = manifest("one", artifact="xgb"), manifest("gone", artifact="xgb")
    whole = run(
        name="brisk",
        job_type="train",
        config={"optimizer": {"lr": 0.1}, EVIL: EVIL},
        summary={"loss": 0.5},
        code=Code(commit="4be1" * 10, dirty=True, path="train.py"),
        inputs=[replace(linked("model/customers", one, used_as="train"), version=used)],
        outputs=[("xgb", one), ("xgb", gone)],
        history=kept,
    )
    record(
        made.desk,
        "projects/churn",
        project_at("churn"),
        collection_at("churn/xgb"),
        version_at("churn/xgb", one),
        run_at("churn", "r1", whole),
        run_at("churn", "lost", run(history=replace(kept, digest=one.digest, uri=f"{stored.uri}-gone"))),
        run_at("churn", "away", run(state="running", ended=None)),
        run_at("churn", "now", run(state="running", ended=None)),
        {"churn/runs/bad.yaml": b"format: 1\nstate: dancing\n"},
    )
    return made


def test_a_run_says_what_it_was_told_measured_used_and_made(browser):
    page = browser.look("projects/churn/runs/r1/")

    assert "By Ada Lovelace Started" in page.words
    assert ["optimizer.lr", "0.1"] in page.rows
    assert ["loss", "0.5"] in page.rows
    assert page.links["model/customers:v0"] == "../../../../model/customers/v0/"
    assert page.links["projects/churn/xgb:v0"] == "../../xgb/v0/"
    assert "with uncommitted changes" in page.words
    assert "Added the run projects/churn/runs/r1" in page.words


def test_what_it_made_and_is_gone_has_no_link(browser):
    page = browser.look("projects/churn/runs/r1/")

    assert "unlinked" in page.words
    assert sum("/xgb/" in there for there in page.links.values()) == 1


def test_what_somebody_wrote_does_nothing(browser):
    assert EVIL.encode() not in browser.ask("projects/churn/runs/r1/").body


def test_its_curves_lie_beside_it(browser):
    assert b'data-source="./curves.json"' in browser.ask("projects/churn/runs/r1/").body

    found = browser.data("projects/churn/runs/r1/curves.json")

    assert found["x"] == {"name": "step", "values": [0, 1]}
    assert found["series"] == [{"name": "loss", "values": [2, "NaN"]}]


def test_why_a_store_can_not_be_read_is_told_and_asked_again(browser):
    sent = browser.ask("projects/churn/runs/lost/curves.json")

    assert (sent.status, sent.tag) == (200, "")
    assert "error" in browser.data("projects/churn/runs/lost/curves.json")


def test_a_run_elsewhere_has_curves_when_it_has_ended(browser):
    assert "drawn here when it has ended" in browser.look("projects/churn/runs/away/").words
    assert browser.data("projects/churn/runs/away/curves.json")["series"] == []


def test_a_run_under_way_here_is_drawn_as_far_as_it_came(browser):
    sent = browser.ask("projects/churn/runs/now/curves.json")

    assert b'"values":[1]' in sent.body
    assert sent.tag == ""


def test_a_run_that_can_not_be_read_has_a_page_that_says_so(browser):
    page = browser.look("projects/churn/runs/bad/")

    assert "It can't be read" in page.words
    assert "Added the run" in page.words


def test_a_run_that_is_not_there_says_so(browser):
    assert browser.ask("projects/churn/runs/r9/").status == 404
    assert browser.ask("projects/churn/runs/r9/curves.json").status == 404


def test_its_lineage_lies_beside_it(browser):
    found = browser.data("projects/churn/runs/r1/lineage.json")

    assert {one["kind"] for one in found["nodes"]} >= {"run", "version"}
