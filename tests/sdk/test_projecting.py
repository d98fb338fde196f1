"""Projects and their runs, wherever they lie and however many there are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.sdk import recorded
from tests.sdk.desk import NOON
from tests.sdk.recorded import manifest, project_at, record, run, run_at

from git_registry.catalog import past, projects
from git_registry.errors import NotFound, UsageError
from git_registry.model import layout
from git_registry.model.dates import timestamp
from git_registry.sdk import aliasing, listing, noting, projecting, runs, selecting
from git_registry.sdk.forgetting import forget
from git_registry.sdk.looking_back import look_back
from git_registry.sdk.scoping import scope
from git_registry.sdk.syncing import sync

ONE, TWO = manifest("one"), manifest("two")


def begun(minute):
    return run(started=timestamp(NOON + timedelta(minutes=minute)), ended=None, state="running")


def churn(desk, *files, **options):
    record(desk, "projects/churn", project_at("churn"), *files, **options)


def xgb(*versions):
    """Return an artifact with these versions, the first of them called best."""
    files = [recorded.version_at("churn/xgb", one) for one in versions]
    return [recorded.collection_at("churn/xgb"), recorded.alias_at("churn/xgb", "best", versions[0]), *files]


def test_runs_stand_newest_first_in_whichever_directory(desk):
    places = {"aa1": True, "b2": False, "aa3": True, "Zz4": True, "d5": False}
    documents = [
        {layout.run_path("churn", name, spread=spread): begun(minute)}
        for minute, (name, spread) in enumerate(places.items())
    ]
    churn(desk, *documents)

    assert [one.id for one in desk(projecting.runs, "churn")] == list(places)[::-1]
    assert desk(projecting.run, "churn", "aa3").started == timestamp(NOON + timedelta(minutes=2))
    assert desk(projecting.project, "churn").runs == len(places)


def test_runs_alike_are_each_there(desk):
    churn(desk, *(run_at("churn", name, begun(0)) for name in "abc"))
    assert [one.id for one in desk(projecting.runs, "churn")] == ["c", "b", "a"]


def test_whoever_asks_again_reads_what_is_new_alone(desk, monkeypatch):
    churn(desk, *(run_at("churn", name, begun(0)) for name in "ab"))
    read, really = [], past.bulk.blobs

    def blobs(repository, ids, **limits):
        read.append(len(ids))
        return really(repository, ids, **limits)

    monkeypatch.setattr(past.bulk, "blobs", blobs)
    with desk.open() as catalog:
        first = projecting.runs(catalog, "churn")
        assert projecting.runs(catalog, "churn") == first
        churn(desk, run_at("churn", "b", run(state="failed")), run_at("churn", "c", begun(1)))
        assert {one.id: one.document.state for one in projecting.runs(catalog, "churn")} == {
            "a": "running",
            "b": "failed",
            "c": "running",
        }
    assert read == [1, 2]  # what says the same is read once


def test_a_run_that_cant_be_read_says_so_and_hides_no_other(desk):
    files = {
        "churn/runs/bad.yaml": b"state: [",
        "churn/runs/long.yaml": b"#" * (300 << 10),
        "churn/runs/notes.txt": b"x",
    }
    churn(desk, run_at("churn", "good", begun(0)), files)

    found = {one.id: one for one in desk(projecting.runs, "churn")}
    assert found.keys() == {"good", "bad", "long"}
    assert found["good"].problem == ""
    for name in ("bad", "long"):
        assert found[name].problem.startswith(f"churn/runs/{name}.yaml")
        assert desk(projecting.run, "churn", name).problem.startswith(f"churn/runs/{name}.yaml")


@pytest.mark.parametrize(
    ("began", "ended", "seconds"),
    [
        ("2026-01-01T10:00:00.000Z", "2026-01-01T11:26:29.250Z", 5189.25),
        ("2026-12-31T23:59:59.000Z", "2027-01-01T00:00:00.000Z", 1.0),
        ("2026-12-31T23:59:59.000Z", None, None),
    ],
)
def test_how_long_it_took(desk, began, ended, seconds):
    churn(desk, run_at("churn", "r", run(started=began, ended=ended)))
    assert desk(projecting.run, "churn", "r").seconds == seconds


def test_what_a_project_is(desk):
    churn(desk, *xgb(ONE, TWO), run_at("churn", "r1", begun(0)), later=3)
    record(desk, "projects/broken", {"broken/project.yaml": b"format: 9\n"})

    broken, found = desk(projecting.projects)
    assert (found.path, found.artifacts, found.runs) == ("projects/churn", 1, 1)
    assert found.changed == NOON + timedelta(days=3)
    assert found.problem == ""
    assert "broken/project.yaml" in broken.problem


def test_without_projects_there_are_none(desk):
    assert desk(projecting.projects) == []
    with pytest.raises(NotFound, match="there is no project 'churn' here"):
        desk(projecting.runs, "churn")


def test_what_is_fetched_is_seen(desk, upstream, clone, git):
    churn(desk, *xgb(ONE), run_at("churn", "r1", begun(0)))
    git(desk.path, "push", "-q", "origin", "projects/churn")
    other = clone("other")

    assert [one.path for one in other(projecting.projects)] == ["projects/churn"]
    assert other(listing.show, "projects/churn/xgb:best").path == "projects/churn/xgb:v0"
    assert [one.path for one in other(projecting.runs, "churn")] == ["projects/churn/runs/r1"]


def test_as_it_was(desk):
    churn(desk, *xgb(ONE), later=1)
    churn(desk, recorded.version_at("churn/xgb", TWO), run_at("churn", "r1", begun(0)), later=3)
    record(desk, "main", {"note.txt": b"x"}, later=4)

    def at(when, verb, *words):
        with desk.open() as catalog:
            look_back(catalog, when)
            return verb(catalog, *words)

    assert at("2026-01-03 12:00", listing.show, "projects/churn/xgb").versions == 1
    assert at("2026-01-04 12:00", listing.show, "projects/churn/xgb").versions == 2
    assert at("2026-01-03 12:00", projecting.runs, "churn") == []
    assert at("main~1", projecting.projects) == []
    assert [one.runs for one in at("main", projecting.projects)] == [1]
    assert at("projects/churn~1", listing.show, "projects/churn/xgb").versions == 1
    with pytest.raises(NotFound, match="there was no project 'churn' yet"):
        at("2026-01-01 18:00", listing.show, "projects/churn")


def test_what_waits_here_is_written_on_top_of_what_was_fetched(desk, upstream, clone, git):
    churn(desk, *xgb(ONE, TWO))
    git(desk.path, "push", "-q", "origin", "projects/churn")
    other = clone("other")

    done = other(aliasing.promote, ["projects/churn/xgb:v1"], "best")
    assert done.branch == "projects/churn"
    assert git(other.path, "log", "--format=%s", "projects/churn").splitlines() == [
        "Promote churn/xgb v1 to best",
        "Record",
    ]
    with other.open() as catalog:
        sync(selecting.on_project(catalog, "churn"))
    git(desk.path, "fetch", "-q")
    assert desk(listing.show, "projects/churn/xgb:best").version == "v1"


def test_the_work_tree_stays_as_it_is(desk, git):
    churn(desk, *xgb(ONE))
    desk(noting.tag, "projects/churn/xgb:best", add=["eu"])

    assert git(desk.path, "status", "--porcelain") == ""
    assert git(desk.path, "branch", "--show-current") == "main"
    assert desk(listing.show, "projects/churn/xgb:best").notes.tags == ("eu",)


def test_a_registry_of_the_same_name_is_another_thing(desk):
    """A project and a registry may share a name; neither answers for the other."""
    record(desk, "projects/model", project_at("model"), recorded.collection_at("model/churn"))
    linked = desk.link("weights", "model/churn")

    assert desk(listing.show, "model/churn").versions == 1
    assert desk(listing.show, "projects/model/churn").versions == 0
    assert desk(scope, "projects/model/churn").name == "projects/model/churn"
    with pytest.raises(NotFound, match="projects/model/churn: there is no alias 'best'"):
        desk(listing.show, "projects/model/churn:best")
    with pytest.raises(NotFound, match="projects/model/churn: no linked version's digest"):
        desk(listing.show, f"projects/model/churn@{linked.id}")


@pytest.mark.parametrize("name", ["projects/churn:v0", "projects/churn/xgb/v0", "projects/"])
def test_what_names_nothing(desk, name):
    churn(desk, *xgb(ONE))
    with pytest.raises((UsageError, NotFound)):
        desk(listing.show, name)


@pytest.mark.parametrize("verb", ["show", "require", "forget"])
def test_whoever_looks_for_a_run_is_told_the_same(desk, verb):
    churn(desk, project_at("churn"), run_at("churn", "brisk1", begun(0)))
    ask = {
        "show": lambda catalog: projecting.run(catalog, "churn", "brisk2"),
        "require": lambda catalog: runs.require(projects.begun(catalog, "churn"), "brisk2"),
        "forget": lambda catalog: forget(projects.begun(catalog, "churn"), "churn", "brisk2"),
    }[verb]

    with pytest.raises(NotFound, match="projects/churn: there is no run 'brisk2'") as told:
        desk(ask)

    assert told.value.hint == "did you mean brisk1?"
