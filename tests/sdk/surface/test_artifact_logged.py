"""Artifacts that are logged and linked: what they are called, and what may be said of them later."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from tests.sdk.projects import log

import git_registry as gr
from git_registry.errors import Conflict, NotFound, Refused, StoreError
from git_registry.model.documents.notes import Notes
from git_registry.model.edits.version import Addition
from git_registry.sdk import aliasing, linking, managing, noting
from git_registry.sdk.linking import Request
from git_registry.sdk.managing import Description
from git_registry.sdk.surface.artifact import Artifact
from git_registry.sdk.surface.failures import (
    ArtifactFinalizedError,
    ArtifactNotLoggedError,
    WaitTimeoutError,
)
from git_registry.sdk.surface.standing import Standing
from git_registry.sdk.surface.upload import Upload
from git_registry.sdk.surface.workspace import Workspace


@pytest.fixture
def workspace(here):
    opened = Workspace(path=str(here.path), clock=here.clock, notify=here.said.append)
    yield opened
    opened.close()


@pytest.fixture
def logged(desk, workspace):
    """Log files into the project churn."""

    def run(content="weights", **what):
        done = log(desk, content, **what)
        return Artifact.at_standing(Standing(workspace=workspace, path=f"projects/{done.path}", id=done.id))

    return run


@contextmanager
def opened_api(desk):
    """Open what scripts ask, for the desk's clone."""
    api = gr.Api(path=str(desk.path))
    yield api
    api.workspace.close()


def again(artifact):
    """Return the same version, read anew."""
    return Artifact.at_standing(artifact.standing)


def test_what_a_logged_version_is_called(logged, git, desk):
    first = logged("one", aliases=["best"])
    second = logged("two")

    assert (first.name, first.version, first.type) == ("churn-xgb:v0", "v0", "model")
    assert second.qualified_name == "acme/churn/churn-xgb:v1"
    assert (second.entity, second.project, second.bare_name) == ("acme", "churn", "churn-xgb")
    assert (first.aliases, second.aliases) == (["best"], ["latest"])
    assert first.url == f"registry://projects/churn/churn-xgb@{first.id}"
    assert first.digest.removeprefix("sha256:").startswith(first.id)
    assert (first.size, first.file_count, first.state) == (3, 1, "COMMITTED")
    assert first.created_at.startswith("2026-01-01T12:00:")
    assert git(desk.path, "log", "-1", "--format=%s", first.commit_hash).startswith("Log churn/churn-xgb@")
    assert repr(second) == "<Artifact acme/churn/churn-xgb:v1>"
    assert not first.is_link
    assert first.linked_at is None
    assert first.source_name == first.name
    assert first.source_artifact is first


def test_what_a_link_is_called(logged):
    logged("zero")
    source = logged("one", description="Good.", tags=["eu"], metadata={"depth": 7}, metrics={"auc": 0.9})

    link = source.link("wandb-registry-model/churn", aliases=["production", "latest"])

    assert (link.name, link.qualified_name) == ("churn:v0", "acme/model/churn:v0")
    assert link.project == "wandb-registry-model"
    assert link.is_link
    assert link.aliases == ["production", "latest"]
    assert (link.source_name, link.source_version, link.source_project) == ("churn-xgb:v1", "v1", "churn")
    assert link.source_qualified_name == source.qualified_name
    assert link.source_artifact.id == link.id == source.id
    assert (link.description, link.tags, link.metadata, link.metrics) == (
        "Good.",
        ["eu"],
        {"depth": 7},
        {"auc": 0.9},
    )
    assert link.linked_at > source.created_at
    assert [one.qualified_name for one in source.linked_artifacts] == ["acme/model/churn:v0"]
    assert again(source).aliases == ["latest"]


@pytest.mark.parametrize("project", ["churn", "model", "Dataset", "Models", "model-registry", "Golden"])
def test_a_version_is_found_by_its_qualified_name_whatever_its_project_is_called(
    desk, logged, workspace, project
):
    desk(managing.create_registry, "gold", Description(title="Golden"))
    version = logged("mine", project=project)
    link = logged("another", artifact="other").link("model/churn-xgb")

    with opened_api(desk) as api:
        for one in (version, link):
            assert api.artifact(one.qualified_name).standing.selector == one.standing.selector
    assert link.qualified_name == "acme/model/churn-xgb:v0"


