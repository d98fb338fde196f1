"""A store that does not answer: pages that need it say so, and all others are made."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace

import pytest
from tests.sdk.recorded import collection_at, manifest, project_at, record, run, run_at, version_at
from tests.web.reading import Read

from git_registry.model.digest import Digest
from git_registry.model.documents.manifest import FileList
from git_registry.model.documents.run import History
from git_registry.web import far
from git_registry.web.app import AT_ONCE


@pytest.fixture(scope="module")
def browser(browse):
    made, one = browse(), Digest.of(b"x")
    many = FileList(uri="file:///nowhere", digest=one, count=300)
    kept = run(history=History(uri="file:///nowhere", digest=one, rows=2))
    record(
        made.desk,
        "main",
        collection_at("model/many"),
        version_at("model/many", replace(manifest("many"), files=None, file_list=many)),
    )
    record(made.desk, "projects/churn", project_at("churn"), run_at("churn", "r1", kept))
    return made


@pytest.fixture
def silent(monkeypatch):
    """As many pages wait for the store as may."""
    monkeypatch.setattr(far, "PATIENCE", 0.0)
    with ExitStack() as waiting:
        for _ in range(far.WAITING):
            waiting.enter_context(far.in_turn())
        yield


def test_pages_that_wait_leave_room_for_others():
    assert far.WAITING < AT_ONCE


def test_curves_and_files_say_that_they_would_have_to_wait(browser, silent):
    drawn = json.loads(browser.ask("projects/churn/runs/r1/curves.json").body)
    page = Read(browser.ask("model/many/v0/").body)

    assert "slow to answer" in drawn["error"]["message"]
    assert "slow to answer" in page.words


def test_who_had_to_wait_lets_the_next_one_in(browser):
    for _ in range(far.WAITING + 1):
        assert b"slow to answer" not in browser.ask("projects/churn/runs/r1/curves.json").body


def test_a_page_without_its_files_is_asked_for_again(browser):
    assert browser.ask("model/many/v0/").tag == ""
    assert browser.ask("model/many/").tag
