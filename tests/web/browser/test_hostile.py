"""Pages that somebody wrote to do something, in a browser that would do it."""

from __future__ import annotations

import pytest
from tests.sdk.desk import found
from tests.web.browser.serving import live
from tests.web.browser.visiting import NARROW
from tests.web.hostile import tell

PAGES = ("", "model/", "model/evil/", "model/evil/v0/", "model/evil/v1/", "model/files/v0/", "model/unread/")
MORE = (
    "bad/",
    "projects/bad/",
    "projects/bad/runs/r1/",
    "-/audit/",
    "-/search/?q=%3Cscript%3E",
    "model/nested/",
)


@pytest.fixture(scope="module")
def origin(tmp_path_factory):
    desk = found(tmp_path_factory.mktemp("hostile") / "acme")
    tell(desk)
    with live(desk.path) as server:
        yield server


def test_nothing_runs_nothing_is_asked_elsewhere_and_nothing_grows_out_of_its_window(visit, origin):
    seen = visit(origin).resize(NARROW, "light")

    for path in PAGES + MORE:
        seen.go(path).open_all()
        assert seen.page.evaluate("() => typeof ran") == "undefined", path
        assert (path, seen.beyond) == (path, [])
        assert seen.page.locator("h1").is_visible(), path
