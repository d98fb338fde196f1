"""Pages on keeping a registry in order: tags, descriptions, filters."""

from __future__ import annotations

from tests.sdk.once import once


@once
def detector(here):
    here.holds(weights_txt="1")
    here.runs("log_a_path_and_link")
    return here


def test_a_collection_is_tagged(detector, elsewhere):
    assert detector.runs("tag_collection") == ["['edge', 'night vision']", "refused"]

    assert elsewhere().asks("show", "model/detector")["tags"] == ["edge", "night vision"]


def test_a_version_is_tagged(detector, elsewhere):
    assert detector.runs("tag_version") == ["detector:v0 ['reviewed', 'quantized']", "0"]

    assert elsewhere().asks("show", "model/detector:v0")["tags"] == ["reviewed", "quantized"]


def test_a_collection_is_described(detector, elsewhere):
    assert detector.runs("annotate_collection") == ["True"]

    assert elsewhere().asks("show", "model/detector")["description"].startswith("Finds cars.")


def test_filters_find_what_they_say(here, machine):
    here.runs("fill_registries")

    assert machine("there").runs("search_registry") == [
        "model",
        "model",
        "yolo-large yolo-small",
        "yolo-small",
        "resnet yolo-large yolo-small",
        "yolo-large",
        "resnet:v0",
        "resnet:v0 yolo-large:v0 yolo-small:v1",
        "none",
        "resnet:v0 yolo-large:v0",
        "yolo-small yolo-large resnet",
        "resnet:v0 yolo-large:v0 yolo-small:v1",
        "True",
    ]


def test_what_follows_a_promotion_is_automated(detector, elsewhere):
    detector.asks(
        *("automation", "create", "model", "tell", "--on", "version-unlinked", "--push"),
        *("--webhook", "https://deploy.acme.example/hook", "--secret", "REG_WH_DEPLOY"),
    )

    assert detector.runs("automate") == [
        "deploy-detector True",
        "Conflict",
        "True",
        "['Not this week.']",
        "['deploy-detector', 'evaluate', 'tell']",
        "True",
    ]
    (evaluate, tell) = elsewhere().asks("automation", "list")
    assert (evaluate["name"], evaluate["match"]) == ("evaluate", {"aliases": "candidate"})
    assert tell["action"] == evaluate["action"]
