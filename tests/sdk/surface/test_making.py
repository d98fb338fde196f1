"""What a run logs, uses and links, and how it is recorded of which."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sdk.surface import script
from tests.sdk.surface.test_run import recorded

import git_registry as gr
from git_registry.catalog import projects
from git_registry.errors import Conflict, NotFound, Refused, UsageError
from git_registry.model.documents.manifest import Input, Manifest, ProjectVersion
from git_registry.sdk import linking, tracing
from git_registry.sdk.linking import Request
from git_registry.store.local import LocalBlobs


@pytest.fixture
def file(tmp_path):
    def write(text, name="model.bin"):
        path = tmp_path / "work" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    return write


def artifact(file, text="one", name="xgb", type="model", **about):  # noqa: A002
    made = gr.Artifact(name, type=type, **about)
    made.add_file(file(text))
    return made


def manifest(desk, made, project="churn") -> Manifest:
    with desk.open() as catalog:
        now = projects.on_project(catalog, project).now()
        path = f"{project}/{made.name.partition(':')[0]}"
        return now.manifest(now.find(path, made.id))


def test_what_is_logged_has_the_files_and_says_where_it_comes_from(here, file):
    with gr.init(project="churn", id="r1", name="first", job_type="train") as run:
        run.log({"auc": 0.9, "note": "fine"})
        logged = run.log_artifact(
            artifact(file, metadata={"depth": 7}, description="First."), aliases=["best"]
        )
        logged.wait()

    assert (logged.name, logged.version, logged.type) == ("xgb:v0", "v0", "model")
    assert sorted(logged.aliases) == ["best", "latest"]
    said = manifest(here, logged)
    assert (said.metrics, said.metadata, said.artifact) == ({"auc": 0.9}, {"depth": 7}, "xgb")
    assert (said.run.project, said.run.id, said.run.name, said.run.job_type) == (
        "churn",
        "r1",
        "first",
        "train",
    )
    assert said.source == ProjectVersion(project="churn", artifact="xgb", version=logged.id)
    assert [(made.artifact, made.version) for made in recorded(here, "r1").outputs] == [("xgb", logged.id)]
    assert logged.description == "First."
    assert Path(logged.download(here.path.parent / "out"), "model.bin").read_text() == "one"


def test_logging_and_recording_are_one_commit(here, file, git):
    with gr.init(project="churn", id="r1") as run:
        run.log_artifact(artifact(file)).wait()
        changed = git(here.path, "show", "--name-only", "--format=%s", "projects/churn").splitlines()

    assert changed[0].startswith("Log churn/xgb@")
    assert [name.split("/")[1] for name in changed[2:]] == ["runs", "xgb", "xgb"]


def test_the_same_content_is_the_same_version_and_an_output_of_both(here, file):
    for run_id in ("r1", "r2"):
        with gr.init(project="churn", id=run_id) as run:
            logged = run.log_artifact(artifact(file), aliases=[run_id])
            assert logged.wait().version == "v0"

    assert manifest(here, logged).run.id == "r1"
    assert recorded(here, "r1").outputs == recorded(here, "r2").outputs != ()
    assert sorted(logged.aliases) == ["latest", "r1", "r2"]


def test_other_content_is_the_next_version(here, file):
    with gr.init(project="churn") as run:
        versions = [run.log_artifact(artifact(file, text)) for text in ("one", "two", "three")]

    assert [one.version for one in versions] == ["v0", "v1", "v2"]
    assert [one.aliases for one in versions] == [[], [], ["latest"]]


def test_a_file_may_be_written_again_while_it_is_uploaded(here, file):
    with gr.init(project="churn") as run:
        for epoch in range(3):
            run.log_artifact(artifact(file, f"weights of epoch {epoch}"))
        file("gone").unlink()

    for epoch in range(3):
        found = gr.Api().artifact(f"churn/xgb:v{epoch}")
        assert Path(found.download()).joinpath("model.bin").read_text() == f"weights of epoch {epoch}"


def test_a_path_is_logged_under_a_name_of_its_own(here, file):
    path = file("one")
    with gr.init(project="churn", id="r1") as run:
        one = run.log_artifact(path)
        directory = run.log_artifact(path.parent, name="all", type="dataset", tags=["eu"])
        model = run.log_model(path, name="m")

    assert model is None
    assert (one.name, one.type) == ("run-r1-model.bin:v0", "unspecified")
    assert (directory.name, directory.type, directory.tags) == ("all:v0", "dataset", ["eu"])
    with gr.init(project="churn") as run:
        assert Path(run.use_model("m:latest")).read_text() == "one"
        with pytest.raises(AssertionError, match="which is no model"):
            run.use_model("all")


def test_what_is_used_is_recorded(here, file):
    with gr.init(project="churn") as run:
        logged = run.log_artifact(artifact(file, "data", "customers", "dataset")).wait()
        run.link_artifact(logged, "dataset/customers", aliases=["good"])

    with gr.init(project="churn", id="r2") as run:
        run.use_artifact("customers:v0", use_as="train")
        run.use_artifact("acme/churn/customers")
        run.use_artifact("wandb-registry-dataset/customers:good", type="dataset")
        run.use_artifact(artifact_or_name="dataset/customers", aliases="good")
        made = run.log_artifact(artifact(file)).wait()

    inputs = (
        Input(project="churn", artifact="customers", version=logged.id, used_as="train"),
        Input(project="churn", artifact="customers", version=logged.id),
        Input(registry="dataset/customers", version=logged.id),
    )
    assert recorded(here, "r2").inputs == inputs
    assert manifest(here, made).inputs == inputs


def test_a_draft_that_is_used_is_logged(here, file):
    with gr.init(project="churn", id="r1") as run:
        used = run.use_artifact(artifact(file))

    assert used.version == "v0"
    assert recorded(here, "r1").inputs[0].version == used.id


def test_using_is_refused_where_nothing_is_meant(here, file):
    with gr.init(project="churn") as run:
        run.log_artifact(artifact(file)).wait()
        with pytest.raises(NotFound, match="there is no artifact projects/churn/nothing"):
            run.use_artifact("nothing:v0")
        with pytest.raises(UsageError, match="it is of type 'model', not 'dataset'"):
            run.use_artifact("xgb:latest", type="dataset")
        with pytest.raises(UsageError, match="neither the organization"):
            run.use_artifact("umbrella/churn/xgb:v0")


def test_a_link_is_the_number_in_its_collection(here, file):
    with gr.init(project="churn") as run:
        for text in ("one", "two"):
            logged = run.log_artifact(artifact(file, text, description=text)).wait()
        linked = run.link_artifact(logged, "wandb-registry-model/churn", aliases=["staging", "latest"])

    assert (logged.version, linked.version, linked.name) == ("v1", "v0", "churn:v0")
    assert (linked.is_link, linked.source_name, linked.description) == (True, "xgb:v1", "two")
    assert here.aliases() == {"staging": linked.id}
    assert manifest(here, logged) == here.document(f"model/churn/versions/{linked.id}.yaml", Manifest)


@pytest.mark.parametrize(
    "target", ["model/churn", "wandb-registry-model/churn", "acme/wandb-registry-Model/churn", "Models/churn"]
)
def test_a_target_is_spelled_in_many_ways(here, file, target):
    with gr.init(project="churn") as run:
        run.link_artifact(artifact(file), target)

    assert list(here.files("model/churn/versions"))


def test_a_link_is_refused_where_it_does_not_belong(here, file):
    with gr.init(project="churn") as run:
        with pytest.raises(NotFound, match="no registry"):
            run.link_artifact(artifact(file), "wandb-registry-nothing/churn")
        with pytest.raises(Refused, match="accepts 'dataset', not 'model'"):
            run.link_artifact(artifact(file), "dataset/churn")
        with pytest.raises(UsageError, match="has a '/'"):
            run.link_model(file("one"), "model/churn")
        with pytest.raises(UsageError, match="looks like a version number"):
            run.link_artifact(artifact(file), "model/churn", aliases=["v7"])

    assert here.files("model") == ["model/registry.yaml"]


def test_link_model_logs_and_links(here, file):
    with gr.init(project="churn") as run:
        linked = run.link_model(file("one"), registered_model_name="churn", aliases=["staging"])

    assert (linked.qualified_name, here.aliases()) == ("acme/model/churn:v0", {"staging": linked.id})


def test_what_goes_wrong_in_the_background_is_raised_by_wait(here, file, monkeypatch):
    def full(*_args):
        raise gr.CommError("the store is full")

    run = gr.init(project="churn", id="r1")
    first = run.log_artifact(artifact(file, type="model")).wait()
    monkeypatch.setattr(LocalBlobs, "upload", full)
    with pytest.raises(gr.CommError, match="the store is full"):
        run.log_artifact(artifact(file, "two")).wait()
    monkeypatch.undo()

    clash = run.log_artifact(artifact(file, "two", type="dataset"))
    with pytest.raises(Refused, match="holds artifacts of type 'model'"):
        run.finish()
    assert first.version == "v0"
    assert recorded(here, "r1").state == "finished"
    assert clash.is_draft()


def test_an_error_of_the_script_comes_before_one_of_the_upload(here, file, caplog):
    def fail():
        with gr.init(project="churn", id="r1") as run:
            run.log_artifact(artifact(file, type="model")).wait()
            run.log_artifact(artifact(file, "two", type="dataset"))
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        fail()

    assert recorded(here, "r1").state == "failed"
    assert "holds artifacts of type 'model'" in caplog.text


def test_a_logged_version_is_logged_again_as_an_output(here, file):
    with gr.init(project="churn"):
        logged = gr.log_artifact(artifact(file)).wait()
    with gr.init(project="churn", id="r2") as run:
        run.log_artifact(gr.Api().artifact("churn/xgb:v0"), aliases=["again"], tags="eu")
        with pytest.raises(UsageError, match="logged elsewhere"):
            run.log_artifact(run.link_artifact(logged, "model/churn"))

    assert [one.version for one in recorded(here, "r2").outputs] == [logged.id]
    again = gr.Api().artifact("churn/xgb:again")
    assert (again.version, again.tags) == ("v0", ["eu"])


def test_an_incremental_version_begins_with_the_latest(here, file):
    with gr.init(project="churn") as run:
        run.log_artifact(artifact(file, name="data"))
        more = gr.Artifact("data", type="model", incremental=True)
        more.add_file(file("more", "more.bin"))
        run.log_artifact(more).wait()
        new = gr.Artifact("fresh", type="model", incremental=True)
        new.add_file(file("x", "x.bin"))
        run.log_artifact(new)

    assert sorted(more.manifest.entries) == ["model.bin", "more.bin"]
    assert sorted(new.manifest.entries) == ["x.bin"]


def test_many_runs_make_one_version(here, file, desk):
    for worker in ("w1", "w2", "w3"):
        with gr.init(project="churn", id=worker, group="shards") as run:
            part = gr.Artifact("big", type="dataset")
            part.add_file(file(worker, f"{worker}.bin"))
            run.upsert_artifact(part)
    with gr.init(project="churn", id="last", group="shards") as run:
        whole = gr.Artifact("big", type="dataset", description="All of it.")
        whole.add_file(file("index", "index.txt"))
        finished = run.finish_artifact(whole, aliases=["whole"]).wait()

    assert sorted(finished.manifest.entries) == ["index.txt", "w1.bin", "w2.bin", "w3.bin"]
    assert sorted(finished.aliases) == ["latest", "whole"]
    assert not list((desk.path.parent / "acme-store").rglob("*.jsonl"))
    assert [one.version for one in recorded(here, "last").outputs] == [finished.id]


def test_runs_that_disagree_make_nothing(here, file, git):
    for worker in ("w1", "w2"):
        with gr.init(project="churn", id=worker) as run:
            part = gr.Artifact("big", type="dataset")
            part.add_file(file(worker, "same.bin"))
            run.upsert_artifact(part, distributed_id="d1")
    with gr.init(project="churn", id="w3") as run:
        with pytest.raises(UsageError, match="which version is it part of"):
            run.upsert_artifact(gr.Artifact("big", type="dataset"))
        with pytest.raises(Conflict, match="w1 and w2 added different files"):
            run.finish_artifact(gr.Artifact("big", type="dataset"), distributed_id="d1")

    assert "big" not in git(here.path, "ls-tree", "-r", "--name-only", "projects/churn")


def test_lineage_goes_from_the_link_to_the_data(here, file):
    with gr.init(project="churn") as run:
        run.log_artifact(artifact(file, "data", "customers", "dataset"))
    with gr.init(project="churn", name="training") as run:
        run.use_artifact("customers:latest")
        run.link_artifact(artifact(file), "model/churn")

    with here.open() as catalog:
        graph = tracing.lineage(catalog, "model/churn:v0")
    labels = {node.label for node in graph.nodes.values()}
    assert any("projects/churn/customers" in label for label in labels)
    assert any("churn/training" in label for label in labels)


def test_a_script_logs_where_the_clone_is(desk):
    said = script.run(
        """
        with gr.init(project="churn") as run:
            made = gr.Artifact("data", type="dataset")
            with made.new_file("a.txt") as out:
                out.write("hello")
            run.log_artifact(made)
        print(gr.Api().artifact("churn/data:latest").file())
        """,
        desk.path,
    )

    assert Path(said.strip()).read_text() == "hello"


def test_what_is_linked_by_the_command_line_can_be_used(here, desk, file):
    desk.link("one", "model/churn", aliases=["production"])

    with gr.init(project="churn", id="r1") as run:
        used = run.use_artifact("model/churn:production")

    assert Path(used.download()).joinpath("model.bin").read_text() == "one"
    assert recorded(here, "r1").inputs == (Input(registry="model/churn", version=used.id),)
    desk(linking.link_version, "model/churn:v0", "model/other", Request())