def test_a_project_that_is_called_like_a_registry_says_that_it_is_one(logged):
    assert logged("one", project="model").qualified_name == "acme/projects/model/churn-xgb:v0"
    assert logged("one", project="churn").qualified_name == "acme/churn/churn-xgb:v0"


def test_a_version_that_was_never_in_a_project_is_its_own_source(desk, workspace):
    done = desk.link("one")
    version = Artifact.at_standing(Standing(workspace=workspace, path="model/churn", id=done.id))

    assert version.is_link
    assert version.source_artifact is version
    assert version.source_name == "churn:v0"


def test_linking_again_is_the_same_version_and_aliases_move(logged):
    one, two = logged("one"), logged("two")
    first = one.link("model/churn", aliases=["staging"])
    two.link("model/churn", aliases="staging")

    assert again(first).aliases == []
    relinked = one.link("model/churn", aliases=["staging"])

    assert relinked.version == "v0"
    assert relinked.aliases == ["staging"]
    assert len(one.linked_artifacts) == 1


def test_linking_again_keeps_what_was_said_of_the_link(logged):
    source = logged("one", description="At the source.")
    link = source.link("model/churn")
    link.description = "At the link."
    link.save()

    source.link("model/churn")

    assert again(link).description == "At the link."
    assert again(source).description == "At the source."


def test_linking_a_link_links_its_source(logged, desk):
    link = logged("one").link("model/churn")

    other = link.link("model/shadow")

    assert other.source_name == "churn-xgb:v0"
    assert other.qualified_name == "acme/model/shadow:v0"
    assert "churn:v0 is a link; what it leads to is linked" in desk.said


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("nowhere/churn", NotFound),
        ("dataset/churn", Refused),
        ("a/b/c/d", ValueError),
        ("model", ValueError),
    ],
)
def test_targets_that_take_nothing(logged, target, error):
    with pytest.raises(error):
        logged("one").link(target)


@pytest.mark.parametrize("alias", ["v7", "a/b", "a:b"])
def test_aliases_that_are_none(logged, alias):
    source = logged("one")
    with pytest.raises(ValueError, match="alias"):
        source.link("model/churn", aliases=[alias])
    source.aliases.append(alias)
    with pytest.raises(ValueError, match="alias"):
        source.save()

    assert source.linked_artifacts == []


def test_a_draft_is_logged_before_it_is_linked(here, workspace):
    draft = Artifact("churn-xgb", "model", description="New.")
    with draft.new_file("model.bin") as file:
        file.write("weights")

    link = draft.link("model/churn", aliases=["staging"])

    assert link.qualified_name == "acme/model/churn:v0"
    assert link.description == "New."
    assert draft.qualified_name == "acme/uncategorized/churn-xgb:v0"
    assert not draft.is_draft()
    made_by = draft.logged_by()
    assert (made_by.job_type, made_by.state) == ("auto", "finished")


def test_save_logs_a_draft_in_a_run_of_its_own_or_in_the_one_under_way(here):
    first, second = Artifact("a", "model"), Artifact("b", "model")

    first.save(project="churn")
    with gr.init(project="fraud", id="mine"):
        second.save()
        second.wait()

    assert first.qualified_name == "acme/churn/a:v0"
    assert second.qualified_name == "acme/fraud/b:v0"
    assert second.logged_by().id == "mine"


def test_what_may_be_said_later_is_written_by_save_in_one_commit(logged, git, desk):
    artifact = logged(
        "one", description="First.", tags=["eu"], metadata={"a": 1}, metrics={"auc": 0.9}, aliases=["x"]
    )
    before = git(desk.path, "rev-list", "--count", "projects/churn")

    artifact.description = "Second."
    artifact.metadata["by"] = "risk"
    artifact.metadata["a"] = 2
    artifact.metrics["f1"] = 0.5
    artifact.tags.append("big")
    artifact.tags.remove("eu")
    artifact.aliases.append("production")
    artifact.aliases.remove("x")
    artifact.ttl = timedelta(days=1)
    artifact.save()

    for one in (artifact, again(artifact)):
        assert (one.description, one.tags, one.ttl) == ("Second.", ["big"], timedelta(days=1))
        assert one.metadata == {"a": 2, "by": "risk"}
        assert one.metrics == {"auc": 0.9, "f1": 0.5}
        assert one.aliases == ["production", "latest"]
    assert git(desk.path, "rev-list", "--count", "projects/churn") == str(int(before) + 1)
    assert again(artifact).updated_at > artifact.created_at


