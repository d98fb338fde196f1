"""Runs as they were recorded: found, filtered, what they used and made and measured, forgotten."""

from __future__ import annotations

import json
import sys
from functools import partial
from types import SimpleNamespace

import pytest
from tests.sdk.recorded import manifest

import git_registry as gr
from git_registry.catalog import projects
from git_registry.catalog.transaction import Transaction, commit
from git_registry.errors import NotFound, UsageError
from git_registry.model.documents.manifest import Input
from git_registry.model.documents.run import History, Made, Run
from git_registry.model.edits import project as project_edits
from git_registry.model.edits import version as version_edits
from git_registry.sdk.blobs import blobs
from git_registry.sdk.surface.api import Api

ROWS = [{"_step": step, "loss": 1 / (step + 1), **({"auc": step} if step % 2 else {})} for step in range(10)]


@pytest.fixture
def record(desk):
    """Record runs in the project `churn`: id → document."""

    def run(documents, *logged):
        steps = [partial(project_edits.begin, project="churn")]
        steps += [
            partial(version_edits.link, collection=f"churn/{one.artifact}", manifest=one) for one in logged
        ]
        steps += [
            partial(project_edits.record, project="churn", identifier=identifier, run=document)
            for identifier, document in documents.items()
        ]
        with desk.open() as catalog:
            commit(projects.begun(catalog, "churn"), Transaction(edits=steps, message="Runs"))

    return run


@pytest.fixture
def api(desk):
    opened = Api(overrides={"project": "churn"}, path=str(desk.path))
    opened.workspace.clock, opened.workspace.notify = desk.clock, desk.said.append
    yield opened
    opened.workspace.close()


def ran(state="finished", hour=12, **parts):
    return Run(state=state, started=f"2026-01-01T{hour}:00:00.000Z", **parts)


def test_a_run_says_what_was_recorded(record, api):
    record(
        {
            "k3": ran(
                name="brisk-otter-41",
                job_type="train",
                tags=("nightly",),
                notes="First try.",
                config={"depth": 7},
                summary={"auc": 0.9},
            )
        }
    )

    for path in ("k3", "churn/k3", "acme/churn/k3", "acme/churn/runs/k3", "projects/churn/runs/k3"):
        assert api.run(path).id == "k3"
    run = api.run("k3")
    assert (run.name, run.display_name, run.state, run.job_type) == (
        "brisk-otter-41",
        "brisk-otter-41",
        "finished",
        "train",
    )
    assert (run.project, run.entity, run.path) == ("churn", "acme", ["acme", "churn", "k3"])
    assert (run.tags, run.notes, run.config, run.summary) == (
        ["nightly"],
        "First try.",
        {"depth": 7},
        {"auc": 0.9},
    )
    assert (run.created_at, run.ended_at, run.commit) == ("2026-01-01T12:00:00.000Z", None, None)
    assert (run.history(pandas=False), run.last_history_step) == ([], -1)


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("k4", NotFound),
        ("fraud/k3", NotFound),
        ("globex/churn/k3", UsageError),
        ("", UsageError),
        ("a/b/c/d", UsageError),
        ("no run", UsageError),
    ],
)
def test_a_run_that_is_not_there_is_told(record, api, path, error):
    record({"k3": ran()})

    with pytest.raises(error):
        api.run(path)


