"""What is added later: tags, metrics, metadata, descriptions. The manifest never changes."""

import pytest

from git_registry.errors import InvalidDocument, NotFound, UsageError
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.notes import Notes
from git_registry.model.edits.version import Addition
from git_registry.sdk import listing, noting
from git_registry.sdk.checking import check

from .once import once


@once
def version(desk):
    return desk.link("one", metrics={"auc": 0.9}, tags=["eu"]).id


@pytest.fixture
def notes(desk, version):
    return lambda: desk.document(f"model/churn/versions/{version}.notes.yaml", Notes)


def test_metrics_and_metadata_are_added_to_what_is_there(desk, notes, git, version):
    manifest = git(desk.path, "rev-parse", f"HEAD:model/churn/versions/{version}.yaml")

    desk(
        noting.annotate, ["model/churn:v0"], Addition(metrics={"f1": 1, "auc": 0.8}, metadata={"by": "risk"})
    )
    desk(
        noting.annotate,
        ["model/churn:v0"],
        Addition(metrics={"f1": 2}, description="Good.", tags=("b", "eu")),
    )

    assert notes() == Notes(
        description="Good.", tags=("eu", "b"), metrics={"f1": 2, "auc": 0.8}, metadata={"by": "risk"}
    )
    assert git(desk.path, "rev-parse", f"HEAD:model/churn/versions/{version}.yaml") == manifest


def test_free_values_come_back_as_they_went(desk, notes):
    free = {"list": [1, "1", 1.5, None, True], "deep": {"no": "no", "010": 10}, "text": "a\nb: # c", "": "x"}

    desk(
        noting.annotate,
        ["model/churn:v0"],
        Addition(metadata=free, metrics={"inf": float("inf"), "big": 2**62}),
    )

    assert notes().metadata == free
    assert notes().metrics == {"inf": float("inf"), "big": 2**62}
    assert desk(check) == []


@pytest.mark.parametrize(
    ("addition", "said"),
    [
        (Addition(metrics={"x": "much"}), "metrics"),
        (Addition(metrics={"x": 2**64}), "64 bits"),
        (Addition(tags=("a/b",)), "tag"),
        (Addition(description="a\x1bb"), "control character"),
        (Addition(metadata={"x": {1, 2}}), "metadata"),
    ],
)
def test_what_the_format_cannot_hold_is_refused(desk, version, addition, said):
    before = desk.log()

    with pytest.raises((InvalidDocument, UsageError), match=said):
        desk(noting.annotate, ["model/churn:v0"], addition)

    assert desk.log() == before


def test_several_versions_are_annotated_in_one_commit(desk, version):
    other = desk.link("two").id

    desk(noting.annotate, ["model/churn:v0", "model/churn:v1"], Addition(metadata={"reviewed": True}))

    assert desk.log()[0] == f"Annotate model/churn@{version[:8]} and model/churn@{other[:8]}"
    assert len(desk.log()) == 4


def test_saying_it_again_is_nothing(desk, version):
    desk(noting.annotate, ["model/churn:v0"], Addition(metrics={"x": float("nan")}))
    before = desk.log()

    desk(noting.annotate, ["model/churn:v0"], Addition(metrics={"x": float("nan")}))
    desk(noting.tag, "model/churn:v0", add=["eu"])
    desk(noting.tag, "model/churn:v0", remove=["not there"])

    assert desk.log() == before


def test_a_description_is_removed_by_an_empty_one(desk, notes):
    desk(noting.annotate, ["model/churn:v0"], Addition(description="Good."))
    desk(noting.annotate, ["model/churn:v0"], Addition(description=""))

    assert notes().description is None


def test_tags_of_versions_and_collections(desk, notes):
    desk(noting.tag, "model/churn:v0", add=["needs review", "b"], remove=["eu"])
    desk(noting.tag, "model/churn", add=["tabular"])

    assert notes().tags == ("needs review", "b")
    assert desk.document("model/churn/collection.yaml", Collection).tags == ("tabular",)
    assert desk.log()[0] == "Tags of model/churn: add tabular"


