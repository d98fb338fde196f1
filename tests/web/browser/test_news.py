"""What others publish: a server fetches it, and a page that is looked at says that there are news."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from tests.sdk.desk import found

PATIENCE = 60


@pytest.fixture
def clone(tmp_path, git):
    """Somebody's clone of what is published elsewhere."""
    desk = found(tmp_path / "theirs")
    desk.link("first")
    git(tmp_path, "clone", "-q", desk.path, tmp_path / "acme")
    return desk, tmp_path / "acme"


@contextmanager
def watching(clone):
    """Serve it as `git registry web --watch 1` does, and say where."""
    words = [sys.executable, "-m", "git_registry.cli", "web", "--port", "0", "--watch", "1"]
    process = subprocess.Popen(words, cwd=clone, stdout=subprocess.PIPE, text=True)
    try:
        yield re.search(r"http://\S+", process.stdout.readline())[0]
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
        process.stdout.close()


def test_a_page_tells_of_what_was_fetched_and_shows_it_on_demand(visit, clone):
    theirs, ours = clone
    with watching(ours) as origin:
        seen = visit(origin)
        seen.page.clock.install()
        seen.go("model/churn/")
        assert seen.page.get_by_text("v1", exact=True).count() == 0

        theirs.link("second")
        news = seen.page.get_by_role("button", name="There are new commits")
        until = time.monotonic() + PATIENCE
        while not news.count() and time.monotonic() < until:
            # The page looks each ten seconds of its own clock.
            seen.page.clock.run_for(10_000)
        with seen.page.expect_navigation():
            news.click()

        assert seen.page.get_by_role("rowheader", name="v1").count() == 1
        seen.page.goto("about:blank")