def test_runs_are_filtered_and_sorted(record, api):
    record(
        {
            "a": ran(hour=13, name="one", config={"depth": 4}, summary={"auc": 0.7}, tags=("best", "eu")),
            "b": ran(hour=12, config={"depth": 8}, summary={"auc": 0.9}),
            "c": ran("failed", hour=14, config={"depth": 8, "opt": {"name": "adam"}}),
        }
    )

    def ids(filters=None, **options):
        return [one.id for one in api.runs("acme/churn", filters, **options)]

    assert ids() == ["b", "a", "c"]
    assert ids(order="-created_at") == ["c", "a", "b"]
    assert ids(order="-summary_metrics.auc") == ["b", "a", "c"]
    assert ids({"state": "finished"}) == ["b", "a"]
    assert ids({"config.depth": {"$gte": 6}}) == ["b", "c"]
    assert ids({"config.opt.name": "adam"}) == ["c"]
    assert ids({"summary_metrics.auc": {"$gt": 0.8}}) == ["b"]
    assert ids({"$or": [{"display_name": "one"}, {"state": "failed"}]}) == ["a", "c"]
    assert ids({"tags": {"$in": ["eu"]}}) == ["a"]
    assert ids({"created_at": {"$gte": "2026-01-01 13:00:00"}}) == ["a", "c"]
    assert len(api.runs()) == 3
    assert [one.id for one in api.project("churn").runs(order=None)] == ["c", "a", "b"]
    for wrong in ({"accuracy": 1}, {"state": {"$near": 1}}):
        with pytest.raises(ValueError):
            api.runs(filters=wrong)
    with pytest.raises(ValueError):
        api.runs(order="accuracy")
    with pytest.raises(ValueError, match="is a registry, which has no runs"):
        api.runs("wandb-registry-model")


def test_what_it_used_and_made(desk, record, api):
    linked = desk.link("a", "dataset/customers")
    features, model = manifest("b", artifact="features", type="dataset"), manifest("c", artifact="xgb")
    record(
        {
            "k3": ran(
                inputs=(
                    Input(registry="dataset/customers", version=linked.id),
                    Input(project="churn", artifact="features", version=features.id),
                    Input(uri="s3://raw/2026/"),
                    Input(registry="model/x", version=linked.id, repository="globex"),
                ),
                outputs=(Made(artifact="xgb", version=model.id),),
            )
        },
        features,
        model,
    )
    run = api.run("k3")

    assert [one.name for one in run.used_artifacts()] == ["customers:v0", "features:v0"]
    assert [one.name for one in run.logged_artifacts()] == ["xgb:v0"]
    assert [one.id for one in run.logged_artifacts()[0].used_by()] == []
    assert [one.id for one in api.artifact("features:v0").used_by()] == ["k3"]


def test_what_it_used_and_made_may_be_said_later(record, api, desk, git):
    data, model = manifest("d", artifact="features"), manifest("e", artifact="xgb")
    record({"k3": ran()}, data, model)
    run = api.run("k3")

    for _ in range(2):  # the second time it is said already
        run.use_artifact(api.artifact("features:v0"), use_as="train")
        made = run.log_artifact(api.artifact("xgb:v0"), aliases=["best"], tags=["checked"])

    again = api.run("k3")
    assert [one.name for one in again.used_artifacts()] == ["features:v0"]
    assert [one.name for one in again.logged_artifacts()] == ["xgb:v0"]
    assert [one.id for one in api.artifact("features:v0").used_by()] == ["k3"]
    assert (made.aliases, made.tags) == (["best", "latest"], ["checked"])
    assert again.state == "finished"
    said = git(desk.path, "log", "--format=%s", "projects/churn").splitlines()
    assert [one for one in said if one.startswith("Run ")] == [
        "Run churn/k3 made a version",
        "Run churn/k3 used a version",
    ]


def test_what_it_can_not_have_made_is_told(record, api, desk):
    record({"k3": ran(), "gone": ran()}, manifest("e", artifact="xgb"))
    desk.link("a")
    run, gone = api.run("k3"), api.run("gone")
    gone.delete()

    with pytest.raises(ValueError, match="can't log an artifact to a different project"):
        run.log_artifact(api.artifact("model/churn:v0"))
    with pytest.raises(AttributeError):
        run.use_artifact(gr.Artifact("draft", "model"))
    with pytest.raises(NotFound, match="there is no run 'gone'"):
        gone.use_artifact(api.artifact("xgb:v0"))
    assert run.use_artifact(api.artifact("model/churn:v0")).version == "v0"
    assert [one.name for one in run.used_artifacts()] == ["churn:v0"]


