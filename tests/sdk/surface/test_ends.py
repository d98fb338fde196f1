"""How runs end, whatever happens: forks, threads, Ctrl-C, refusals, more than a document can hold."""

from __future__ import annotations

import copy
import json
import os
import pickle
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from tests.sdk.surface import script
from tests.sdk.surface.test_run import recorded, rows

import git_registry as gr
from git_registry.errors import Conflict, NotFound, Refused, UsageError
from git_registry.model.documents.run import Made
from git_registry.sdk import runs
from git_registry.sdk.measuring import decoded, file_of
from git_registry.store.local import LocalBlobs


def made(text="x", name="xgb", **about):
    artifact = gr.Artifact(name, type="model", **about)
    with artifact.new_file("model.bin") as out:
        out.write(text)
    return artifact


def forked(work):
    """Run something in a forked process, and return its exit code and what it wrote."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 0
        try:
            os.write(writing, str(work()).encode())
        except SystemExit as left:
            code = left.code
        except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - it can't be raised over there
            os.write(writing, f"{type(error).__name__}: {error}".encode())
            code = 9
        os._exit(code)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading) as said:
        return os.waitstatus_to_exitcode(status), said.read()


FORKED_AND_DISABLED = """
import os, sys
import git_registry as gr
run = gr.init(project="churn", mode="disabled")
if os.fork() == 0:
    sys.exit(0)
