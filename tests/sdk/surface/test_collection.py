"""A collection in a script's hands, and an artifact of a project, which is one, too."""

from __future__ import annotations

from functools import partial

import pytest
from tests.sdk.recorded import manifest

from git_registry.catalog import projects
from git_registry.catalog.transaction import Transaction, commit
from git_registry.errors import Conflict, NotFound, UsageError
from git_registry.model.documents.collection import Collection
from git_registry.model.edits import project as project_edits
from git_registry.model.edits import version as version_edits
from git_registry.model.edits.version import Addition
from git_registry.sdk import managing
from git_registry.sdk.managing import Description
from git_registry.sdk.surface.api import Api


@pytest.fixture
def open_api():
    opened = []

    def run(desk):
        api = Api(path=str(desk.path))
        api.workspace.clock, api.workspace.notify = desk.clock, desk.said.append
        opened.append(api)
        return api

    yield run
    for api in opened:
        api.workspace.close()


@pytest.fixture
def api(desk, open_api):
    return open_api(desk)


@pytest.fixture
def log(desk):
    """Log versions of an artifact into the project `churn`, each a commit."""

    def run(artifact, *contents, **parts):
        with desk.open() as catalog:
            there = projects.begun(catalog, "churn")
            for content in contents:
                one = manifest(content, artifact=artifact, **parts)
                tags = Addition(tags=("eu",) if content == "b" else ())
                steps = [
                    partial(project_edits.begin, project="churn"),
                    partial(version_edits.link, collection=f"churn/{artifact}", manifest=one),
                    partial(
                        version_edits.annotate, collection=f"churn/{artifact}", version=one.id, addition=tags
                    ),
                ]
                commit(there, Transaction(edits=steps, message="Log"))

    return run


def test_a_collection_says_what_it_is(desk, api):
    desk.link("a", aliases=["staging", "production"])
    found = api.artifact_collection("model", "wandb-registry-model/churn")

    assert (found.id, found.name, found.type) == ("model/churn", "churn", "model")
    assert (found.entity, found.project) == ("acme", "wandb-registry-model")
    assert (found.description, found.tags, found.is_sequence()) == (None, [], False)
    assert found.aliases == ["production", "staging", "latest"]
    assert found.created_at == found.updated_at == "2026-01-01T12:00:03.000Z"
    assert api.artifact_collection("model", f"{found.entity}/{found.project}/{found.name}").id == found.id
    with pytest.raises(NotFound, match="there is no collection model/fraud"):
        api.artifact_collection("model", "model/fraud")


def test_it_is_described_tagged_and_renamed_in_one_commit(desk, api):
    desk.link("a", aliases=["production"])
    found = api.artifact_collection("model", "model/churn")
    found.description, found.name = "Who will leave.", "leaving"
    found.tags.extend(["tabular", "eu", "tabular"])

    found.save()

    assert desk.log()[0] == "Rename model/churn to model/leaving"
    assert desk.document("model/leaving/collection.yaml", Collection) == Collection(
        type="model", description="Who will leave.", tags=("tabular", "eu"), renamed_from="model/churn"
    )
    assert (found.id, found.name, found.tags) == ("model/leaving", "leaving", ["tabular", "eu"])
    assert [one.version for one in found.versions()] == ["v0"]
    assert api.artifact("model/leaving:production").version == "v0"
    assert [one.event.kind for one in found.events(limit=2)] == ["collection-renamed", "collection-described"]


def test_tags_are_a_set(desk, api):
    desk.link("a")
    found = api.artifact_collection("model", "model/churn")
    found.tags = ["b", "a"]
    found.save()
    before = desk.log()

    found.tags = ["a", "b", "b"]
    found.save()
    assert desk.log() == before

    found.tags.remove("b")
    found.save()
    assert desk.document("model/churn/collection.yaml", Collection).tags == ("a",)
    found.tags.append("no/tag")
    with pytest.raises(ValueError, match="expected a tag"):
        found.save()
    found.load()
    assert found.tags == ["a"]


def test_a_description_is_taken_back(desk, api):
    desk.link("a")
    found = api.artifact_collection("model", "model/churn")
    for text in ("Who will leave.", "", None):
        found.description = text
        found.save()
        assert desk.document("model/churn/collection.yaml", Collection).description == (text or None)


def test_a_type_never_changes(desk, api, log):
    desk.link("a")
    log("xgb", "a")
    linked = api.artifact_collection("model", "model/churn")
    logged = api.artifact_collection("model", "churn/xgb")

    with pytest.raises(
        ValueError, match=r"^.*Type can only be changed if the artifact collection is a sequence\.(\nhint|$)"
    ):
        linked.change_type("dataset")
    with pytest.raises(
        ValueError, match="an artifact's type never changes, so 'model' can't become 'dataset'"
    ):
        logged.type = "dataset"
    logged.change_type("model")
    assert (linked.type, logged.type) == ("model", "model")


def test_a_name_that_is_none_or_taken_is_refused(desk, api):
    desk.link("a")
    desk.link("b", "model/fraud")
    found = api.artifact_collection("model", "model/churn")

    for name in ("", "a/b"):
        with pytest.raises(ValueError, match="a collection can't be called"):
            found.name = name
    found.name = "fraud"
    with pytest.raises(Conflict, match="there is a 'fraud' already"):
        found.save()
    found.name = "my model"
    with pytest.raises(UsageError, match="expected a name"):
        found.save()


