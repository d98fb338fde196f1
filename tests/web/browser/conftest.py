"""Debian's Chromium, and a small organization for it to look at: from the live server, and exported."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from tests.sdk.desk import Desk
from tests.web.browser.places import Places, places
from tests.web.browser.serving import hosted, live, looking
from tests.web.browser.visiting import Visitor, visitor
from tests.web.conftest import once

from git_registry.web.export.exporting import export

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser a module: as long as it is there, its loop runs, and no other test could run one."""
    found = shutil.which("chromium")
    if found is None:
        _missing("chromium")
    try:
        import axe_playwright_python  # noqa: F401 - the tests need it too
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        _missing(str(error.name))
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=[*root, "--disable-dev-shm-usage"])
        yield browser
        browser.close()


def _missing(what: str) -> NoReturn:
    # Where every test is to be run, none is left out in silence.
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="module")
def there(acme) -> Places:
    """Where what the tests look at is."""
    return places(Desk(acme))


@pytest.fixture(scope="module")
def origins(acme, tmp_path_factory) -> Iterator[dict[str, str]]:
    """Where the pages are, from the live server and exported."""

    def make(folder: Path) -> None:
        workspace = looking(acme)
        export(workspace, folder, processes=1)
        workspace.close()

    folder = once(tmp_path_factory, "pages", make)
    with live(acme) as server, hosted(folder) as host:
        yield {"live": server, "exported": host}


@pytest.fixture
def visit(chromium, origins) -> Iterator[Visit]:
    """Open a window: `visit("exported")`. Once the test is done, nothing has gone wrong in any."""
    opened: list[Visitor] = []

    def open_window(where: str = "live", **options: Any) -> Visitor:
        opened.append(visitor(chromium, origins.get(where, where), **options))
        return opened[-1]

    yield open_window
    wrong = [said for one in opened for said in one.wrong]
    for one in opened:
        one.context.close()
    assert wrong == []
