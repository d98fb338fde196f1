"""W&B's names, and what they select."""

import pytest
from tests.sdk.once import once

from git_registry.catalog.transaction import Transaction, commit
from git_registry.errors import NotFound, UsageError
from git_registry.model.documents.organization import Organization, Team
from git_registry.model.edits.change import Changes
from git_registry.sdk import managing
from git_registry.sdk.managing import Description
from git_registry.sdk.surface import naming
from git_registry.sdk.surface.workspace import Workspace


def teams(now) -> Changes:
    bob = Team(members=("user:bob",))
    organization = now.organization()
    return {
        "organization.yaml": Organization(
            name=organization.name, store=organization.store, admins=organization.admins, teams={"nlp": bob}
        )
    }


@once
def acme(desk, git):
    desk(managing.create_registry, "golden", Description(title="Golden Datasets"))
    desk(commit, Transaction(edits=[teams], message="Teams"))
    for project in ("churn", "model"):
        git(desk.path, "branch", f"projects/{project}")
    return desk


@pytest.fixture
def workspace(acme):
    opened = Workspace(path=str(acme.path), clock=acme.clock)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("text", "selector"),
    [
        ("features", "projects/mine/features:latest"),
        ("features:v3", "projects/mine/features:v3"),
        ("churn/features", "projects/churn/features:latest"),
        ("churn/features:best", "projects/churn/features:best"),
        ("acme/churn/features:v0", "projects/churn/features:v0"),
        ("projects/churn/features:v0", "projects/churn/features:v0"),
        ("acme/projects/churn/features", "projects/churn/features:latest"),
        ("model/churn", "model/churn:latest"),
        ("model/churn@3fa94c1b", "model/churn@3fa94c1b"),
        ("projects/model/churn", "projects/model/churn:latest"),
        ("wandb-registry-model/churn:production", "model/churn:production"),
        ("wandb-registry-Model/churn:production", "model/churn:production"),
        ("wandb-registry-Models/churn:production", "model/churn:production"),
        ("Golden Datasets/x:v1", "golden/x:v1"),
        ("model-registry/churn:v1", "model/churn:v1"),
        ("nlp/model-registry/churn", "model/churn:latest"),
        ("wandb-registry-model/Will they leave?:v1", "model/will-they-leave:v1"),
        ("wandb-registry-golden datasets/x", "golden/x:latest"),
        ("acme/wandb-registry-model/churn", "model/churn:latest"),
        ("acme-org/wandb-registry-model/churn:v2", "model/churn:v2"),
        ("ACME/wandb-registry-Golden Datasets/x", "golden/x:latest"),
        ("nlp/wandb-registry-model/churn", "model/churn:latest"),
        ("bob/churn/features", "projects/churn/features:latest"),
        ("ada/churn/features", "projects/churn/features:latest"),
    ],
)
def test_a_name_in_the_shape_of_wandb_selects_a_version(workspace, text, selector):
    assert naming.selector(workspace, text, "mine") == selector


def test_a_registry_may_be_called_as_the_former_one_of_wandb(desk, workspace):
    desk(managing.create_registry, "model-registry", Description())

    assert naming.selector(workspace, "model-registry/churn") == "model-registry/churn:latest"


def test_what_names_no_project_is_uncategorized(workspace):
    assert naming.selector(workspace, "features") == "projects/uncategorized/features:latest"


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("a/b/c/d", UsageError, "Invalid artifact path: 'a/b/c/d'"),
        ("acme/wandb-registry-model/churn/x:v1", UsageError, "Invalid artifact path"),
        ("", UsageError, "Invalid artifact path: ''"),
        ("/:v1", UsageError, "Invalid artifact path"),
        ("globex/wandb-registry-model/churn", UsageError, "neither the organization 'acme'"),
        ("wandb-registry-modle/churn", NotFound, "there is no registry 'modle'"),
        ("nowhere/churn", NotFound, "there is no registry 'nowhere'"),
        ("wandb-registry-churn/features", NotFound, "there is no registry 'churn'"),
        ("my file", UsageError, "expected a name"),
        ("model/runs", UsageError, "no directory can be named after it"),
        ("model/模型", UsageError, "no directory can be named after it"),
        ("model/../x", UsageError, "neither the organization"),
    ],
)
def test_what_is_no_name_of_ours_is_told(workspace, text, error, said):
    with pytest.raises(error, match=said):
        naming.selector(workspace, text, "mine" if "/" not in text else None)


def test_a_wrong_entity_is_a_value_error_that_says_the_right_one(workspace):
    with pytest.raises(ValueError) as refused:
        naming.target(workspace, "globex-org/wandb-registry-model/churn")

    assert "'acme'" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("wandb-registry-model/new", "model/new"),
        ("acme/wandb-registry-model/new", "model/new"),
        ("acme-org/wandb-registry-Golden Datasets/new", "golden/new"),
        ("model/new", "model/new"),
        ("wandb-registry-model/new:latest", "model/new"),
    ],
)
def test_a_link_goes_to_a_collection_that_need_not_be_there(workspace, text, path):
    assert naming.target(workspace, text) == path


@pytest.mark.parametrize("text", ["new", "churn/new", "acme/churn/new", "projects/churn/new"])
def test_a_link_goes_into_a_registry_alone(workspace, text):
    with pytest.raises(UsageError, match="links go into registries") as refused:
        naming.target(workspace, text)

    assert "wandb-registry-model/churn" in refused.value.hint


def test_a_target_is_not_cut_short(workspace):
    with pytest.raises(UsageError, match="Invalid target path: 'model/Zoo: Classifier'"):
        naming.target(workspace, "model/Zoo: Classifier")


def test_a_registry_is_found_by_its_name_or_title(workspace):
    for text in (
        "golden",
        "GOLDEN",
        "golden datasets",
        "wandb-registry-golden",
        "wandb-registry-Golden Datasets",
    ):
        assert naming.registry(workspace, text) == "golden"

    with pytest.raises(NotFound, match="there is no registry 'silver'"):
        naming.registry(workspace, "wandb-registry-silver")


@pytest.mark.parametrize(
    ("text", "hint"), [("chrun/features", "did you mean churn?"), ("goldne/x", "did you mean golden?")]
)
def test_the_nearest_registry_or_project_is_suggested(workspace, text, hint):
    with pytest.raises(NotFound) as missing:
        naming.selector(workspace, text)

    assert missing.value.hint == hint


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("model", "model"),
        ("wandb-registry-Golden Datasets", "golden"),
        ("acme/wandb-registry-model", "model"),
        ("churn", "projects/churn"),
        ("acme/new", "projects/new"),
        ("projects/model", "projects/model"),
    ],
)
def test_what_holds_collections_is_a_registry_or_a_project(workspace, text, place):
    assert naming.place(workspace, text) == place