os.wait()
run.log({"x": 1})
run.finish()
print(run.state)
"""
"""The child leaves as a process does, with everything that is done at its end."""


def refuse(upstream, words="not today"):
    hook = upstream / "hooks/pre-receive"
    hook.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 1\n")
    hook.chmod(0o755)
    return hook


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_has_no_part_in_the_run(here, caplog):
    with gr.init(project="churn", id="r1") as run:
        run.log_artifact(made("one")).wait()
        run.log({"x": 1})

        def child():
            run.log({"x": 2})
            run.finish(exit_code=1)
            with pytest.raises(UsageError, match="forked from the run's"):
                run.log_artifact(made("two"))
            raise SystemExit(3)

        assert forked(child) == (3, "")
        run.log({"x": 3})

    assert [row["x"] for row in rows(here, "r1")] == [1, 3]
    assert recorded(here, "r1").state == "finished"


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_leaves_a_disabled_organization_alone(here):
    run = gr.init(project="churn", mode="disabled")
    organization = Path(run._workspace.path)

    assert forked(run._workspace.close) == (0, "None")
    ended = subprocess.run(
        [sys.executable, "-c", FORKED_AND_DISABLED], capture_output=True, text=True, env={**os.environ}
    )

    assert (ended.stdout, ended.stderr) == ("finished\n", "")
    assert organization.exists()
    run.finish()


def test_the_exit_code_is_the_scripts_own(desk):
    script.run("import sys; gr.init(project='churn', id='r1').log({'x': 1}); sys.exit(3)", desk.path, code=3)
    script.run("import sys; gr.init(project='churn', id='r2'); sys.exit('no')", desk.path, code=1)
    script.run("import sys; gr.init(project='churn', id='r3'); sys.exit(0)", desk.path)

    assert [recorded(desk, run).state for run in ("r1", "r2", "r3")] == ["failed", "failed", "finished"]


def test_ctrl_c_while_it_ends_is_not_its_end(here, monkeypatch):
    run = gr.init(project="churn", id="r1")
    run.log({"x": 1})

    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(run._worker, "shutdown", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.finish()
    monkeypatch.undo()
    assert run.state == "running"
    with pytest.raises(UsageError, match="has ended"):
        run.log({"x": 2})
    monkeypatch.setenv("GIT_REGISTRY", str(here.path))

    run.finish()

    assert recorded(here, "r1").state == "finished"
    assert len(rows(here, "r1")) == 1


def test_several_threads_may_end_it(here):
    run = gr.init(project="churn", id="r1")
    for number in range(3):
        run.log_artifact(made(str(number)))
    failures = []

    def finish():
        try:
            run.finish()
        except (RuntimeError, gr.CommError) as error:
            failures.append(error)

    threads = [threading.Thread(target=finish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert recorded(here, "r1").state == "finished"
    assert len(recorded(here, "r1").outputs) == 3


def test_recording_and_uploading_do_not_wait_for_each_other(here):
    with gr.init(project="churn", id="r1") as run:
        for number in range(10):
            run.log_artifact(made(str(number)))
            run.record()

    assert len(recorded(here, "r1").outputs) == 10


def test_what_was_told_is_not_told_again(here, monkeypatch, caplog):
    run = gr.init(project="churn", id="r1")
    artifact = made("one")

    def full(*_args):
        raise gr.CommError("the store is full")

    monkeypatch.setattr(LocalBlobs, "upload", full)
    run.log_artifact(artifact)
    with pytest.raises(gr.CommError, match="the store is full"):
        artifact.wait()
    monkeypatch.undo()
    monkeypatch.setenv("GIT_REGISTRY", str(here.path))

    assert run.log_artifact(artifact).wait().version == "v0"
    run.finish()

    assert recorded(here, "r1").state == "finished"
    assert "full" not in caplog.text


def test_a_refused_end_is_recorded_later_as_it_was(clone, upstream, git, monkeypatch):
    bob = clone("bob")
    monkeypatch.setenv("GIT_REGISTRY", str(bob.path))
    run = gr.init(project="churn", id="r1")
    run.log({"x": 1})
    run.summary["best"] = "by hand"
    run.notes = "said at the end"
    hook = refuse(upstream)
    with pytest.raises(Refused, match="refused the push"):
        run.finish(exit_code=1)
    hook.unlink()
    run._steps.rows.close()  # as the end of the process does

    gr.init(project="churn", id="r2").finish()

    git(bob.path, "fetch", "-q")
    document = recorded(bob, "r1")
    assert (document.state, document.notes) == ("failed", "said at the end")
    assert document.summary == {"x": 1, "best": "by hand"}
    assert document.history.rows == 1


def test_finishing_again_after_a_refusal(clone, upstream, git, monkeypatch):
    bob = clone("bob")
    monkeypatch.setenv("GIT_REGISTRY", str(bob.path))
    run = gr.init(project="churn", id="r1")
    run.log({"x": 1})
    hook = refuse(upstream)
    with pytest.raises(Refused):
        run.finish()
    hook.unlink()

    run.finish()

    assert recorded(bob, "r1").state == "finished"
    assert not file_of(bob.open().repository, "churn", "r1").exists()


def test_more_than_a_document_holds_is_recorded_in_part(here, caplog):
    with gr.init(project="churn", id="r1", config={"text": "y" * 300_000, "lr": 0.1}) as run:
        run.log({f"metric{number}": number for number in range(30_000)})
        run.log({"loss": 1.0, "picture": [0.5] * 40_000})

    document = recorded(here, "r1")
    assert document.state == "finished"
    assert document.config == {"lr": 0.1}
    assert len(document.summary) == 1_000
    assert document.history.rows == 2
    assert len(rows(here, "r1")[1]["picture"]) == 40_000
    assert "its document has no room for" in caplog.text


def test_thousands_of_outputs_are_recorded_in_part(here):
    with gr.init(project="churn", id="r1") as run:
        whole = run.document

    versions = [{"artifact": "a", "version": f"{number:032x}"} for number in range(6_000)]
    large = replace(whole, outputs=tuple(Made(**one) for one in versions))
    fits, left_out = runs.fitting(large)
    assert left_out == ("outputs but the last 1,000",)
    assert fits.outputs == large.outputs[-1_000:]
    assert runs.fitting(whole) == (whole, ())


@pytest.mark.parametrize("bad", ["a\nb", "a\x00b", "", "x" * 300])
def test_a_name_that_no_document_holds_is_refused_at_once(here, bad):
    with gr.init(project="churn", id="r1") as run:
        with pytest.raises(UsageError, match="a name is 1 to 256 characters"):
            run.log({"fine": 1, bad: 1})
        with pytest.raises(UsageError, match="a name is 1 to 256 characters"):
            run.config[bad] = 1

    assert recorded(here, "r1").summary == {}


def test_texts_that_no_file_holds_are_written_otherwise(here):
    with gr.init(project="churn", id="r1") as run:
        run.log({"file": "caf\udce9"})
        run.log({"x": 1})

    assert [row.get("file") for row in rows(here, "r1")] == ["caf\\udce9", None]
    assert recorded(here, "r1").summary == {"file": "caf\\udce9", "x": 1}


def test_what_holds_itself_ends(here):
    circle: dict = {}
    circle["self"] = circle
    wide: dict = {}
    for _ in range(40):
        wide = {"a": wide, "b": wide}

    run = gr.init(project="churn", id="r1", config={"wide": wide, "circle": circle})
    with pytest.raises(UsageError, match="nested deeper"):
        run.log(circle)
    run.finish()

    assert recorded(here, "r1").state == "finished"


@pytest.mark.parametrize(
    ("data", "step", "said"),
    [
        (None, None, "a mapping of names to values"),
        ([1], None, "a mapping of names to values"),
        ({"x": 1}, "3", "a step is a whole number"),
        ({"x": 1}, 2.5, "a step is a whole number"),
        ({"x": 1}, float("nan"), "a step is a whole number"),
        ({"x": 1}, 10**30, "below 2 to the power"),
        ({"x": 1}, -1, "at least 0"),
    ],
)
def test_log_says_what_it_takes(here, data, step, said):
    with gr.init(project="churn") as run:
        with pytest.raises(UsageError, match=said):
            run.log(data, step=step)
        assert run.step == 0


def test_nothing_is_taken_afterwards(here):
    run = gr.init(project="churn", config={"a": 1})
    run.finish()

    for late in (
        lambda: run.summary.update({"late": 1}),
        lambda: run.config.update({"late": 1}),
        lambda: setattr(run, "name", "late"),
    ):
        with pytest.raises(UsageError, match="has ended"):
            late()


def test_a_config_can_be_copied_and_sent(here):
    with gr.init(project="churn", config={"a": {"b": 1}}) as run:
        assert copy.deepcopy(run.config) == {"a": {"b": 1}}
        assert pickle.loads(pickle.dumps(run.config)) == {"a": {"b": 1}}
        run.config["a"]["path"] = Path("x")

    assert run.document.config == {"a": {"b": 1, "path": "x"}}


def test_an_id_is_one_runs_alone(clone, monkeypatch):
    ada, bob = clone("ada"), clone("bob")
    with gr.init(project="churn", id="r1", path=ada.path) as run:
        run.log({"x": 1})
    with pytest.raises(Conflict, match="such a run already"):
        gr.init(project="churn", id="r1", path=bob.path)

    first = gr.init(project="churn", id="r2", path=ada.path, reinit="create_new")
    with pytest.raises(Conflict, match="such a run already"):
        gr.init(project="churn", id="r2", path=bob.path, reinit="create_new")
    first.finish()

    assert recorded(ada, "r1").summary == {"x": 1}


def test_what_is_used_is_recorded_while_the_run_goes_on(here):
    with gr.init(project="churn") as run:
        run.log_artifact(made())
    with gr.init(project="churn", id="r2") as run:
        used = run.use_artifact("xgb:v0")
        run._worker.submit(int).result()

        assert [one.version for one in recorded(here, "r2").inputs] == [used.id]


def test_what_others_did_is_seen_when_a_run_begins(clone, monkeypatch):
    ada, bob = clone("ada"), clone("bob")
    with gr.init(project="churn", path=ada.path) as run:
        run.link_artifact(made(), "model/churn", aliases=["production"])

    with gr.init(project="churn", path=bob.path) as run:
        assert run.use_artifact("model/churn:production").version == "v0"


def test_threads_that_ended_hold_nothing_open(here):
    api = gr.Api()
    opened = api.workspace._open

    def ask():
        assert api.artifact_exists("model/churn:v0") is False

    for _ in range(5):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    del thread

    assert len(opened) <= 1


def test_a_project_called_like_a_registry_is_none(here, desk):
    desk.link("of the registry", "model/churn")
    with gr.init(project="model") as run:
        first = gr.Artifact("churn", type="model")
        with first.new_file("first.bin") as out:
            out.write("1")
        run.log_artifact(first).wait()
        more = gr.Artifact("churn", type="model", incremental=True)
        with more.new_file("more.bin") as out:
            out.write("2")
        run.log_artifact(more).wait()

    assert sorted(more.manifest.entries) == ["first.bin", "more.bin"]


def test_a_script_begins_where_there_is_an_organization(make_repository, monkeypatch, tmp_path, git):
    code = make_repository("code", {"train.py": "x"}, "-b", "main")
    monkeypatch.chdir(code)

    with pytest.raises(NotFound, match="no organization") as nowhere:
        gr.init(project="churn")

    assert "set GIT_REGISTRY" in nowhere.value.hint
    assert git(code, "for-each-ref", "refs/heads/projects") == ""


def test_projects_differ_in_more_than_case(here):
    gr.init(project="Churn").finish()

    with pytest.raises(Conflict, match="differs from 'Churn' in case alone"):
        gr.init(project="churn")
    with pytest.raises(UsageError) as refused:
        gr.init(project="My Project")
    assert refused.value.hint == "such as 'My-Project'"


def test_what_tells_wandb_to_be_offline_tells_us(clone, git, monkeypatch):
    bob = clone("bob")
    monkeypatch.setenv("GIT_REGISTRY", str(bob.path))
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_PROJECT", "quiet")

    with gr.init(tags="nightly", name="n") as run:
        assert (run.offline, run.project, run.tags) == (True, "quiet", ("nightly",))
    monkeypatch.delenv("WANDB_MODE")
    with gr.init(settings=gr.Settings(mode="offline"), project="set") as run:
        assert run.offline

    assert git(bob.path, "for-each-ref", "--format=%(refname)").count("projects/quiet") == 1


def test_the_module_has_what_a_run_has_only_while_there_is_one(here):
    assert not hasattr(gr, "log")
    gr.finish()
    gr.init(project="churn")

    assert hasattr(gr, "log")
    gr.finish()
    assert gr.run is None
    assert {"init", "finish", "Artifact", "Api", "log"} <= set(dir(gr))


@pytest.mark.parametrize("name", ["config.yaml", "README.md", "my file.csv", "a+b.bin", "y" * 200, "x.lock"])
def test_any_file_is_logged_under_a_name_that_fits(here, tmp_path, name):
    path = tmp_path / name
    path.write_text("x")

    with gr.init(project="churn", id="r1") as run:
        logged = run.log_artifact(path).wait()

    assert logged.name.startswith("run-r1-")
    assert list(logged.manifest.entries) == [name]


def test_rows_that_are_none_are_left_out():
    lines = [
        *(b'{"a": 1}\n', b"{nope\n", b'{"a":"\xff"}\n', b"[" * 100_000 + b"\n", b"[1]\n", b'"x"\n'),
        *(b'{"n": ' + b"1" * 5_000 + b"}\n", b'{"b": 2}'),
    ]

    assert list(decoded(lines)) == [{"a": 1}]


def test_a_hostile_history_keeps_nobody_from_beginning(here, git):
    with gr.init(project="churn", id="r1") as run:
        run.log({"x": 1})
    with gr.init(project="churn", id="r1", resume="must") as run:
        run.log({"x": 2})
    place = file_of(here.open().repository, "churn", "dead")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"[" * 200_000 + b"\n" + b'{"loss": 1, "_timestamp": 1e300}\n')

    gr.init(project="churn", id="r2").finish()

    assert recorded(here, "r2").state == "finished"
    assert [row["x"] for row in rows(here, "r1")] == [1, 2]


def test_what_the_parts_of_a_version_are_is_told(here, caplog):
    with gr.init(project="churn", id="w1", group="g") as run:
        run.upsert_artifact(made("1", "one"))
        run.upsert_artifact(made("2", "two"))
    with gr.init(project="churn", id="w2", group="g") as run:
        last = gr.Artifact("two", type="model")
        finished = run.finish_artifact(last).wait()

    assert list(finished.manifest.entries) == ["model.bin"]
    assert "two is made of what w1, w2 added" in caplog.text
    assert json.loads(json.dumps(finished.version)) == "v0"
