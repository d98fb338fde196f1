"""Where a branch stands next to what was fetched of it."""

from __future__ import annotations

import pytest

from git_registry.catalog.catalog import Reach
from git_registry.sdk.standing import Standing, standing
from git_registry.sdk.syncing import sync


def stands(desk):
    """Return where the default branch stands, as pages read it."""

    def read(catalog):
        catalog.reach = Reach.FETCHED
        return standing(catalog)

    return desk(read)


@pytest.fixture
def others(desk, clone, git):
    """Others published two versions, which the desk fetched."""
    bob = clone("bob")
    for content in ("first", "second"):
        bob.link(content)
    bob(sync)
    git(desk.path, "fetch", "-q")


def test_without_a_remote_all_is_as_it_should_be(desk):
    assert stands(desk) == Standing(shown="main")


def test_what_is_published_is_what_is_shown(desk, upstream):
    assert stands(desk) == Standing(shown="main", upstream="origin/main")


def test_what_was_committed_here_is_not_published(desk, upstream):
    desk.link("mine")

    assert stands(desk) == Standing(shown="main", upstream="origin/main", unpublished=1)


@pytest.mark.usefixtures("others")
def test_what_others_published_is_shown_where_nothing_was_done_here(desk):
    assert stands(desk) == Standing(shown="origin/main", upstream="origin/main")


@pytest.mark.usefixtures("others")
def test_of_two_that_went_different_ways_the_one_here_is_shown(desk):
    desk.link("mine")

    assert stands(desk) == Standing(shown="main", upstream="origin/main", unpublished=1, unseen=2)


def test_nothing_was_published_where_the_remote_has_no_such_branch(desk, upstream, git):
    git(desk.path, "update-ref", "-d", "refs/remotes/origin/main")

    assert stands(desk).unpublished == len(desk.log())


@pytest.mark.usefixtures("others")
def test_what_was_found_once_starts_no_child(desk, monkeypatch):
    desk.link("mine")
    with desk.open() as catalog:
        catalog.reach = Reach.FETCHED
        first = standing(catalog)
        monkeypatch.delattr(type(catalog.repository), "git")

        assert standing(catalog) == first
