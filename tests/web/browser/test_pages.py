"""Every page, from the server and exported, in a wide window and on a telephone, by day and by night."""

from __future__ import annotations

import pytest
from tests.web.browser.places import KINDS
from tests.web.browser.visiting import NARROW, WIDE

WHERE = ("live", "exported")


# An export has a page of what is linked: a project's few runs all stand on its own page.
@pytest.mark.parametrize(
    ("kind", "where"),
    [(kind, where) for kind in KINDS for where in WHERE if (kind, where) != ("runs", "exported")],
)
def test_a_page_fits_its_window_and_keeps_nobody_out(visit, there, kind, where):
    seen = visit(where).go(there[kind])
    assert seen.beyond == []

    seen.resize(NARROW, "dark").open_all()
    assert (seen.beyond, seen.barriers) == ([], [])

    seen.resize(WIDE, "light").settle()
    # An export looks the same: what keeps people out by day is looked for once.
    assert (seen.beyond, seen.barriers if where == "live" else []) == ([], [])


@pytest.mark.parametrize("where", WHERE)
def test_pages_are_read_without_scripts(visit, there, where):
    seen = visit(where, java_script_enabled=False).resize(NARROW, "light")

    for kind in KINDS if where == "live" else set(KINDS) - {"runs"}:
        seen.read(there[kind])
        tables = seen.page.locator("main table:not(details table)")
        assert seen.page.locator("h1").is_visible(), kind
        assert all(one.is_visible() for one in tables.all()), kind
        assert seen.beyond == [], kind