def test_notes_that_say_nothing_go(desk, version):
    desk(noting.tag, "model/churn:v0", remove=["eu"])

    assert not any(path.endswith(".notes.yaml") for path in desk.files())


@pytest.mark.parametrize(
    ("selected", "error", "said"),
    [
        ("model", UsageError, "only collections and versions have tags"),
        ("model/nothing", NotFound, "there is no collection model/nothing"),
        ("model/churn:v7", NotFound, "there is no version v7"),
    ],
)
def test_only_what_is_there_has_tags(desk, version, selected, error, said):
    with pytest.raises(error, match=said):
        desk(noting.tag, selected, add=["x"])
    with pytest.raises(UsageError, match="expected a tag"):
        desk(noting.tag, "model/churn", add=["a/b"])


def test_annotating_needs_a_version(desk, version):
    with pytest.raises(UsageError, match="this needs a version"):
        desk(noting.annotate, ["model/churn"], Addition(metrics={"a": 1}))


def test_notes_written_by_hand_keep_their_comments(desk, version, git, notes):
    path = desk.path / f"model/churn/versions/{version}.notes.yaml"
    path.write_text("format: 1\ntags: [eu] # only there\n")
    git(desk.path, "commit", "-q", "-a", "-m", "By hand")

    with pytest.raises(UsageError, match=r"would drop .*comments.*line \d"):
        desk(noting.annotate, ["model/churn:v0"], Addition(metrics={"a": 1}))
    desk.allowing(rewrite=True)(noting.annotate, ["model/churn:v0"], Addition(metrics={"a": 1}))

    assert notes() == Notes(tags=("eu",), metrics={"a": 1})


def test_lists_show_what_is_there_newest_first(desk, version, upstream):
    desk.link("two", aliases=["production"])
    desk.link("x", "model/other")

    versions = desk(listing.versions, selector("model/churn"))
    collections = desk(listing.collections, "Models")
    registries = desk(listing.registries)

    assert [view.version for view in versions] == ["v1?", "v0"]
    assert [view.aliases for view in versions] == [("production",), ()]
    assert [(view.path, view.versions, view.latest) for view in collections] == [
        ("model/churn", 2, "v1?"),
        ("model/other", 1, "v0?"),
    ]
    assert [(view.path, view.collections) for view in registries] == [("dataset", 0), ("model", 2)]


def test_a_broken_document_is_a_row_not_the_end_of_the_list(desk, version, git):
    other = desk.link("two", aliases=["production", "staging"]).id
    for path in (f"versions/{version}.yaml", "aliases/staging.yaml", "collection.yaml"):
        (desk.path / "model/churn" / path).write_text("format: 1\nbroken: [\n")
    (desk.path / "dataset/registry.yaml").write_text("format: 99\n")
    git(desk.path, "commit", "-q", "-a", "-m", "Broken")

    first, second = desk(listing.versions, selector("model/churn"))
    collection = desk(listing.show, "model/churn")
    dataset, _ = desk(listing.registries)

    assert (first.id, first.problem, first.aliases) == (other, "", ("production",))
    assert second.manifest is None
    assert second.problem.startswith(f"model/churn/versions/{version}.yaml:")
    assert second.version == "v0"
    assert collection.problem.startswith("model/churn/collection.yaml:")
    assert collection.aliases == {"production": "v1"}
    assert "newer version" in dataset.problem


def test_showing_one_of_each(desk, version):
    assert desk(listing.show, "model").document.title == "Models"
    assert desk(listing.show, "model/churn").document.type == "model"
    assert desk(listing.show, "model/churn:latest").path == "model/churn:v0"
    assert desk(listing.card, "model/churn") == ""


def selector(text):
    from git_registry.model.selector import parse

    return parse(text)
