"""A registry in a script's hands: found, created, described, its members, deleted."""

from __future__ import annotations

import pytest

from git_registry.catalog.transaction import Transaction, commit
from git_registry.errors import Conflict, InvalidDocument, NotFound, Refused, UsageError
from git_registry.model.documents.access import Access
from git_registry.model.documents.organization import Organization, Team
from git_registry.model.documents.registry import Registry as Document
from git_registry.sdk.surface.api import Api
from git_registry.sdk.surface.members import Team as SurfaceTeam
from git_registry.sdk.surface.members import TeamMember, User, UserMember
from git_registry.sdk.surface.registry import Registry
from git_registry.sdk.surface.workspace import Workspace


@pytest.fixture
def open_api():
    """Open the API in somebody's clone."""
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


def test_a_registry_says_what_it_is(desk, api):
    desk.link("a")
    registry = api.registry("wandb-registry-Models", organization="acme")

    assert (registry.name, registry.full_name, registry.path) == ("model", "wandb-registry-model", "model")
    assert (registry.id, registry.internal_id) == ("model", "model")
    assert (registry.entity, registry.organization) == ("acme", "acme")
    assert (registry.description, registry.visibility) == ("What we serve.", "organization")
    assert (registry.allow_all_artifact_types, list(registry.artifact_types)) == (False, ["model"])
    assert registry.created_at == "2026-01-01T12:00:00.000Z" < registry.updated_at
    with pytest.raises(NotFound, match="there is no registry 'modle'"):
        api.registry("modle")
    with pytest.raises(UsageError, match="neither the organization"):
        api.registry("model", organization="globex")


def test_it_is_described_in_one_commit(desk, api):
    registry = api.registry("model")
    registry.name, registry.description = "Served Models", "Behind the API."
    registry.artifact_types.append("prompt")

    registry.save()

    assert desk.document("model/registry.yaml", Document) == Document(
        title="Served Models", description="Behind the API.", types=("model", "prompt")
    )
    assert desk.log()[:2] == ["Describe model", "Create the organization acme"]
    again = api.registry("served models")
    assert (again.name, again.path, list(again.artifact_types)) == (
        "Served Models",
        "model",
        ["model", "prompt"],
    )
    assert api.registry("model").name == "Served Models"


def test_saving_what_was_not_changed_makes_no_commit(desk, api):
    api.registry("model").save()

    assert desk.log() == ["Create the organization acme"]


def test_no_other_registry_may_be_called_that(api):
    registry = api.registry("model")

    for name in ("dataset", "Datasets", "DATASETS"):
        registry.name = name
        with pytest.raises(Conflict, match="there is a registry"):
            registry.save()
    registry.name = "MODELS"
    registry.save()
    assert api.registry("models").path == "model"


def test_one_type_alone_is_one_type(api):
    registry = api.create_registry("served", "organization", artifact_types="model")
    registry.artifact_types += "prompt"
    registry.artifact_types.extend("dataset")
    registry.save()

    assert api.registry("served").artifact_types == ["model", "prompt", "dataset"]


def test_types_are_not_set(api):
    registry = api.registry("model")

    with pytest.raises(UsageError, match="types are added, not replaced"):
        registry.artifact_types = ["model", "prompt"]
    registry.artifact_types += ["prompt"]
    registry.save()

    assert registry.artifact_types == ["model", "prompt"]


def test_types_are_added_and_those_saved_stay(api):
    registry = api.registry("model")
    registry.artifact_types.extend(["prompt", "model", "prompt"])
    assert registry.artifact_types == ["model", "prompt"]

    registry.artifact_types.remove("prompt")
    with pytest.raises(ValueError, match="Cannot remove the artifact type 'model'"):
        registry.artifact_types.remove("model")
    with pytest.raises(ValueError, match="Cannot remove the artifact type 'model'"):
        registry.artifact_types.clear()
    with pytest.raises(ValueError, match="types are added, not replaced"):
        registry.artifact_types[0] = "prompt"
    with pytest.raises(ValueError, match="expected an artifact type"):
        registry.artifact_types.append("a/b")
    assert registry.artifact_types == ["model"]
    assert "model" in registry.artifact_types
    with pytest.raises(ValueError):
        registry.artifact_types.remove("nothing")