def test_one_text_alone_is_one_of_a_list(logged):
    artifact = logged("one")
    artifact.tags = "eu"
    artifact.aliases = "best"
    artifact.save()
    collection = artifact.collection
    collection.tags = "tabular"
    collection.save()

    assert (again(artifact).tags, again(artifact).aliases) == (["eu"], ["best", "latest"])
    assert artifact.collection.tags == ["tabular"]
    assert [one.name for one in artifact.files("text")] == [one.name for one in artifact.files(["text"])]


def test_saving_nothing_new_is_no_commit(logged, git, desk):
    artifact = logged("one", metadata={"list": [1, {"a": None}]}, metrics={"nan": float("nan")}, tags=["a"])
    before = git(desk.path, "rev-parse", "projects/churn")

    artifact.save()
    assert artifact.metadata == {"list": [1, {"a": None}]}
    artifact.description = artifact.description
    artifact.aliases = ["latest"]
    artifact.save()

    assert git(desk.path, "rev-parse", "projects/churn") == before


def test_what_the_manifest_says_can_only_be_made_null(logged):
    artifact = logged("one", metadata={"a": 1, "b": 2}, metrics={"auc": 0.9})
    artifact.metadata = {"b": 2, "c": 3}
    artifact.save()
    assert again(artifact).metadata == {"a": None, "b": 2, "c": 3}

    artifact.metadata.pop("c")
    artifact.save()
    assert again(artifact).metadata == {"a": None, "b": 2}

    artifact.metrics.clear()
    with pytest.raises(ValueError, match="'auc' is in the manifest"):
        artifact.save()


def test_edits_stay_with_the_link(logged):
    source = logged("one", description="Source.")
    link = source.link("model/churn")
    link.description, link.tags = "Link.", ["eu"]
    link.save()

    assert (again(source).description, again(source).tags) == ("Source.", [])
    assert (again(link).description, again(link).tags) == ("Link.", ["eu"])


def test_what_others_said_meanwhile_stays_or_is_a_conflict(logged, desk):
    link = logged("one").link("model/churn")
    link.description = "Mine."
    desk(noting.annotate, ["model/churn:v0"], Addition(metadata={"theirs": True}))
    link.save()
    assert link.metadata == {"theirs": True}

    link.description = "Mine again."
    desk(noting.annotate, ["model/churn:v0"], Addition(description="Theirs."))
    with pytest.raises(Conflict, match="description"):
        link.save()
    assert again(link).description == "Theirs."


def test_latest_is_neither_given_nor_taken(logged):
    old, new = logged("one"), logged("two")
    old.aliases.append("latest")
    old.save()
    new.aliases.remove("latest")
    new.save()

    assert (again(old).aliases, again(new).aliases) == ([], ["latest"])


def test_an_alias_moves_to_whoever_asks_last(logged):
    old, new = logged("one", aliases=["best"]), logged("two")
    new.aliases.append("best")
    new.save()

    assert (again(old).aliases, again(new).aliases) == ([], ["best", "latest"])


def test_linking_ends_a_time_to_live(logged, desk):
    source = logged("one", ttl=60)
    link = source.link("model/churn")

    assert again(source).ttl is None
    with pytest.raises(ValueError, match="Cannot set TTL for link"):
        link.ttl = timedelta(days=1)
    link.unlink()
    assert again(source).ttl is None
    source = again(source)
    source.ttl = timedelta(days=1)
    source.save()
    assert again(source).ttl == timedelta(days=1)


def test_unlinking_leaves_the_source(logged):
    source = logged("one")
    link = source.link("model/churn", aliases=["production"])

    link.unlink()

    assert link.state == "DELETED"
    assert source.state == "COMMITTED"
    assert source.linked_artifacts == []
    with pytest.raises(ValueError, match=r"Only links can be unlinked") as refused:
        source.unlink()
    assert "delete()" in refused.value.hint


def test_deleting_a_link_unlinks_it_and_says_so(logged, desk):
    link = logged("one").link("model/churn")

    link.delete()

    assert link.state == "DELETED"
    assert any("it is unlinked, and its source stays" in said for said in desk.said)


