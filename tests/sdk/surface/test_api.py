"""`Api()`: what a script finds without a run, by W&B's names."""

from __future__ import annotations

import pytest

from git_registry.errors import NotFound, UsageError
from git_registry.sdk.surface.api import Api


@pytest.fixture
def api(desk):
    opened = Api(path=str(desk.path))
    opened.workspace.clock = desk.clock
    yield opened
    opened.workspace.close()


def test_a_version_is_found_by_every_name_it_has(desk, api):
    first = desk.link("a", aliases=["production"])
    last = desk.link("b")

    for name in (
        "wandb-registry-model/churn:production",
        "acme/wandb-registry-Models/churn:v0",
        "model/churn:v0",
    ):
        found = api.artifact(name, type="model")
        assert (found.name, found.version, found.is_link) == ("churn:v0", "v0", True), name
        assert found.digest == str(first.manifest.digest)
    assert api.artifact("model/churn").version == "v1"
    assert api.artifact(f"model/churn@{last.id[:8]}").version == "v1"


def test_another_type_is_a_value_error_and_what_is_absent_is_not_found(desk, api):
    desk.link("a")

    with pytest.raises(ValueError, match="type 'dataset' specified, but this artifact is of type 'model'"):
        api.artifact("model/churn:v0", type="dataset")
    for name in (
        "model/churn:v7",
        "model/churn:production",
        "model/chrun",
        "wandb-registry-modle/churn",
        "x/y",
    ):
        with pytest.raises(LookupError):
            api.artifact(name)
    with pytest.raises(ValueError, match="Invalid artifact path"):
        api.artifact("a/b/c/d")


def test_what_exists(desk, api):
    desk.link("a")

    assert api.artifact_exists("wandb-registry-model/churn:v0")
    assert api.artifact_exists("wandb-registry-model/churn", type="model")
    assert not api.artifact_exists("wandb-registry-model/churn", type="dataset")
    assert not api.artifact_exists("wandb-registry-model/churn:v1")
    assert not api.artifact_exists("features:v1")
    assert api.artifact_collection_exists("wandb-registry-model/churn", "model")
    assert not api.artifact_collection_exists("wandb-registry-model/churn", "dataset")
    assert not api.artifact_collection_exists("wandb-registry-model/fraud", "model")
    with pytest.raises(UsageError, match="neither the organization 'acme'"):
        api.artifact_exists("globex/wandb-registry-model/churn:v0")


def test_the_entity_that_overrides_is_checked(desk):
    for entity in ("acme", "acme-org", "ada"):
        assert Api(overrides={"entity": entity}, path=str(desk.path)).default_entity == "acme"

    with pytest.raises(ValueError, match="neither the organization 'acme' nor a team or user of it"):
        Api(overrides={"entity": "globex"}, path=str(desk.path))


def test_versions_of_a_collection_come_newest_first_and_those_that_have_all_tags(desk, api):
    for content, tags in (("a", ["eu"]), ("b", ["eu", "best"]), ("c", [])):
        desk.link(content, tags=tags)

    assert [one.version for one in api.artifacts("model", "model/churn")] == ["v2", "v1", "v0"]
    assert [one.version for one in api.artifacts("model", "model/churn", tags=["eu"])] == ["v1", "v0"]
    assert [one.version for one in api.artifacts("model", "model/churn", tags=["eu", "best"])] == ["v1"]
    assert [one.version for one in api.artifacts("model", "model/churn", tags="best")] == ["v1"]
    assert [one.version for one in api.artifacts("model", "model/churn", order="created_at")] == [
        "v0",
        "v1",
        "v2",
    ]
    with pytest.deprecated_call():
        assert len(api.artifact_versions("model", "model/churn")) == 3
    with pytest.raises(ValueError, match="type 'dataset' specified"):
        api.artifacts("dataset", "model/churn")
    with pytest.raises(ValueError, match="expected a tag"):
        api.artifacts("model", "model/churn", tags=["no/tag"])
    with pytest.raises(NotFound):
        api.artifacts("model", "model/fraud")


def test_types_are_those_a_registry_accepts(desk, api):
    desk.link("a")

    assert [one.name for one in api.project("wandb-registry-model", entity="acme").artifact_types()] == [
        "model"
    ]
    assert [one.name for one in api.artifact_types("acme/wandb-registry-dataset")] == ["dataset"]
    kind = api.artifact_type("model", "wandb-registry-model")
    assert [one.name for one in kind.collections()] == ["churn"]
    assert kind.collection("churn").path == "model/churn"
    with pytest.raises(NotFound, match="there is no type 'prompt'"):
        api.artifact_type("prompt", "wandb-registry-model")
    with pytest.raises(ValueError, match="type 'dataset' specified"):
        api.artifact_collection("dataset", "model/churn")


def test_collections_of_a_registry_by_type(desk, api):
    for name in ("fraud", "churn"):
        desk.link(name, f"model/{name}")

    assert [one.name for one in api.artifact_collections("wandb-registry-model", "model")] == [
        "churn",
        "fraud",
    ]
    assert [one.name for one in api.artifact_collections("model", "model", order="-name")] == [
        "fraud",
        "churn",
    ]
    assert list(api.artifact_collections("model", "dataset")) == []


def test_the_organization_and_its_people(desk, api, git):
    assert (api.default_entity, api.organization().name, str(api.organization("acme-org"))) == ("acme",) * 3
    assert (api.viewer.id, api.viewer.username) == ("user:ada", "ada")
    assert api.user("ada") == api.user("user:ada") == api.viewer
    assert api.user("nobody") is None
    with pytest.raises(NotFound, match="there is no team 'nlp'"):
        api.team("nlp")
    with pytest.raises(UsageError):
        api.organization("globex")


def test_the_past_is_looked_at_and_not_written(desk, git):
    desk.link("a")
    then = git(desk.path, "rev-parse", "HEAD")
    desk.link("b")
    past = Api(path=str(desk.path), at=then)

    assert [one.version for one in past.artifacts("model", "model/churn")] == ["v0"]
    assert past.artifact("model/churn").version == "v0"
    registry = past.registry("model")
    registry.description = "Rewritten"
    with pytest.raises(UsageError, match="the past can't be written to"):
        registry.save()


def test_what_others_published_is_there_after_a_flush(desk, clone, git):
    eva = Api(path=str(clone("eva").path))
    desk.link("a")
    git(desk.path, "push", "-q")

    assert not eva.artifact_exists("model/churn:v0")
    eva.flush()
    assert eva.artifact_exists("model/churn:v0")


def test_the_project_of_names_without_one(desk, monkeypatch):
    from tests.sdk.projects import log

    log(desk, "weights")
    monkeypatch.setenv("GIT_REGISTRY_PROJECT", "churn")

    assert Api(path=str(desk.path)).artifact("churn-xgb:v0").project == "churn"
    with pytest.raises(LookupError):
        Api(path=str(desk.path), overrides={"project": "other"}).artifact("churn-xgb:v0")