def test_one_that_accepts_all_types_takes_none_besides(api):
    anything = api.create_registry("anything", "organization")
    assert (anything.allow_all_artifact_types, list(anything.artifact_types)) == (True, [])

    anything.artifact_types.append("model")
    with pytest.raises(ValueError, match="it accepts all types, so none can be added"):
        anything.save()
    anything.allow_all_artifact_types = False
    with pytest.raises(InvalidDocument, match="types may be added, never removed"):
        anything.save()

    model = api.registry("model")
    model.allow_all_artifact_types = True
    model.save()
    assert api.registry("model").allow_all_artifact_types
    model.allow_all_artifact_types = False
    with pytest.raises(ValueError, match="it would accept no type at all"):
        model.save()


def test_what_two_changed_at_once_is_put_together_or_told(desk, open_api):
    one, other = open_api(desk).registry("model"), open_api(desk).registry("model")
    one.description, other.name = "By one.", "By another"
    one.artifact_types.append("prompt")
    other.artifact_types.append("report")
    one.save()
    other.save()

    one.load()
    assert (one.name, one.description, list(one.artifact_types)) == (
        "By another",
        "By one.",
        ["model", "prompt", "report"],
    )

    other.description = "By another."
    one.description = "By one, again."
    one.save()
    with pytest.raises(Conflict, match="somebody changed its description meanwhile") as both:
        other.save()
    assert "load()" in both.value.hint
    assert desk.document("model/registry.yaml", Document).description == "By one, again."


def test_a_registry_is_created(desk, api):
    made = api.create_registry(
        "Golden Datasets",
        "organization",
        organization="acme",
        description="The best.",
        artifact_types=["dataset"],
    )

    assert (made.name, made.path, made.full_name) == (
        "Golden Datasets",
        "golden-datasets",
        "wandb-registry-Golden Datasets",
    )
    assert desk.document("golden-datasets/registry.yaml", Document) == Document(
        title="Golden Datasets", description="The best.", types=("dataset",)
    )
    assert api.artifact_collections(made.full_name, "dataset").cursor is None
    desk.link("a", "golden datasets/x", type="dataset")
    assert api.artifact(f"{made.full_name}/x").version == "v0"
    assert Registry.create(api.workspace, "plain", "organization").name == "plain"


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        (("model", "organization"), Conflict, "there is a registry 'model' already"),
        (("Models", "organization"), Conflict, "there is a registry 'Models' already"),
        (("MODEL", "organization"), Conflict, "there is a registry 'MODEL' already"),
        (("new", "public"), UsageError, "Invalid visibility"),
        (("", "organization"), UsageError, "a registry needs a name"),
        (("a/b", "organization"), UsageError, "Invalid registry name 'a/b'"),
        (("what?", "organization"), UsageError, "Invalid registry name"),
        (("x" * 114, "organization"), UsageError, "may have 113 characters, and has 114"),
        (("wandb-registry-x", "organization"), UsageError, "Invalid registry name"),
        (("模型", "organization"), UsageError, "no directory can be named after it"),
        (("new", "organization", "globex"), UsageError, "neither the organization 'acme'"),
        (("new", "organization", None, None, ["a/b"]), UsageError, "expected an artifact type"),
    ],
)
def test_a_registry_that_may_not_be_is_a_value_error(desk, api, given, error, said):
    with pytest.raises(error, match=said) as refused:
        api.create_registry(*given)

    assert isinstance(refused.value, ValueError)
    assert desk.log() == ["Create the organization acme"]


def test_who_creates_a_restricted_registry_is_its_admin(desk, api):
    secret = api.create_registry("secret", "restricted")

    assert desk.document("secret/access.yaml", Access) == Access(
        visibility="restricted", members={"user:ada": "admin"}
    )
    assert [one.partition(":")[0] for one in desk.said] == [
        "secret is restricted, which governs who may change it"
    ]
    secret.visibility = "organization"
    with pytest.raises(Refused, match="a restricted registry stays restricted"):
        secret.save()


def test_a_registry_becomes_restricted(desk, api):
    registry = api.registry("model")
    registry.visibility = "restricted"
    assert api.registry("model").visibility == "organization"

    registry.save()

    assert api.registry("model").visibility == "restricted"
    with pytest.raises(ValueError, match="Invalid visibility"):
        registry.visibility = "public"


def test_a_registry_goes_with_its_collections_and_comes_back_with_their_numbers(desk, api):
    for content, collection in (("a", "churn"), ("b", "churn"), ("c", "fraud")):
        desk.link(content, f"model/{collection}", aliases=["production"])
    registry = api.registry("model")

    registry.delete()

    assert desk.log()[0] == "Delete model"
    assert [one.path for one in api.registries()] == ["dataset"]
    with pytest.raises(ValueError, match="it isn't there any more"):
        registry.delete()
    with pytest.raises(NotFound):
        api.registry("model")
    api.create_registry("model", "organization", artifact_types=["model"])
    desk.link("d")
    desk.link("a")
    assert [one.version for one in api.artifacts("model", "model/churn")] == ["v2", "v0"]


