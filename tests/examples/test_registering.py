"""Pages on registering: what is logged is linked, under which names, into which registry; and it is used."""

from __future__ import annotations

from pathlib import Path

from .machine import Machine


def test_the_first_collection(here, elsewhere):
    here.runs("hello_collection")

    there = elsewhere()
    assert there.versions("model/first-steps") == {"v0": []}
    linked = there.asks("show", "model/first-steps:latest")
    assert 0 <= linked["metrics"]["acc"] < 1
    assert linked["source"]["version"] == there.asks("show", "projects/quickstart/gemma-tuned:v0")["id"]
    assert [file["path"] for file in linked["files"]] == ["weights.txt"]


def test_a_run_links_into_a_registry_with_a_title(here, elsewhere):
    here.holds(scenes_csv="street,1\n")

    assert here.runs("link_in_a_run") == ["True v0 street-scenes scenes:v0"]

    linked = elsewhere().asks("list", "golden-datasets/street-scenes")
    assert [one["source"]["project"] for one in linked] == ["labeling"]


def test_a_draft_is_logged_before_it_is_linked(here, elsewhere):
    here.holds(scenes_csv="street,1\n")

    assert here.runs("link_a_draft") == ["street-scenes:v0"]

    there = elsewhere()
    assert there.versions("projects/labeling/scenes") == {"v0": []}
    assert there.versions("dataset/street-scenes") == {"v0": []}


def test_what_is_there_is_linked_without_a_run(here, elsewhere):
    here.holds(scenes_csv="street,1\n")
    here.runs("link_in_a_run")

    here.runs("link_outside_a_run")

    there = elsewhere()
    assert there.versions("dataset/street-scenes") == {"v0": []}
    assert len(there.asks("list", "projects/labeling/runs")) == 1


def test_aliases_move_to_what_is_linked_with_them(here, elsewhere):
    here.holds(first_txt="1", second_txt="2")

    here.runs("link_with_aliases", "first.txt")
    here.runs("link_with_aliases", "second.txt")

    there = elsewhere()
    assert there.versions("model/detector") == {"v0": [], "v1": ["nightly", "staging"]}
    assert there.versions("projects/detector/detector-weights") == {"v0": [], "v1": []}


def test_a_collection_comes_into_being_by_a_link(here, elsewhere):
    here.holds(weights_txt="1")

    assert here.runs("collection_by_link") == ["model"]

    assert [one["collection"] for one in elsewhere().asks("list", "model")] == ["brand-new"]


def test_a_type_that_the_registry_does_not_take_is_refused(here, elsewhere):
    here.holds(weights_txt="1")

    here.runs("type_not_accepted", code=1)

    there = elsewhere()
    assert there.asks("list", "model") == []
    assert there.versions("projects/detector/scenes") == {"v0": []}
    assert [one["state"] for one in there.asks("list", "projects/detector/runs")] == ["failed"]


def test_registries_are_created(here, elsewhere):
    assert here.runs("create_registry") == [
        "Speech Models restricted ['model']",
        "True None",
        "Conflict",
        "True",
        "types stay",
    ]

    by_path = {one["path"]: one for one in elsewhere().asks("list")}
    assert by_path["speech-models"]["title"] == "Speech Models"
    assert by_path["speech-models"]["description"] == "What hears and speaks."
    assert by_path["speech-models"]["types"] == ["model", "tokenizer"]
    assert by_path["scratch"]["types"] == []


def test_a_registry_is_deleted_and_its_sources_stay(here, elsewhere):
    here.holds(scenes_csv="street,1\n")
    here.runs("link_in_a_run")

    assert here.runs("delete_registry") == ["True"]

    there = elsewhere()
    assert [one["path"] for one in there.asks("list")] == ["dataset", "model"]
    assert there.versions("projects/labeling/scenes") == {"v0": []}


def test_what_a_path_was_logged_as_is_linked_and_by_another_run_again(here, elsewhere):
    here.holds(weights_txt="1")

    here.runs("log_a_path_and_link")
    here.runs("link_what_a_run_uses")

    there = elsewhere()
    detector, released = (there.asks("show", f"model/{one}:v0") for one in ("detector", "released"))
    assert detector["digest"] == released["digest"]
    assert released["source"]["project"] == "detector"
    [used] = there.asks("list", "projects/releases/runs")
    assert [(one["project"], one["version"]) for one in used["inputs"]] == [("detector", released["id"])]


def test_what_is_linked_is_used_by_alias_and_by_number(here, machine):
    here.holds(first_txt="first")
    here.runs("link_with_aliases", "first.txt")

    server = machine("server")
    where, source = server.runs("use_from_a_registry")[0].split(" ")
    assert source == "detector-weights:v0"
    assert where == str(server.work / "artifacts" / "detector-weights:v0")
    assert (Path(where) / "first.txt").read_text() == "first"
    assert server.runs("use_by_version") == ["fetched"]
    assert (server.work / "fetched" / "first.txt").read_text() == "first"
    [used] = server.asks("list", "projects/serving/runs")
    assert [one["registry"] for one in used["inputs"]] == ["model/detector"]


def test_a_production_version_is_tuned_further(here, machine):
    here.holds(weights_txt="phi")
    here.runs("found_fine_tuning")

    there = machine("there")
    there.runs("fine_tune")

    tuned = there.asks("show", "projects/phi-tuning/phi-mini-tuned:v0")
    base = there.asks("show", "tuned-models/phi-mini:production")
    assert [(one["registry"], one["version"]) for one in tuned["inputs"]] == [
        ("tuned-models/phi-mini", base["id"])
    ]
    where = Path(tuned["files"][0]["uri"].removeprefix("file://"))
    assert where.read_text() == "phi and tuned"


def test_a_machine_without_a_clone_sees_what_is_there_by_then(here, upstream, tmp_path):
    (tmp_path / "server").mkdir()
    server = Machine(f"file://{upstream}", tmp_path / "server")
    here.holds(first_txt="first", second_txt="second")

    seen = []
    for name in ("first", "second"):
        here.runs("link_with_aliases", f"{name}.txt")
        where, _ = server.runs("use_from_a_registry")[0].split(" ")
        seen.append([path.name for path in Path(where).iterdir()])

    assert seen == [["first.txt"], ["second.txt"]]
    assert len(server.asks("list", "projects/serving/runs")) == 2