def test_deleting_a_version(logged, git, desk):
    named, plain = logged("one", aliases=["best"]), logged("two")

    plain.delete()
    with pytest.raises(ValueError, match="has aliases") as refused:
        named.delete()
    assert "delete_aliases=True" in refused.value.hint
    named.delete(delete_aliases=True)

    assert (named.state, plain.state) == ("DELETED", "DELETED")
    listed = git(desk.path, "ls-tree", "-r", "--name-only", "projects/churn").splitlines()
    assert f"churn/churn-xgb/unlinked/{named.id}.yaml" in listed


def test_a_link_survives_its_source(logged, tmp_path):
    source = logged("one")
    link = source.link("model/churn")
    source.delete()

    link = again(link)

    assert link.source_name == "churn:v0"
    assert link.download(tmp_path / "out")


def test_a_new_draft_begins_with_the_same_files(logged, here):
    source = logged({"model.bin": "weights", "card.md": "card"}, description="First.", metadata={"a": 1})

    draft = source.new_draft()
    draft.remove("card.md")
    with draft.new_file("card.md") as file:
        file.write("better card")
    draft.save(project="churn")

    assert draft.name == "churn-xgb:v1"
    assert (draft.description, draft.metadata) == ("First.", {"a": 1})
    assert draft.get_entry("model.bin").digest == source.get_entry("model.bin").digest
    assert draft.get_entry("card.md").digest != source.get_entry("card.md").digest
    assert source.link("model/churn").new_draft().name == "churn-xgb"


def test_a_new_draft_is_saved_where_its_source_is(logged, here):
    drafts = [logged("one").new_draft(), logged("two").link("model/churn").new_draft()]

    for draft in drafts:
        with draft.new_file("card.md") as file:
            file.write("card")
        draft.save()

    assert [draft.qualified_name for draft in drafts] == [
        "acme/churn/churn-xgb:v2",
        "acme/churn/churn-xgb:v3",
    ]


def test_the_same_files_are_the_same_version(logged, here):
    source = logged("one")
    draft = source.new_draft()

    draft.save(project="churn")

    assert draft.version == "v0"
    assert draft.id == source.id


def test_an_incremental_artifact_begins_with_the_latest_files(logged, here):
    logged({"a": "1", "b": "2"})
    more = Artifact("churn-xgb", "model", incremental=True)
    with more.new_file("b") as file:
        file.write("other")
    more.save(project="churn")

    assert more.version == "v1"
    assert list(more.manifest.entries) == ["a", "b"]
    assert more.get_entry("b").size == 5
    with pytest.raises(ArtifactFinalizedError):
        more.begin_with(more.standing)


@pytest.fixture
def uploading():
    """A draft that is on its way, and what says how that ends."""
    future = Upload("x")
    artifact = Artifact("x", "model", metadata={"depth": {"max": 1}})
    artifact._logging(future)
    return artifact, future


def test_waiting(uploading, logged):
    artifact, future = uploading
    assert not artifact.is_draft()
    with pytest.raises(WaitTimeoutError, match=r"0\.01 seconds"):
        artifact.wait(0.01)
    with pytest.raises(ArtifactFinalizedError):
        artifact.remove("x")
    future.set_result(logged("one").standing)

    assert artifact.wait() is artifact
    assert artifact.name == "churn-xgb:v0"


def test_what_an_artifact_says_of_itself_does_not_depend_on_how_fast_it_is_uploaded(uploading, logged):
    artifact, future = uploading

    def said():
        return artifact.name, artifact.type, artifact.description, artifact.metadata, repr(artifact)

    before = said()
    assert artifact.state == "PENDING"
    future.set_result(logged("one").standing)

    assert said() == before
    assert artifact.state == "COMMITTED"
    assert artifact.version == "v0"
    assert artifact.name == "churn-xgb:v0"


def test_what_a_run_logged_is_a_version_when_the_run_has_ended(here):
    artifact = Artifact("x", "model")
    with gr.init(project="churn") as run:
        run.log_artifact(artifact)
        assert artifact.name == "x"

    assert artifact.name == "x:v0"


def test_what_only_a_version_has_is_waited_for(uploading, logged):
    artifact, future = uploading
    standing = logged("one").standing
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(lambda: artifact.id)
        future.set_result(standing)

        assert asked.result(60) == standing.id