def test_two_edit_it_at_once(desk, clone, open_api, git):
    desk.link("a")
    git(desk.path, "push", "-q")
    ada = open_api(desk).artifact_collection("model", "model/churn")
    eva = open_api(clone("eva")).artifact_collection("model", "model/churn")
    ada.tags.append("eu")
    eva.tags.append("tabular")
    eva.description = "Who will leave."
    ada.save()
    eva.save()

    assert sorted(eva.tags) == ["eu", "tabular"]
    ada.description = "Who stays."
    with pytest.raises(
        Conflict, match=r"model/churn/collection\.yaml: somebody changed its description meanwhile"
    ):
        ada.save()
    ada.load()
    assert (ada.description, sorted(ada.tags)) == ("Who will leave.", ["eu", "tabular"])


def test_it_is_deleted(desk, api):
    desk.link("a")
    found = api.artifact_collection("model", "model/churn")

    found.delete()

    assert not api.artifact_collection_exists("model/churn", "model")
    for late in (found.delete, found.save, found.load):
        with pytest.raises(NotFound):
            late()


def test_versions_pass_a_filter_in_an_order(desk, api):
    for content, auc in (("a", 0.7), ("b", 0.9), ("c", 0.8)):
        desk.link(content, metrics={"auc": auc})
    found = api.artifact_collection("model", "model/churn")

    assert [one.version for one in found.artifacts()] == ["v2", "v1", "v0"]
    assert [one.version for one in found.versions(order="-metrics.auc")] == ["v1", "v2", "v0"]
    assert [one.version for one in found.versions({"metrics.auc": {"$gte": 0.8}})] == ["v2", "v1"]
    with pytest.raises(ValueError, match="has no field 'accuracy'"):
        found.versions({"accuracy": 1})


def test_an_artifact_of_a_project_is_one_as_well(desk, api, log):
    log("xgb", "a", "b", "c", metrics={"auc": 0.5})
    log("features", "d", type="dataset")
    found = api.artifact_collection("model", "churn/xgb")

    assert (found.id, found.project, found.is_sequence()) == ("projects/churn/xgb", "churn", True)
    assert [one.version for one in found.artifacts()] == ["v2", "v1", "v0"]
    assert [one.version for one in api.artifacts("model", "churn/xgb", tags=["eu"])] == ["v1"]
    assert [one.version for one in api.artifacts("model", "churn/xgb", order="number")] == ["v0", "v1", "v2"]
    assert [one.version for one in found.versions({"number": {"$lt": 2}}, order="-number")] == ["v1", "v0"]
    assert len(found.versions({"metrics.auc": {"$gt": 0.5}})) == 0
    assert [one.name for one in api.artifact_types("churn")] == ["dataset", "model"]
    assert [one.id for one in api.artifact_collections("churn", "model")] == ["projects/churn/xgb"]
    assert [one.name for one in api.project("churn").artifact_type("dataset").collections()] == ["features"]
    assert Api(overrides={"project": "churn"}, path=str(desk.path)).artifact("xgb:v1").version == "v1"
    assert found.created_at == found.versions()[2].updated_at < found.updated_at


def test_a_projects_artifact_is_edited_on_its_branch(desk, api, log, git):
    log("xgb", "a", "b")
    found = api.artifact_collection("model", "churn/xgb")
    found.description, found.name = "Trees.", "boosted"
    found.tags.append("tabular")

    found.save()

    assert found.id == "projects/churn/boosted"
    assert git(desk.path, "log", "-1", "--format=%s", "projects/churn") == "Rename churn/xgb to churn/boosted"
    assert [one.version for one in found.artifacts()] == ["v1", "v0"]
    assert next(one.event.kind for one in found.events()) == "collection-renamed"
    found.delete()
    assert not api.artifact_collection_exists("churn/boosted", "model")


def test_lineage_begins_at_the_latest_version(desk, api):
    desk.link("a", "dataset/customers")
    version = desk.link("b", inputs=["dataset/customers:v0"])

    graph = api.artifact_collection("model", "model/churn").lineage()

    assert graph.start.id == version.id
    assert len(graph.edges) == 1


def test_what_a_person_wrote_beside_it_stays(desk, api):
    desk.link("a")
    desk(managing.edit, "model/churn", Description(title="Churn", card=b"# Churn\n"))
    found = api.artifact_collection("model", "model/churn")
    found.tags.append("eu")
    found.save()

    assert desk.document("model/churn/collection.yaml", Collection) == Collection(
        type="model", title="Churn", tags=("eu",)
    )
    assert (desk.path / "model/churn/README.md").read_text() == "# Churn\n"


def test_a_projects_artifact_is_looked_at_as_it_was(desk, log, git):
    log("xgb", "a")
    then = git(desk.path, "rev-parse", "projects/churn")
    log("xgb", "b")
    date = git(desk.path, "show", "-s", "--format=%cI", then)
    desk.link("later")
    past = Api(path=str(desk.path), at=date)

    assert [one.version for one in past.artifacts("model", "churn/xgb")] == ["v0"]
    assert past.artifact("churn/xgb").version == "v0"