def test_its_history_is_read_from_the_store(desk, record, api):
    with desk.open() as catalog:
        data = b"".join(json.dumps(row).encode() + b"\n" for row in ROWS)
        stored = blobs(catalog).store.put_bytes(data)
    record({"k3": ran(history=History(uri=stored.uri, digest=stored.digest, rows=len(ROWS)))})
    run = api.run("k3")

    assert run.history(pandas=False) == list(run.scan_history()) == ROWS
    assert run.last_history_step == 9
    assert run.history(500, ["auc"], "_step", False) == [
        {"_step": one, "auc": one} for one in (1, 3, 5, 7, 9)
    ]
    assert run.history(keys=["loss"], x_axis="auc", pandas=False)[0] == {"auc": 1, "loss": 0.5}
    assert run.history(keys="auc", pandas=False) == run.history(keys=["auc"], pandas=False)
    assert list(run.scan_history("auc")) == list(run.scan_history(["auc"]))
    assert run.history(samples=4, pandas=False) == [ROWS[0], ROWS[3], ROWS[6], ROWS[9]]
    assert run.history(samples=1, pandas=False) == ROWS[:1]
    assert run.history(stream="system", pandas=False) == []
    assert list(run.scan_history(min_step=3, max_step=6)) == ROWS[3:6]
    assert list(run.scan_history(keys=["auc"], max_step=3)) == [{"auc": 1}]
    with pytest.raises(ValueError, match="no stream 'events'"):
        run.history(stream="events")


class Frame(list):
    """Stands for pandas' own."""

    from_records = classmethod(lambda cls, rows: cls(rows))


def test_its_history_is_a_frame_where_pandas_is_installed(desk, record, api, monkeypatch):
    with desk.open() as catalog:
        stored = blobs(catalog).store.put_bytes(b'{"_step": 0, "loss": 1.0}\n')
    record({"k3": ran(history=History(uri=stored.uri, digest=stored.digest, rows=1))})
    run, rows = api.run("k3"), [{"_step": 0, "loss": 1.0}]

    monkeypatch.setitem(sys.modules, "pandas", None)
    assert type(run.history()) is list
    assert run.history() == rows

    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=Frame))
    assert type(run.history()) is Frame
    assert list(run.history()) == rows
    assert type(run.history(pandas=False)) is list


def test_a_run_is_forgotten_and_what_it_made_stays_unless_asked(record, api, git, desk):
    model, other = manifest("c", artifact="xgb"), manifest("d", artifact="xgb")
    record(
        {
            "a": ran(outputs=(Made(artifact="xgb", version=model.id),)),
            "b": ran(outputs=(Made(artifact="xgb", version=other.id),)),
        },
        model,
        other,
    )
    first = api.run("a")

    first.delete()

    assert [one.id for one in api.runs()] == ["b"]
    assert len(api.artifacts("model", "churn/xgb")) == 2
    assert git(desk.path, "log", "-1", "--format=%s", "projects/churn") == "Forget run churn/a"
    with pytest.raises(NotFound, match="there is no run 'a'"):
        first.delete()


def test_what_a_run_made_is_deleted_with_it_in_one_commit(record, api, git, desk):
    alone, shared, gone = (manifest(text, artifact="xgb") for text in "abc")
    made = tuple(Made(artifact="xgb", version=one.id) for one in (alone, shared, gone))
    record({"a": ran(outputs=made), "b": ran(outputs=made[1:2])}, alone, shared, gone)
    api.artifact(f"churn/xgb@{gone.id}").delete()
    named = api.artifact(f"churn/xgb@{alone.id}")
    named.aliases.append("best")
    named.save()
    before = int(git(desk.path, "rev-list", "--count", "projects/churn"))
    first, second = api.run("a"), api.run("b")

    first.delete(delete_artifacts=True)

    assert int(git(desk.path, "rev-list", "--count", "projects/churn")) == before + 1
    assert git(desk.path, "log", "-1", "--format=%s", "projects/churn") == (
        "Forget run churn/a and what it made"
    )
    assert [one.id for one in api.artifacts("model", "churn/xgb")] == [shared.id]
    assert not api.artifact_exists("churn/xgb:best")
    assert [one.id for one in second.logged_artifacts()] == [shared.id]
    with pytest.raises(NotFound):
        first.delete(delete_artifacts=True)
    second.delete(delete_artifacts=True)
    assert len(api.artifacts("model", "churn/xgb")) == 0
    with pytest.raises(NotFound):
        second.load()
