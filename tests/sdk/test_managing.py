"""Registries and collections: created, described, deleted."""

import pytest

from git_registry.errors import Conflict, InvalidDocument, NotFound, Refused, UsageError
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.registry import Registry
from git_registry.sdk import linking, managing, saving
from git_registry.sdk.managing import Description

NOTHING = Description()


def test_a_registry_is_created_with_its_card(desk):
    about = Description(title="Prompts", description="What we ask.", card=b"# Prompts\n")

    outcome = desk(managing.create_registry, "prompt", about, ["prompt", "prompt", "template"])

    assert desk.document("prompt/registry.yaml", Registry) == Registry(
        title="Prompts", description="What we ask.", types=("prompt", "template")
    )
    assert (desk.path / "prompt/README.md").read_text() == "# Prompts\n"
    assert outcome.events[0].kind == "registry-created"


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("model", Conflict, "there is a 'model' already"),
        ("Model", Conflict, "'Model' differs from 'model' in case alone"),
        ("acme", Conflict, "'acme' is the organization's own name"),
        ("projects", UsageError, "'projects' is reserved"),
        ("a b", UsageError, "expected a name"),
        ("con", UsageError, "is a device name on Windows"),
        ("x.yaml", UsageError, "ends in"),
        ("organization.yaml", UsageError, "ends in"),
    ],
)
def test_a_registrys_name_must_be_free_and_allowed(desk, name, error, said):
    with pytest.raises(error, match=said):
        desk(managing.create_registry, name, NOTHING)

    assert len(desk.log()) == 1


def test_a_type_must_be_one(desk):
    with pytest.raises((InvalidDocument, UsageError), match="expected an artifact type"):
        desk(managing.create_registry, "prompt", NOTHING, ["a/b"])


def test_a_collection_takes_the_only_type_of_its_registry(desk):
    desk(managing.create_collection, "model/churn", Description(title="Churn"), tags=["eu", "eu"])

    assert desk.document("model/churn/collection.yaml", Collection) == Collection(
        type="model", title="Churn", tags=("eu",)
    )


def test_where_there_is_a_choice_of_types_one_must_be_named(desk):
    desk(managing.create_registry, "any", NOTHING)

    with pytest.raises(UsageError, match="the registry any accepts any type"):
        desk(managing.create_collection, "any/one", NOTHING)
    desk(managing.create_collection, "any/one", NOTHING, artifact_type="x")

    assert desk.document("any/one/collection.yaml", Collection).type == "x"


@pytest.mark.parametrize(
    ("target", "options", "error", "said"),
    [
        ("model/churn", {}, Conflict, "there is a collection model/churn already"),
        ("model/Churn", {}, Conflict, "'Churn' differs from 'churn' in case alone"),
        ("modl/x", {}, NotFound, "there is no registry 'modl'"),
        ("model/x", {"artifact_type": "dataset"}, Refused, "the registry accepts 'model', not 'dataset'"),
        ("model/x", {"tags": ["a/b"]}, (UsageError, InvalidDocument), "expected a tag"),
        ("model", {}, UsageError, "expected a collection such as model/churn"),
        ("model/x:v1", {}, UsageError, "expected a collection such as model/churn"),
        ("model/versions", {}, UsageError, "is reserved"),
        ("model/a/b", {}, UsageError, "is no selector"),
        ("../x", {}, NotFound, "there is no registry"),
    ],
)
def test_a_collection_must_fit(desk, target, options, error, said):
    desk(managing.create_collection, "model/churn", NOTHING)

    with pytest.raises(error, match=said):
        desk(managing.create_collection, target, NOTHING, **options)

    assert len(desk.log()) == 2


def test_a_missing_registry_suggests_the_nearest(desk):
    with pytest.raises(NotFound) as missing:
        desk(managing.create_collection, "modl/x", NOTHING)

    assert missing.value.hint == "did you mean model?"


@pytest.mark.parametrize("spelled", ["Models", "models", "wandb-registry-model", "acme/model"])
def test_a_registry_may_be_called_by_its_title(desk, spelled):
    desk(managing.create_collection, f"{spelled}/churn", NOTHING)

    assert "model/churn/collection.yaml" in desk.files()


def test_a_title_that_two_have_names_none(desk):
    desk(managing.create_registry, "other", Description(title="models"))

    with pytest.raises(NotFound, match="names several registries: model, other"):
        desk(managing.create_collection, "Models/x", NOTHING)


def test_one_broken_registry_does_not_hide_the_others_titles(desk, git):
    (desk.path / "dataset/registry.yaml").write_text("format: 1\ntitle: [\n")
    git(desk.path, "commit", "-q", "-a", "-m", "Broken")

    desk(managing.create_collection, "Models/x", NOTHING)
    with pytest.raises(NotFound, match="there is no registry 'modl'"):
        desk(managing.create_collection, "modl/x", NOTHING)


