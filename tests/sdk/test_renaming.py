"""A collection is called something else: what it holds goes along, numbers and all."""

import pytest

from git_registry.catalog import projects
from git_registry.catalog.transaction import Transaction, commit
from git_registry.errors import Conflict, NotFound, Refused, UsageError
from git_registry.model.documents.collection import Collection
from git_registry.model.edits import project as project_edits
from git_registry.model.edits import version as version_edits
from git_registry.model.edits.change import Kept
from git_registry.model.selector import Selector
from git_registry.sdk import aliasing, linking, listing, managing, noting, selecting
from git_registry.sdk.managing import Description
from git_registry.sdk.renaming import rename

CHURN = Selector(registry="model", collection="churn")


def numbered(desk, name, registry="model"):
    views = desk(listing.versions, Selector(registry=registry, collection=name))
    return {view.id: (view.version, view.aliases, view.notes.tags) for view in views}


def test_versions_keep_their_numbers_aliases_and_notes(desk):
    desk.link("a")
    gone = desk.link("b")
    desk.link("c", tags=["eu"], aliases=["production"])
    desk(linking.unlink, [f"model/churn@{gone.id}"])
    desk(managing.edit, "model/churn", Description(description="Who will leave.", card=b"# Churn\n"))
    before = numbered(desk, "churn")

    outcome = desk(rename, "model/churn", "leaving")

    assert [event.kind for event in outcome.events] == ["collection-renamed"]
    assert numbered(desk, "leaving") == before
    assert desk.document("model/leaving/collection.yaml", Collection) == Collection(
        type="model", description="Who will leave.", renamed_from="model/churn"
    )
    assert desk.files("model/churn") == []
    assert (desk.path / "model/leaving/README.md").read_text() == "# Churn\n"
    assert desk.link("d", "model/leaving").outcome.events[0].kind == "version-linked"
    assert sorted(v for v, _, _ in numbered(desk, "leaving").values()) == ["v0", "v2", "v3"]


def test_an_unlinked_version_comes_back_with_its_number(desk):
    gone = desk.link("a")
    desk.link("b")
    desk(linking.unlink, [f"model/churn@{gone.id}"])

    desk(rename, "model/churn", "leaving")
    desk.link("a", "model/leaving")

    assert numbered(desk, "leaving")[gone.id][0] == "v0"


def test_who_uses_the_old_name_is_told_the_new_one(desk):
    desk.link("a")
    desk(rename, "model/churn", "leaving")

    with pytest.raises(NotFound) as missing, desk.open() as catalog:
        selecting.collection(catalog, CHURN)

    assert "renamed to model/leaving" in missing.value.hint


def test_it_may_be_called_what_it_was_called_before(desk):
    desk.link("a")

    for old, new in (("churn", "leaving"), ("leaving", "churn"), ("churn", "leaving")):
        assert [event.kind for event in desk(rename, f"model/{old}", new).events] == ["collection-renamed"]

    desk.link("b", "model/leaving")
    assert sorted(v for v, _, _ in numbered(desk, "leaving").values()) == ["v0", "v1"]


def test_it_may_move_to_a_registry_that_accepts_its_type(desk):
    desk(managing.create_registry, "archive", Description())
    desk.link("a", aliases=["production"])

    desk(rename, "model/churn", "archive/churn")

    assert [v for v, _, _ in numbered(desk, "churn", "archive").values()] == ["v0"]
    assert desk.aliases("archive/churn").keys() == {"production"}
    with pytest.raises(Refused, match="accepts 'dataset', not 'model'"):
        desk(rename, "archive/churn", "dataset/churn")
    with pytest.raises(NotFound, match="there is no registry 'nowhere'"):
        desk(rename, "archive/churn", "nowhere/churn")


def test_the_name_it_has_changes_nothing(desk):
    desk.link("a")

    assert desk(rename, "model/churn", "churn").events == ()


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("fraud", Conflict, "there is a 'fraud' already, or was"),
        ("gone", Conflict, "there is a 'gone' already, or was"),
        ("Fraud", Conflict, "'Fraud' differs from 'fraud' in case alone"),
        ("Churn", Conflict, "'Churn' differs from 'churn' in case alone"),
        ("my model", UsageError, "expected a name"),
        ("versions", UsageError, "reserved"),
        ("model/churn/x", UsageError, "expected a name"),
    ],
)
def test_a_name_that_is_taken_or_not_allowed_is_refused(desk, name, error, said):
    for collection in ("churn", "fraud", "gone"):
        desk.link(collection, f"model/{collection}")
    desk(managing.delete, "model/gone")
    before = desk.log()

    with pytest.raises(error, match=said):
        desk(rename, "model/churn", name)

    assert desk.log() == before


@pytest.mark.parametrize(
    ("selected", "error"),
    [("model", UsageError), ("model/churn:v0", UsageError), ("model/nothing", NotFound)],
)
def test_only_a_collection_is_renamed(desk, selected, error):
    desk.link("a")

    with pytest.raises(error):
        desk(rename, selected, "leaving")


def test_a_file_beside_it_goes_along_if_it_is_a_plain_one(desk, git):
    desk.link("a")
    (desk.path / "model/churn/plot.svg").write_text("<svg/>")
    git(desk.path, "add", ".")
    git(desk.path, "commit", "-qm", "A plot")

    desk(rename, "model/churn", "leaving")
    assert "model/leaving/plot.svg" in desk.files()

    (desk.path / "model/leaving/latest").symlink_to("plot.svg")
    git(desk.path, "add", ".")
    git(desk.path, "commit", "-qm", "A link")
    with pytest.raises(Conflict, match="latest: it is no plain file"):
        desk(rename, "model/leaving", "gone")


def test_a_projects_artifact_is_renamed_on_the_projects_branch(desk):
    version = desk.link("a")
    with desk.open() as catalog:
        place = catalog.now().find("model/churn", version.id)
        manifest = catalog.now().manifest(place)
        content = Kept(catalog.now().entry(place).id)
        there = projects.begun(catalog, "churn")
        steps = [
            lambda now: project_edits.begin(now, "churn"),
            lambda now: version_edits.link(now, "churn/xgb", manifest, content),
        ]
        commit(there, Transaction(edits=steps, message="Log"))

        outcome = rename(catalog, "projects/churn/xgb", "boosted")

        assert [event.kind for event in outcome.events] == ["collection-renamed"]
        found = listing.versions(there, Selector(registry="churn", collection="boosted"))
        assert [(one.id, one.version) for one in found] == [(version.id, "v0")]


def test_two_clones_see_the_new_name_and_an_old_promotion_meets_it(desk, clone, git):
    desk.link("a")
    git(desk.path, "push", "-q")
    eva = clone("eva")

    desk(rename, "model/churn", "leaving")
    git(desk.path, "push", "-q")
    git(eva.path, "pull", "-q")

    assert [v for v, _, _ in numbered(eva, "leaving").values()] == ["v0"]
    with pytest.raises(NotFound):
        eva(aliasing.promote, ["model/churn:v0"], "production")
    eva(noting.tag, "model/leaving:v0", add=["eu"])
    assert list(numbered(eva, "leaving").values()) == [("v0", (), ("eu",))]
