"""Pages on versions that are there: what is said of them, how long they live, who made and who uses them."""

from __future__ import annotations

import pytest
from tests.sdk.once import once

NOTES = "projects/keeping/notes"


@pytest.fixture
def notes(here):
    here.holds(notes_txt="noted")
    return here


@once
def five(here):
    here.runs("many_versions")
    return here


def test_a_new_version_lives_for_a_while(notes, elsewhere):
    notes.runs("ttl_new")

    assert elsewhere().asks("show", f"{NOTES}:v0")["ttl"] == 30 * 86_400


def test_how_long_it_lives_is_changed_until_it_is_linked(notes, elsewhere):
    notes.runs("ttl_new")

    assert notes.runs("ttl_existing") == [
        "30 days, 0:00:00",
        "730 days, 0:00:00",
        "None",
        "None",
        "no",
        "linked",
    ]

    there = elsewhere()
    assert there.asks("show", f"{NOTES}:v0")["ttl"] is None
    assert there.asks("show", "dataset/notes:v0")["ttl"] is None


def test_what_is_said_of_a_version_is_changed(notes, elsewhere, machine):
    notes.runs("alias_new")

    notes.runs("update_in_a_run")

    said = elsewhere().asks("show", f"{NOTES}:v0")
    assert (said["description"], said["metadata"]) == ("What was noted.", {"source": "hand", "pages": 3})

    assert notes.runs("update_outside") == ["['kept', 'latest']", "False {'pages': 4}"]

    later = machine("later")
    assert later.versions(NOTES) == {"v0": ["kept"]}
    assert later.asks("show", f"{NOTES}:v0")["description"] == "What was noted, and read again."


def test_an_artifact_is_renamed(notes, elsewhere):
    notes.runs("alias_new")

    assert notes.runs("update_collection") == ["notebook:v0"]

    there = elsewhere()
    assert there.versions("projects/keeping/notebook") == {"v0": ["2026-11", "fresh"]}
    assert there.asks("show", "projects/keeping/notebook")["description"] == "All notes."


def test_versions_are_deleted_one_by_one(five, elsewhere):
    assert five.runs("delete_one") == ["it has aliases", "False DELETED"]

    assert elsewhere().versions(NOTES) == {"v1": ["keep"], "v2": [], "v4": []}


def test_versions_without_an_alias_are_deleted(five, elsewhere):
    five.runs("delete_without_aliases")

    assert elsewhere().versions(NOTES) == {"v1": ["keep"], "v3": ["best", "old"], "v4": []}


def test_what_runs_made_is_deleted(five, elsewhere):
    five.runs("delete_of_runs")

    assert elsewhere().versions(NOTES) == {"v0": [], "v1": ["keep"]}


def test_versions_are_deleted_in_bulk(five, elsewhere):
    assert five.runs("delete_in_bulk") == ["deleted v2", "deleted v0"]

    assert elsewhere().versions(NOTES) == {"v1": ["keep"], "v3": ["best", "old"], "v4": []}


def test_all_versions_are_deleted(five, elsewhere):
    assert five.runs("delete_collection") == ["5", "False"]

    [left] = elsewhere().asks("list", "projects/keeping")
    assert (left["job_type"], left["state"]) == ("make", "finished")


def test_the_graph_is_walked(notes, machine):
    notes.runs("graph_made")

    assert machine("there").runs("graph_walked") == [
        "collect ['report', 'train']",
        "['detector:v0'] ['scenes:v0']",
        "report:v0 <- report <- detector:v0 scenes:v0",
        "detector:v0 <- train <- scenes:v0",
        "scenes:v0",
    ]


def test_names_and_labels(notes, elsewhere):
    notes.runs("alias_new")
    assert notes.runs("alias_existing") == ["['v0']", "refused"]

    there = elsewhere()
    assert there.versions(NOTES) == {"v0": ["fresh", "read"]}
    assert there.asks("show", f"{NOTES}:v0")["tags"] == ["checked", "by hand"]
