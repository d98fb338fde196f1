"""A clone whose branch went another way than the one that is published: its pages say so."""

from __future__ import annotations

import subprocess

import pytest
from tests.sdk.projects import log
from tests.web.reading import Read

from git_registry.catalog.catalog import Reach

SAID = "1 commit on main is not published, and 2 commits on origin/main are not shown: git registry sync"


@pytest.fixture(scope="module")
def browser(browse):
    """Whoever looks at a clone where something was linked while others published, and a project begun."""
    made = browse()

    def git(*args):
        subprocess.run(["git", *args], cwd=made.desk.path, check=True, capture_output=True)

    made.desk.link("theirs")
    made.desk.link("theirs, too")
    git("clone", "-q", "--bare", ".", "../hub.git")
    git("remote", "add", "-f", "origin", "../hub.git")
    git("reset", "-q", "--hard", "HEAD~2")
    made.desk.link("mine")
    log(made.desk, "a run's")
    made.desk = made.desk.allowing(reach=Reach.FETCHED)
    return made


@pytest.mark.parametrize("path", ["", "model/churn/", "no/such/page/at/all/"])
def test_what_is_not_published_and_what_is_not_shown_stands_on_every_page(browser, path):
    page = Read(browser.ask(path).body)

    assert SAID in page.words
    assert "Branch main, commit" in page.words


def test_a_project_has_a_branch_of_its_own(browser):
    words = browser.look("projects/churn/").words

    assert "1 commit on projects/churn is not published" in words
    assert "on projects/churn is not" not in browser.look("").words


def test_a_project_that_is_not_there_has_none(browser):
    assert SAID in Read(browser.ask("projects/nobody/").body).words


def test_the_past_was_what_it_was(browser):
    assert "not published" not in browser.look("", at="2026-01-02").words