def test_what_describes_is_replaced_part_by_part(desk):
    desk(managing.create_collection, "model/churn", Description(title="Churn", description="Leaving."))

    desk(managing.edit, "model/churn", Description(description="Who leaves."))
    desk(managing.edit, "model/churn", Description(title="", card=b"# Churn\n"))

    assert desk.document("model/churn/collection.yaml", Collection) == Collection(
        type="model", description="Who leaves."
    )
    assert (desk.path / "model/churn/README.md").read_text() == "# Churn\n"
    desk(managing.edit, "model/churn", Description(card=b""))
    assert not (desk.path / "model/churn/README.md").exists()


def test_describing_as_it_is_makes_no_commit(desk):
    desk(managing.edit, "model", Description(title="Models"))

    assert len(desk.log()) == 1


def test_a_registry_may_accept_more_types_never_fewer(desk):
    desk(managing.edit, "model", NOTHING, add_types=["adapter", "model"])

    assert desk.document("model/registry.yaml", Registry).types == ("model", "adapter")
    desk(managing.create_registry, "any", NOTHING)
    with pytest.raises(Refused, match="accepts any type already"):
        desk(managing.edit, "any", NOTHING, add_types=["x"])


def test_what_never_changes_is_said(desk):
    desk.link("one")

    with pytest.raises(UsageError, match="its type never changes"):
        desk(managing.edit, "model/churn", NOTHING, add_types=["x"])
    with pytest.raises(UsageError, match="is a version; its manifest never changes"):
        desk(managing.edit, "model/churn:v0", Description(title="x"))
    with pytest.raises(InvalidDocument, match="a card is Markdown in UTF-8"):
        desk(managing.edit, "model/churn", Description(card=b"\xff"))


def test_comments_by_hand_are_kept_unless_told_otherwise(desk, git):
    (desk.path / "model/registry.yaml").write_text("format: 1\ntitle: Models # ours\ntypes: [model]\n")
    git(desk.path, "commit", "-q", "-a", "-m", "By hand")

    with pytest.raises(UsageError, match=r"would drop .*comments.*line \d") as refused:
        desk(managing.edit, "model", Description(description="Served."))
    assert "description: Served." in refused.value.hint
    desk.allowing(rewrite=True)(managing.edit, "model", Description(description="Served."))

    assert "#" not in (desk.path / "model/registry.yaml").read_text()


def test_a_deleted_collection_keeps_its_versions_unlinked(desk, git):
    version = desk.link("one", aliases=["production"], tags=["eu"]).id
    desk.link("two", "model/other")

    outcome = desk(managing.delete, "model/churn")

    assert [path for path in desk.files() if path.startswith("model/churn/")] == [
        f"model/churn/unlinked/{version}.notes.yaml",
        f"model/churn/unlinked/{version}.yaml",
    ]
    assert {event.kind for event in outcome.events} >= {
        "collection-deleted",
        "version-unlinked",
        "alias-removed",
    }
    assert git(desk.path, "status", "--porcelain") == ""
    with pytest.raises(NotFound, match="there is no collection model/churn"):
        desk(managing.delete, "model/churn")


def test_a_collection_can_be_created_again(desk):
    desk.link("one")
    desk(managing.delete, "model/churn")

    desk(managing.create_collection, "model/churn", NOTHING)

    assert "model/churn/collection.yaml" in desk.files()


def test_a_registry_is_deleted_once_it_is_empty(desk):
    desk.link("one")

    with pytest.raises(Conflict, match="the registry has collections") as refused:
        desk(managing.delete, "model")
    assert "git registry delete model/churn" in refused.value.hint
    desk(managing.delete, "dataset")

    assert not (desk.path / "dataset").exists()


def test_a_registry_that_had_collections_can_be_created_again(desk):
    version = desk.link("one").id
    desk(managing.delete, "model/churn")
    desk(managing.delete, "model")

    desk(managing.create_registry, "model", NOTHING, ["model"])

    assert desk.link("one").id == version


def test_a_version_is_not_deleted_but_unlinked(desk):
    desk.link("one")

    with pytest.raises(UsageError, match="is a version") as refused:
        desk(managing.delete, "model/churn:v0")
    assert refused.value.hint == "`git registry unlink model/churn:v0`"
    desk(linking.unlink, ["model/churn:v0"])


@pytest.mark.parametrize("verb", ["create", "link"])
def test_a_file_of_that_name_is_in_the_way(desk, git, verb):
    (desk.path / "model/churn").write_text("mine\n")
    git(desk.path, "add", "--all")
    git(desk.path, "commit", "-q", "-m", "A file")

    with pytest.raises(Conflict, match="churn"):
        desk.link("one") if verb == "link" else desk(managing.create_collection, "model/churn", NOTHING)

    assert (desk.path / "model/churn").read_text() == "mine\n"


def test_a_registry_with_collections_is_deleted_by_who_means_them_too(desk):
    linked = desk.link("weights", aliases=["production"])
    with pytest.raises(Conflict, match="the registry has collections"):
        desk(managing.delete, "model")

    desk(saving.delete_registry, "model")

    assert desk.files("model") == [f"model/churn/unlinked/{linked.id}.yaml"]


def test_a_registry_that_is_not_there_is_not_deleted(desk):
    for delete in (managing.delete, saving.delete_registry):
        with pytest.raises(NotFound, match="no registry 'nowhere'"):
            desk(delete, "nowhere")
