"""Whose step brought a version, and when."""

from git_registry.sdk.arrivals import arrivals
from git_registry.sdk.searching import Search, search


def test_each_version_came_by_the_step_that_linked_it(desk):
    desk.link("one")
    desk.link("two")

    with desk.open() as catalog:
        newer, older = search(catalog, Search(within=("model/churn",))).rows
        came = arrivals(catalog, (newer, older))
        assert came[newer.since].subject == f"Link model/churn@{newer.id[:8]}"
        assert came[newer.since].committer.at > came[older.since].committer.at
        assert came[older.since].author.name == "Ada Lovelace"
        assert arrivals(catalog, ()) == {}
