"""Collections whose names no directory can have."""

import pytest

import git_registry as gr
from git_registry.errors import Conflict, NotFound
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


@pytest.mark.parametrize(("title", "other"), [("Leavers", "Leavers"), (None, "churn-eu")])
def test_a_directory_that_is_another_ones_is_a_conflict(model, here, title, other):
    here(managing.create_collection, "model/churn-eu", Description(title=title))

    with pytest.raises(Conflict, match=rf"no collection 'Churn \(EU\)': .* that of '{other}'") as refused:
        model("one").link("model/Churn (EU)")
    assert refused.value.hint.startswith("write model/churn-eu if")
    with pytest.raises(LookupError, match=f"that of '{other}'"):
        gr.Api().artifact_collection("model", "model/Churn (EU)")
    assert not gr.Api().artifact_exists("model/Churn (EU)")
    assert model("two").link("model/churn-eu").qualified_name == "acme/model/churn-eu:v0"


def test_titles_that_differ_are_never_one_collection(model):
    model("one").link("model/Zoo Classifier")

    for title in ("Zoo+Classifier", "Zoo & Classifier", "zoo  classifier"):
        with pytest.raises(Conflict, match="that of 'Zoo Classifier'"):
            model("two").link(f"model/{title}")
    assert model("two").link("model/zoo classifier").name == "zoo-classifier:v1"


def test_a_transaction_gives_the_title_too(model, here):
    with gr.Api().registry("model").transaction() as together:
        together.link(model("one"), "Churn (EU)")

    assert "title: Churn (EU)\n" in (here.path / "model/churn-eu/collection.yaml").read_text()


def test_a_title_that_several_have_names_none(here):
    for name in ("one", "two"):
        here(managing.create_collection, f"model/{name}", Description(title="Churn (EU)"))

    with pytest.raises(NotFound, match="names several collections: model/one, model/two"):
        gr.Api().artifact_collection("model", "model/Churn (EU)")
