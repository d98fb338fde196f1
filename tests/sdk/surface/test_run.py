"""Runs: what is recorded of them, when, and where it stays if they die."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest
from tests.sdk.surface import script

import git_registry as gr
from git_registry.catalog import projects
from git_registry.errors import Conflict, NotFound, UsageError
from git_registry.model.documents.run import Run
from git_registry.sdk.measuring import file_of
from git_registry.sdk.surface import current


def recorded(desk, run, project="churn") -> Run:
    with desk.open() as catalog:
        there = projects.on_project(catalog, project)
        return there.now().tree.document(f"{project}/runs/{run}.yaml", Run)


def rows(desk, run):
    place = recorded(desk, run).history.uri.removeprefix("file://")
    return [json.loads(line) for line in Path(place).read_text().splitlines()]


def subjects(git, desk, branch="projects/churn"):
    return git(desk.path, "log", "--format=%s", branch).splitlines()


def test_a_run_is_recorded_when_it_starts_and_when_it_ends(here, git):
    with gr.init(
        project="churn", id="r1", name="first", job_type="train", tags=["nightly"], notes="October", group="g"
    ) as run:
        started = recorded(here, "r1")
        run.log({"auc": 0.9})

    assert started.state == "running"
    assert started.ended is None
    ended = recorded(here, "r1")
    assert (ended.state, ended.name, ended.job_type, ended.group) == ("finished", "first", "train", "g")
    assert (ended.tags, ended.notes, ended.summary) == (("nightly",), "October", {"auc": 0.9})
    assert ended.started == started.started <= ended.ended
    assert subjects(git, here) == ["Run churn/r1 is finished", "Run churn/r1 is running"]


def test_the_work_tree_is_never_touched(here, git):
    before = git(here.path, "rev-parse", "HEAD")

    with gr.init(project="churn") as run:
        run.log({"x": 1})

    assert git(here.path, "status", "--porcelain") == ""
    assert git(here.path, "rev-parse", "HEAD") == before
    assert git(here.path, "symbolic-ref", "--short", "HEAD") == "main"


def test_the_history_is_a_blob_of_rows(here):
    with gr.init(project="churn", id="r1") as run:
        for loss in (3, 2, 1):
            run.log({"loss": loss, "val": {"auc": loss / 10}})

    there = rows(here, "r1")
    assert [(row["_step"], row["loss"], row["val.auc"]) for row in there] == [
        (0, 3, 0.3),
        (1, 2, 0.2),
        (2, 1, 0.1),
    ]
    assert all(row["_runtime"] >= 0 and row["_timestamp"] > 0 for row in there)
    assert recorded(here, "r1").history.rows == 3
    assert not file_of(here.open().repository, "churn", "r1").exists()


def test_steps_are_ended_as_wandb_ends_them(here, caplog):
    with gr.init(project="churn", id="r1") as run:
        run.log({"a": 1}, commit=False)
        run.log({"b": 2})
        run.log({"a": 3}, step=5)
        run.log({"b": 4}, step=5)
        run.log({"late": 1}, step=2)
        run.log({"a": 6}, step=9)

    named = [
        {key: value for key, value in row.items() if key in ("_step", "a", "b", "late")}
        for row in rows(here, "r1")
    ]
    assert named == [{"_step": 0, "a": 1, "b": 2}, {"_step": 5, "a": 3, "b": 4}, {"_step": 9, "a": 6}]
    assert "step 2 is over, the run is at 5" in caplog.text


def test_a_summary_may_keep_the_best(here):
    with gr.init(project="churn", id="r1") as run:
        run.define_metric("loss", summary="min")
        run.define_metric("auc", summary="max,last")
        for loss, auc in ((3, 0.5), (1, 0.9), (2, 0.8)):
            run.log({"loss": loss, "auc": auc})
        run.summary["note"] = "by hand"

    assert recorded(here, "r1").summary == {
        "loss": 2,
        "loss.min": 1,
        "auc": 0.8,
        "auc.max": 0.9,
        "note": "by hand",
    }


def test_numbers_of_other_libraries_are_plain_ones(here):
    numpy = pytest.importorskip("numpy")

    with gr.init(project="churn", id="r1", config={"n": numpy.int64(3), "path": Path("a")}) as run:
        run.log(
            {"x": numpy.float32(0.5), "y": numpy.float64(0.25), "z": numpy.array([1, 2]), "nan": float("nan")}
        )

    document = recorded(here, "r1")
    assert document.config == {"n": 3, "path": "a"}
    assert document.summary["x"] == 0.5
    assert type(document.summary["y"]) is float
    assert list(document.summary["z"]) == [1, 2]
    assert rows(here, "r1")[0]["nan"] == "NaN"


def test_what_is_no_value_is_refused_whole(here):
    with gr.init(project="churn", id="r1") as run:
        with pytest.raises(UsageError, match="a object is not a value that can be written down") as refused:
            run.log({"x": 1, "model": object()})

        assert refused.value.where == "model"
        assert "x" not in run.summary


def test_a_config_comes_in_many_forms(here):
    with gr.init(project="churn", id="r1", config=Namespace(lr=0.1, layers=[1, 2])) as run:
        run.config.update({"lr": 0.2}, batch=8)
        run.config.depth = 3
        run.config.setdefaults({"lr": 9, "seed": 1})
        assert run.config.lr == run.config["lr"] == 0.2
        assert run.config.get("missing") is None
        with pytest.raises(AttributeError):
            _ = run.config.missing

    assert recorded(here, "r1").config == {"lr": 0.2, "layers": [1, 2], "batch": 8, "depth": 3, "seed": 1}


def test_parts_of_a_config_are_chosen(here):
    gr.init(project="churn", id="r1", config={"a": 1, "b": 2}, config_exclude_keys=["b"]).finish()
    gr.init(project="churn", id="r2", config={"a": 1, "b": 2}, config_include_keys=["b"]).finish()

    assert (recorded(here, "r1").config, recorded(here, "r2").config) == ({"a": 1}, {"b": 2})


def test_an_exception_fails_the_run(here):
    with pytest.raises(ZeroDivisionError), gr.init(project="churn", id="r1"):
        _ = 1 / 0
    with pytest.raises(SystemExit), gr.init(project="churn", id="r2"):
        sys.exit(3)
    with pytest.raises(SystemExit), gr.init(project="churn", id="r3"):
        sys.exit(0)
    gr.init(project="churn", id="r4").finish(exit_code=1)

    assert [recorded(here, run).state for run in ("r1", "r2", "r3", "r4")] == [
        *("failed", "failed", "finished", "failed")
    ]


def test_a_run_that_ended_takes_no_more(here):
    run = gr.init(project="churn")
    run.finish()
    run.finish()

    with pytest.raises(UsageError, match="the run has ended"):
        run.log({"x": 1})


def test_a_script_that_never_says_finish_finishes(desk):
    script.run('gr.init(project="churn", id="r1").log({"x": 1})', desk.path)
    script.run(
        'gr.init(project="churn", id="r2"); gr.log({"x": 1}); raise SystemError("no")', desk.path, code=1
    )

    assert [recorded(desk, run).state for run in ("r1", "r2")] == ["finished", "failed"]
    assert rows(desk, "r2")[0]["x"] == 1


def test_a_killed_run_is_settled_by_the_next(desk, tmp_path):
    text = """
    import sys
    run = gr.init(project="churn", id="r1")
    run.log({"x": 1}); run.log({"x": 2})
    print("measured", flush=True)
    sys.stdin.read()
    """
    file = tmp_path / "killed.py"
    file.write_text("import git_registry as gr\n" + "\n".join(line.strip() for line in text.splitlines()))
    child = subprocess.Popen(
        [sys.executable, file],
        env={**os.environ, "GIT_REGISTRY": str(desk.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with child:
        assert child.stdout.readline() == b"measured\n"
        with pytest.raises(Conflict, match="under way in another process"):
            gr.init(project="churn", id="r1", path=desk.path, resume="allow")
        child.send_signal(signal.SIGKILL)
    with file_of(desk.open().repository, "churn", "r1").open("a") as torn:
        torn.write('{"x": 3, "_st')

    gr.init(project="other", path=desk.path).finish()

    document = recorded(desk, "r1")
    assert (document.state, document.summary, document.history.rows) == ("crashed", {"x": 2}, 2)
    assert document.ended is not None
    assert not file_of(desk.open().repository, "churn", "r1").exists()


def test_a_run_that_crashed_is_resumed(here):
    with gr.init(project="churn", id="r1", config={"lr": 0.1}, tags=["a"]) as run:
        run.log({"x": 1})

    with gr.init(project="churn", id="r1", resume="must", tags=["b"]) as run:
        assert run.step == 1
        assert run.config.lr == 0.1
        run.log({"x": 2})

    assert [(row["_step"], row["x"]) for row in rows(here, "r1")] == [(0, 1), (1, 2)]
    assert recorded(here, "r1").tags == ("a", "b")


def test_resuming_is_asked_for(here):
    with pytest.raises(NotFound, match="no such run to resume"):
        gr.init(project="churn", id="r1", resume="must")
    gr.init(project="churn", id="r1").finish()

    with pytest.raises(Conflict, match="such a run already"):
        gr.init(project="churn", id="r1")
    with pytest.raises(UsageError, match="not forked"):
        gr.init(project="churn", fork_from="r1?_step=3")
    assert current.run() is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"project": "no/slash"}, "expected a name such as"),
        ({"project": "runs"}, "reserved"),
        ({"id": "a b"}, "expected a name such as"),
        ({"tags": ["a\x00b"]}, "control character"),
        ({"entity": "umbrella"}, "neither the organization 'acme'"),
        ({"mode": "dryrun"}, "a mode is online, offline or disabled"),
    ],
)
def test_what_is_not_allowed_is_said_before_anything_is_written(here, git, asked, said):
    with pytest.raises(UsageError, match=said):
        gr.init(**{"project": "churn", **asked})

    assert git(here.path, "for-each-ref", "refs/heads/projects") == ""


def test_the_module_speaks_for_the_run(here):
    assert gr.run is None
    with pytest.raises(UsageError, match="no run is under way"):
        gr.log({"x": 1})

    run = gr.init(project="churn", config={"a": 1})

    assert gr.run is run
    assert gr.init(project="else") is run
    gr.log({"x": 1})
    assert (gr.config.a, gr.summary.x) == (1, 1)
    other = gr.init(project="churn", reinit="create_new")
    assert other is not run
    assert gr.run is other
    last = gr.init(project="churn", reinit="finish_previous")
    assert other.state == "finished"
    assert run.state == "running"
    assert gr.run is last


def test_a_run_says_where_it_is(here, git):
    with gr.init(entity="acme", project="churn", id="r1") as run:
        assert (run.entity, run.project, run.id, run.path) == ("acme", "churn", "r1", "acme/churn/r1")
        repository, _, place = run.url.partition("#")
        branch, _, path = place.partition(":")
        assert "r1" in run.name or run.name.count("-") == 2

    assert repository.startswith("file://")
    assert "state: finished" in git(here.path, "show", f"{branch}:{path}")


def test_a_disabled_run_leaves_nothing(here, git):
    with gr.init(project="churn", mode="disabled") as run:
        run.log({"x": 1})

    assert run.state == "finished"
    assert git(here.path, "for-each-ref", "refs/heads/projects") == ""
    assert not here.blobs


def test_a_run_is_published_at_once(clone, git, upstream, monkeypatch):
    bob = clone("bob")
    monkeypatch.setenv("GIT_REGISTRY", str(bob.path))

    with gr.init(project="churn", id="r1") as run:
        assert "state: running" in git(upstream, "show", "projects/churn:churn/runs/r1.yaml")
        run.log({"x": 1})

    assert "state: finished" in git(upstream, "show", "projects/churn:churn/runs/r1.yaml")
    assert git(bob.path, "for-each-ref", "refs/heads/projects") == ""


def test_a_remote_that_goes_away_loses_nothing(clone, git, upstream, monkeypatch, caplog):
    bob = clone("bob")
    monkeypatch.setenv("GIT_REGISTRY", str(bob.path))

    with gr.init(project="churn", id="r1") as run:
        upstream.rename(upstream.with_name("gone"))
        run.log({"x": 1})

    assert "committed here from now on" in caplog.text
    assert "state: finished" in git(bob.path, "show", "projects/churn:churn/runs/r1.yaml")
    upstream.with_name("gone").rename(upstream)
    with gr.init(project="churn", id="r2"):
        pass
    assert "state: finished" in git(upstream, "show", "projects/churn:churn/runs/r1.yaml")


def test_a_remote_that_refuses_is_told_of(clone, git, upstream, monkeypatch):
    bob = clone("bob")
    monkeypatch.setenv("GIT_REGISTRY", str(bob.path))
    hook = upstream / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'churn is not yours' >&2\nexit 1\n")
    hook.chmod(0o755)

    with pytest.raises(gr.CommError, match="refused the push") as refused:
        gr.init(project="churn")

    assert "churn is not yours" in refused.value.hint
    assert git(bob.path, "for-each-ref", "refs/heads/projects", "refs/remotes/origin/projects") == ""
