"""Collections whose names no directory can have."""

import pytest

import git_registry as gr
from git_registry.errors import NotFound
from git_registry.sdk import managing
from git_registry.sdk.managing import Description


@pytest.fixture
def model(here):
    """Log a model into the project churn."""

    def log(content):
        made = gr.Artifact("churn-xgb", "model")
        with made.new_file("model.bin") as file:
            file.write(content)
        made.save(project="churn")
        return made

    return log


def test_a_link_makes_a_collection_of_that_title(model, here):
    linked = model("one").link("wandb-registry-model/Churn (EU)", aliases=["staging"])

    assert linked.name == "churn-eu:v0"
    collection = gr.Api().artifact_collection("model", "model/churn (eu)")
    assert collection.path == "model/churn-eu"
    assert "title: Churn (EU)\n" in (here.path / "model/churn-eu/collection.yaml").read_text()
    assert gr.Api().artifact("model/Churn (EU):staging").id == linked.id


def test_a_title_that_is_there_is_linked_to_wherever_it_is(model, here):
    here(managing.create_collection, "model/leavers", Description(title="Churn (EU)"))

    assert model("one").link("model/Churn (EU)").name == "leavers:v0"
    assert not (here.path / "model/churn-eu").exists()


def test_a_collection_that_is_there_keeps_its_title(model, here):
    here(managing.create_collection, "model/churn-eu", Description(title="Leavers"))

    assert model("one").link("model/Churn (EU)").name == "churn-eu:v0"
    assert "title: Leavers\n" in (here.path / "model/churn-eu/collection.yaml").read_text()


def test_a_title_that_several_have_names_none(here):
    for name in ("one", "two"):
        here(managing.create_collection, f"model/{name}", Description(title="Churn (EU)"))

    with pytest.raises(NotFound, match="names several collections: model/one, model/two"):
        gr.Api().artifact_collection("model", "model/Churn (EU)")
