"""Whose step brought a version, and when."""

from tests.sdk.recorded import project_at, record, run, run_at

from git_registry.sdk.arrivals import arrivals, recordings
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


def test_each_run_came_by_the_step_that_recorded_it_first(desk):
    branch = "projects/churn"
    record(desk, branch, project_at("churn"), run_at("churn", "r1", run(state="running", ended=None)))
    record(desk, branch, run_at("churn", "r1", run()), run_at("churn", "r2", run()), later=1)

    with desk.open() as catalog:
        came = recordings(catalog, "churn", ["r1", "r2", "r3"])
        assert set(came) == {"r1", "r2"}
        assert came["r1"].committer.at < came["r2"].committer.at
        assert came["r1"].author.name == "Ada Lovelace"
        assert recordings(catalog, "churn", ()) == {}