@pytest.mark.parametrize("edited_first", [True, False])
def test_what_is_edited_right_after_logging_is_kept_for_save(uploading, logged, edited_first):
    artifact, future = uploading
    standing = logged("one", tags=["eu"], metadata={"depth": {"max": 1}, "a": 1}).standing
    if not edited_first:
        future.set_result(standing)
    artifact.description = "Better."
    artifact.tags.append("big")
    artifact.metadata["depth"]["max"] = 2
    artifact.ttl = timedelta(days=1)
    if edited_first:
        future.set_result(standing)

    artifact.save()

    found = again(artifact)
    assert (found.description, found.tags, found.ttl) == ("Better.", ["eu", "big"], timedelta(days=1))
    assert found.metadata == {"depth": {"max": 2}, "a": 1}


def test_what_was_not_edited_is_what_the_version_says(uploading, logged, git, desk):
    artifact, future = uploading
    future.set_result(logged("one", tags=["eu"], description="Theirs.").standing)
    before = git(desk.path, "rev-parse", "projects/churn")

    artifact.save()

    assert (artifact.tags, artifact.description, artifact.metadata) == (["eu"], "Theirs.", {})
    assert git(desk.path, "rev-parse", "projects/churn") == before


def test_what_could_not_be_logged_is_a_draft_again(here):
    artifact = Artifact("x", "model", description="First.")
    with artifact.new_file("one") as file:
        file.write("1")
    future = Upload("x")
    artifact._logging(future)
    future.set_exception(StoreError("the store is away"))

    with pytest.raises(StoreError, match="is away"):
        artifact.wait()
    assert artifact.is_draft()
    assert (artifact.name, artifact.description, artifact.state) == ("x", "First.", "PENDING")
    assert list(artifact.manifest.entries) == ["one"]
    assert repr(artifact) == "<Artifact x>"
    with pytest.raises(ArtifactNotLoggedError):
        artifact.version  # noqa: B018 - that it raises
    with artifact.new_file("two") as file:
        file.write("2")
    artifact.save(project="churn")

    assert artifact.qualified_name == "acme/churn/x:v0"
    assert list(artifact.manifest.entries) == ["one", "two"]


def test_runs_that_made_and_used_it(here, logged):
    artifact = Artifact("features", "dataset")
    with artifact.new_file("x") as file:
        file.write("x")
    with gr.init(project="churn", id="maker") as run:
        run.log_artifact(artifact)
    link = artifact.link("dataset/features")
    with gr.init(project="churn", id="user") as run:
        run.use_artifact("features:v0")
    with gr.init(project="fraud", id="other") as run:
        run.use_artifact("wandb-registry-dataset/features:v0")

    assert artifact.logged_by().id == "maker"
    assert link.logged_by().id == "maker"
    assert [one.id for one in artifact.used_by()] == ["user"]
    assert sorted(one.id for one in link.used_by()) == ["other", "user"]
    assert logged("one").logged_by() is None


def test_what_a_table_or_a_summary_keeps_of_it(logged):
    artifact = logged("one")

    assert artifact.json_encode() == {
        "_type": "artifactVersion",
        "_version": "v0",
        "id": artifact.id,
        "version": "v0",
        "sequenceName": "churn-xgb",
        "usedAs": None,
    }


def test_the_collection_it_is_in(logged):
    source = logged("one")
    link = source.link("model/churn")

    assert source.collection.path == "projects/churn/churn-xgb"
    assert link.collection.path == "model/churn"
    assert link.source_collection.path == "projects/churn/churn-xgb"


def test_other_peoples_projects_are_not_needed_to_read_a_link(desk, upstream, clone, monkeypatch):
    done = log(desk, "one")
    desk(linking.link_version, "projects/churn/churn-xgb:v0", "model/churn", Request())
    from git_registry.sdk.syncing import sync

    desk(sync)
    theirs = clone("theirs")
    workspace = Workspace(path=str(theirs.path), clock=desk.clock)
    link = Artifact.at_standing(Standing(workspace=workspace, path="model/churn", id=done.id))

    assert link.name == "churn:v0"
    assert link.source_name in ("churn:v0", "churn-xgb:v0")
    assert link.logged_by() is None
    workspace.close()


def test_notes_are_where_the_format_has_them(logged, desk):
    link = logged("one").link("model/churn")
    link.metrics["auc"] = 0.5
    link.save()

    notes = desk.document(f"model/churn/versions/{link.id}.notes.yaml", Notes)

    assert notes == Notes(metrics={"auc": 0.5})
    assert desk(aliasing.promote, [f"model/churn@{link.id}"], "x").events
