"""Runs that somebody made to break a page: it stands, says what it can, and does nothing."""

from __future__ import annotations

import pytest
from tests.sdk.recorded import manifest, project_at, record, run, run_at

from git_registry.model.documents.manifest import Code

EVIL = '"><script>alert(1)</script><a href="javascript:alert(1)">'
LONG = "x" * 20_000


@pytest.fixture(scope="module")
def browser(browse):
    made = browse()
    hostile = run(
        name=EVIL + LONG,
        job_type=EVIL,
        group=LONG,
        tags=tuple(f"t{one}" for one in range(2_000)),
        notes=EVIL + LONG,
        config={f"key-{one}": EVIL for one in range(1_100)},
        summary={EVIL: float("nan"), "loss": float("-inf"), "huge": 10**18},
        code=Code(repository="javascript:alert(1)", commit="4be1" * 10, path=EVIL, args=(EVIL,)),
        outputs=[("xgb", manifest(f"{one}", artifact="xgb")) for one in range(210)],
    )
    record(made.desk, "projects/churn", project_at("churn"), run_at("churn", "bad", hostile))
    return made


@pytest.mark.parametrize("path", ["projects/churn/", "projects/churn/runs/bad/"])
def test_nothing_executes_and_nothing_grows_without_bound(browser, path):
    sent = browser.ask(path)

    assert sent.status == 200
    assert b"<script>alert" not in sent.body
    assert b'href="javascript' not in sent.body
    assert len(sent.body) < 1_000_000


def test_all_that_had_no_room_is_counted(browser):
    words = browser.look("projects/churn/runs/bad/").words

    assert "1,988 more" in words
    assert "100 more values in the document" in words
    assert "and 10 more" in words
    assert "-Infinity" in words