@pytest.fixture
def teams(desk):
    def edit(now):
        before = now.organization()
        team = Team(members=("user:bob", "service:train"))
        return {
            "organization.yaml": Organization(
                name=before.name, store=before.store, admins=before.admins, teams={"nlp": team}
            )
        }

    desk(commit, Transaction(edits=[edit], message="Teams"))


@pytest.mark.usefixtures("teams")
def test_members_come_change_and_go(desk, api):
    registry = api.registry("model")
    assert registry.members() == []

    assert (
        registry.add_members(
            "eve", "nlp", "user:ada", "train", UserMember(user=User(id="user:bob"), role="viewer")
        )
        is registry
    )

    nlp = SurfaceTeam(id="team:nlp", members=(User(id="user:bob"), User(id="service:train")))
    assert {one.id: one.role for one in registry.user_members()} == {
        "user:eve": "restricted_viewer",
        "user:ada": "admin",
        "service:train": "member",
        "user:bob": "viewer",
    }
    assert registry.team_members() == [TeamMember(team=nlp, role="restricted_viewer")]
    assert {one.id for one in registry.members()} == {
        "user:eve",
        "team:nlp",
        "user:ada",
        "service:train",
        "user:bob",
    }
    assert len(desk.log()) == 3

    registry.update_member(registry.team_members()[0], "member").update_member("eve", "viewer")
    registry.add_members("eve")
    assert {one.id: one.role for one in registry.members()}["user:eve"] == "viewer"
    registry.remove_members("bob", nlp)
    assert {one.id: one.role for one in registry.members()} == {
        "user:eve": "viewer",
        "user:ada": "admin",
        "service:train": "member",
    }


def test_who_is_no_member_and_what_is_no_role_is_told(desk, api):
    registry = api.registry("model").add_members("eve")
    before = desk.log()

    with pytest.raises(NotFound, match="user:bob is no member"):
        registry.remove_members("eve", "bob")
    with pytest.raises(NotFound, match="user:bob is no member"):
        registry.update_member("bob", "admin")
    with pytest.raises(ValueError, match="expected a role"):
        registry.update_member("eve", "owner")
    with pytest.raises(ValueError, match="expected a principal"):
        registry.add_members("robot:bob")
    with pytest.raises(ValueError, match="expected a principal"):
        registry.add_members("not a name")
    assert registry.add_members() is registry.remove_members() is registry
    assert desk.log() == before


def test_what_one_saves_another_reads_after_a_fetch(desk, clone, git, open_api):
    ada, eva = open_api(desk), open_api(clone("eva"))
    mine = ada.registry("model")
    mine.description = "For all."
    mine.save()
    ada.create_registry("prompts", "organization", artifact_types=["prompt"]).add_members("eve")

    assert eva.registry("model").description == "What we serve."
    eva.flush()

    assert eva.registry("model").description == "For all."
    assert [one.id for one in eva.registry("prompts").members()] == ["user:eve"]


def test_another_saves_on_top_of_what_it_did_not_see_yet(desk, clone, open_api):
    ada, eva = open_api(desk).registry("model"), open_api(clone("eva")).registry("model")
    ada.description, eva.name = "By Ada.", "By Eva"

    ada.save()
    eva.save()

    assert (eva.name, eva.description) == ("By Eva", "By Ada.")
    ada.description = "By Ada, too."
    ada.save()
    assert (ada.name, ada.description) == ("By Eva", "By Ada, too.")


def test_what_happened_in_it_is_told(desk, api):
    desk.link("a", aliases=["production"])
    desk.link("b", "dataset/customers")
    registry = api.registry("model")

    assert [one.event.kind for one in registry.events()][:4] == [
        "collection-created",
        "version-linked",
        "alias-added",
        "registry-created",
    ]
    assert [one.event.kind for one in registry.events(newest_first=False, limit=1)] == ["registry-created"]
    assert {one.author.name for one in registry.events()} == {"Ada Lovelace"}


def test_a_workspace_without_an_organization_is_told(tmp_path, git):
    git(tmp_path, "init", "-q", "empty")

    with pytest.raises(NotFound):
        Registry(Workspace(path=str(tmp_path / "empty")), "model")
