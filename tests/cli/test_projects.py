"""Projects: what is logged there, what runs did, and every verb on what is in one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.sdk import recorded
from tests.sdk.desk import Desk
from tests.sdk.recorded import linked, manifest, record, run

from git_registry.cli.group import cli
from git_registry.model.digest import Digest
from git_registry.model.documents.manifest import Code
from git_registry.model.documents.run import History

from .once import once

CODE = Code(repository="git@github.com:acme/churn.git", commit="4be1" * 10, dirty=False, path="train.py")
HISTORY = Digest.of(b"history")


@once
def logged_there(churn):
    """A data set and two models in a project, the better one called best."""
    churn.write("../features.csv", "a,b\n1,2\n")
    churn.write("../xgb.bin", "first trees")
    churn(
        *("log", "../features.csv", "projects/churn/features", "--type", "dataset"),
        *("--input", "dataset/customers:v0"),
    )
    churn(
        *("log", "../xgb.bin", "projects/churn/xgb", "--type", "model", "--metric", "auc=0.91"),
        *("--input", "projects/churn/features:v0", "--tag", "eu", "--description", "First try."),
    )
    churn.write("../xgb.bin", "better trees")
    churn("log", "../xgb.bin", "projects/churn/xgb", "--metric", "auc=0.94", "--alias", "best")
    return churn


@once
def ran(logged_there):
    """Two runs of the project, and one that is going on."""
    desk = Desk(logged_there.directory)
    xgb = [one["id"] for one in logged_there.json("list", "projects/churn/xgb")]
    made = [("xgb", _version(one)) for one in reversed(xgb)]
    first = run(
        name="brisk-otter-41",
        job_type="train",
        group="october",
        started="2026-01-01T10:00:00.000Z",
        ended="2026-01-01T11:26:29.000Z",
        tags=("nightly",),
        notes="First try with October.",
        config={"max_depth": 7, "optimizer": {"name": "sgd"}},
        summary={"auc": 0.91, "loss": float("nan"), "best": {"auc": 0.92}},
        code=CODE,
        inputs=[linked("dataset/customers", manifest("customers"), used_as="train")],
        outputs=made[:1],
        history=History(uri="memory://acme/h", digest=HISTORY, rows=812),
    )
    second = run(
        name="calm-heron-42",
        job_type="train",
        state="failed",
        started="2026-01-01T12:00:00.000Z",
        ended="2026-01-01T12:00:41.500Z",
        summary={"auc": 0.94},
        outputs=made[1:],
    )
    last = replace(run(name="loud-lynx-43", started="2026-01-01T13:00:00.000Z"), state="running", ended=None)
    record(
        desk,
        "projects/churn",
        *(recorded.run_at("churn", "k3j2h1", first), recorded.run_at("churn", "m4n5p6", second)),
        *(recorded.run_at("churn", "q7r8s9", last), {"churn/runs/t1.yaml": b"state: asleep\n"}),
    )
    record(desk, "projects/fraud", recorded.project_at("fraud"))
    return logged_there


def _version(identifier):
    """Return a manifest of which only the id counts."""
    one = manifest("x")
    return replace(one, digest=Digest.parse(f"sha256:{identifier}{'0' * 32}"))


STORY = {
    "list-projects": ["list", "projects"],
    "list-project": ["list", "projects/churn"],
    "list-runs": ["list", "projects/churn/runs"],
    "list-artifact": ["list", "projects/churn/xgb"],
    "show-project": ["show", "projects/churn"],
    "show-run": ["show", "projects/churn/runs/k3j2h1"],
    "show-artifact": ["show", "projects/churn/xgb"],
    "show-logged": ["show", "projects/churn/xgb:v0"],
}


@pytest.mark.parametrize("name", STORY)
def test_json(ran, golden, name):
    golden(f"projects/{name}.json", ran(*STORY[name], "--json"))


@pytest.mark.parametrize("name", STORY)
def test_text_in_a_pipe(ran, golden, name):
    golden(f"projects/{name}.pipe.txt", ran(*STORY[name]))


@pytest.mark.parametrize("name", ["list-projects", "list-project", "list-runs", "show-run"])
def test_text_on_a_terminal(ran, golden, name, terminal):
    golden(f"projects/{name}.terminal.txt", ran(*STORY[name]))


def test_logging_says_what_it_did(churn, golden, git):
    before = git(churn.directory, "rev-parse", "main")
    churn.write("../xgb.bin", "trees")
    log = ("log", "../xgb.bin", "projects/churn/xgb")

    churn(*log, code=2)
    assert "of which type is projects/churn/xgb? It is not there yet" in churn.err
    golden("projects/log.txt", churn(*log, "--type", "model", "--alias", "best", "--metric", "auc=0.9"))
    again = churn(*log, "--alias", "best", "--metric", "auc=0.99")
    assert again == "projects/churn/xgb:v0 (@729422cc) was logged already\n"
    assert "not recorded: metrics; `git registry annotate` and `tag` add to what is there" in churn.err
    assert churn(*log, "--type", "dataset", code=4) == ""
    assert git(churn.directory, "rev-parse", "main") == before
    assert git(churn.directory, "status", "--porcelain") == ""
    shape = churn.json(*log, "--alias", "newest")
    assert (shape["path"], shape["registry"], shape["project"]) == ("projects/churn/xgb:v0", None, "churn")
    assert shape["source"] == {"project": "churn", "artifact": "xgb", "version": shape["id"]}
    assert [one["path"] for one in shape["events"]] == ["projects/churn/xgb"]


@pytest.mark.parametrize("target", ["model/churn", "projects/churn", "projects/churn/xgb:v0", "projects"])
def test_only_artifacts_are_logged(churn, target):
    assert "expected an artifact" in churn.error("log", "../model.bin", target, code=2)["message"]


def test_what_is_logged_is_linked_as_it_is(logged_there):
    assert "Linked model/approved:v0" in logged_there("link", "projects/churn/xgb:best", "model/approved")
    there = logged_there.json("show", "model/approved:v0")
    here = logged_there.json("show", "projects/churn/xgb:best")
    assert there["digest"] == here["digest"]
    assert there["source"] == here["source"]


def test_what_is_written_goes_to_the_projects_branch(logged_there, git):
    shell = logged_there
    main = git(shell.directory, "rev-parse", "main")

    assert "projects/churn/xgb:best is v0 now, was v1" in shell(
        "promote", "projects/churn/xgb:v0", "--to", "best"
    )
    assert "projects/churn/xgb:next is v1" in shell("alias", "add", "projects/churn/xgb:v1", "next")
    assert "Removed projects/churn/xgb:next" in shell("alias", "remove", "projects/churn/xgb", "next")
    assert "projects/churn/xgb:v0: tagged fast" in shell("tag", "add", "projects/churn/xgb:v0", "fast")
    assert "projects/churn/xgb: tagged trees" in shell("tag", "add", "projects/churn/xgb", "trees")
    assert "metrics.gap = 0.1" in shell("annotate", "projects/churn/xgb:v1", "gap=0.1")
    assert "Unlinked projects/churn/xgb:v1" in shell("unlink", "projects/churn/xgb:v1")
    assert "projects/churn" in shell("edit", "projects/churn", "--description", "Who will leave.")
    assert shell("show", "projects/churn").splitlines()[1] == "description\tWho will leave."
    assert "Deleted projects/churn/xgb; " in shell("delete", "projects/churn/xgb", "--yes")

    assert git(shell.directory, "rev-parse", "main") == main
    assert git(shell.directory, "status", "--porcelain") == ""
    assert [one["path"] for one in shell.json("list", "projects/churn")] == ["projects/churn/features"]


def test_one_commit_is_on_one_branch(logged_there):
    words = ("promote", "projects/churn/xgb:v0", "model/churn:v0", "--to", "staging")
    assert "on different branches" in logged_there.error(*words, code=2)["message"]


def test_what_is_not_there_is_named_as_it_was_typed(logged_there):
    shell = logged_there
    expected = {
        "projects/chrun": "did you mean churn?",
        "projects/churn/xgbb": "did you mean projects/churn/xgb?",
        "projects/churn/runs/k": "`git registry list projects/churn/runs` shows what is there",
        "projects/churn/xgb:bset": "did you mean best?",
        "projects/churn/xgb:v9": "its versions go up to v1",
    }
    for selector, hint in expected.items():
        problem = shell.error("show", selector, code=5)
        assert problem["hint"] == hint
        assert problem["where"] in ("", "projects/churn", "projects/churn/xgb")
    conflict = shell.error("promote", "projects/churn/xgb:v0", "--to", "best", "--expect", "v0", code=6)
    assert conflict["where"].startswith("projects/churn/xgb")


def test_questions_about_what_is_in_a_project(logged_there):
    shell = logged_there
    assert shell("resolve", "projects/churn/xgb:best").startswith("memory://acme/sha256/")
    assert shell.json("resolve", "projects/churn/xgb:best")["path"] == "projects/churn/xgb:v1"
    compared = shell("compare", "projects/churn/xgb:v0", "projects/churn/xgb:best", "model/churn:v0")
    assert compared.splitlines()[0].split("\t")[2:5] == [
        "projects/churn/xgb:v0",
        "projects/churn/xgb:v1",
        "model/churn:v0",
    ]
    series = shell.json("compare", "projects/churn/xgb", "--metric", "auc")
    assert (series["collection"], series["best"]["path"]) == ("projects/churn/xgb", "projects/churn/xgb:v1")
    assert shell.json("verify", "projects/churn")["scope"] == "projects/churn"
    assert "2 versions" in shell("verify", "projects/churn/xgb")
    assert shell("bisect", "projects/churn/xgb", "--good", "v0", "--bad", "best", "--", "false").startswith(
        "The first bad version is projects/churn/xgb:v1, linked by"
    )
    shell("download", "projects/churn/xgb:v0", "there")
    assert (shell.directory / "there/xgb.bin").read_text() == "first trees"
    assert "projects/churn/features:v0" in shell("show", "projects/churn/xgb:v0")


def test_searching_in_a_project(logged_there):
    shell = logged_there
    found = shell("search", "--project", "churn", "--where", "metrics.auc > 0.9", "--order", "metrics.auc")
    assert [line.split("\t")[0] for line in found.splitlines()] == [
        "projects/churn/xgb:v0",
        "projects/churn/xgb:v1",
    ]
    best = shell.json("search", "--project", "churn", "--alias", "best")
    assert [(one["path"], one["project"], one["metrics"]) for one in best] == [
        ("projects/churn/xgb:v1", "churn", {"auc": 0.94})
    ]
    words = shell.json("search", "--project", "projects/churn", "xgb")
    assert [(one["kind"], one["path"]) for one in words] == [
        ("collection", "projects/churn/xgb"),
        ("version", "projects/churn/xgb:v1"),
        ("version", "projects/churn/xgb:v0"),
    ]
    assert "projects/" not in shell("search", "xgb") + shell("search", "--where", "metrics.auc > 0")
    assert shell("search", "--project", "churn", "--tag", "eur") == ""
    assert "no version has the tag eur" in shell.err
    assert shell.error("search", "--project", "chrun", "x", code=5)["hint"] == "did you mean churn?"


def test_the_history_of_a_project(ran, golden):
    golden("projects/history.pipe.txt", _without_commits(ran("history", "projects/churn")))
    assert [one["path"] for one in _lines(ran("history", "projects/churn/xgb", "--json"))] == [
        "projects/churn/xgb"
    ] * 6
    held = ran("history", "projects/churn/xgb", "--alias", "best")
    assert held.startswith("v1\t")
    assert ran("history", "projects/churn/xgb:best").count("\n") == 1
    assert "projects/churn" not in ran("history")


def _lines(text):
    return [json.loads(line) for line in text.splitlines()]


def _without_commits(text):
    return "".join("\t".join(line.split("\t")[5:]) + "\n" for line in text.splitlines())


def test_the_past_of_a_project(logged_there, git):
    shell = logged_there
    first = ("--at", "projects/churn~1")
    assert [one["version"] for one in shell.json("list", "projects/churn/xgb", *first)] == ["v0"]
    assert shell.json("list", "projects", *first)[0]["artifacts"] == 2
    assert shell.json("list", "projects", "--at", "projects/churn~2")[0]["artifacts"] == 1
    then = _when(git, shell, "projects/churn~1")
    assert shell("resolve", "projects/churn/xgb:latest", "--at", then) == shell(
        "resolve", "projects/churn/xgb:v0"
    )
    shell("show", "projects/churn", "--at", _when(git, shell, "main"), code=5)
    assert "there was no project 'churn' yet" in shell.err
    assert shell("list", "projects", "--at", _when(git, shell, "main")) == ""


def _when(git, shell, revision):
    return git(
        shell.directory, "log", "-1", "--date=format-local:%Y-%m-%d %H:%M:%S", "--format=%cd", revision
    )


def test_on_a_projects_branch_registries_are_where_they_were(logged_there, git):
    shell = logged_there
    before = {words: shell(*words) for words in (("list",), ("list", "model/churn"), ("list", "projects"))}
    git(shell.directory, "switch", "-q", "projects/churn")
    assert shell.error("list", code=2)["hint"] == "git config registry.branch main"
    git(shell.directory, "config", "registry.branch", "main")

    assert {words: shell(*words) for words in before} == before
    assert "model/churn:staging is v1 now" in shell("promote", "model/churn:v1", "--to", "staging")
    assert "Linked model/approved:v0" in shell("link", "projects/churn/xgb:best", "model/approved")
    assert shell.json("link", "../xgb.bin", "model/approved")["path"] == "model/approved:v0"
    assert shell.json("create", "evaluation", "--type", "table")[0]["path"] == "evaluation"
    assert "projects/churn/xgb:best is v0 now" in shell("promote", "projects/churn/xgb:v0", "--to", "best")
    assert git(shell.directory, "status", "--porcelain") == ""


def test_publishing_what_was_logged(shell, git, tmp_path, capsys):
    shell("init", "acme")
    git(tmp_path, "clone", "-q", "--bare", "acme", "upstream.git")
    for name in ("ana", "bob"):
        shell("clone", "upstream.git", name, "--as", f"user:{name}")
    ana, bob = (type(shell)(tmp_path / name, capsys) for name in ("ana", "bob"))
    ana.write("../a.bin", "a")
    bob.write("../b.bin", "b")

    said = ana("log", "../a.bin", "projects/churn/xgb", "--type", "model", "--push")
    assert said.endswith("Published 1 commit to origin/projects/churn\n")
    assert "projects/churn/xgb:v0 (@" in said
    git(bob.directory, "fetch", "-q")
    assert "projects/churn/xgb:v1" in bob("log", "../b.bin", "projects/churn/xgb", "--push")
    git(ana.directory, "fetch", "-q")
    assert [one["version"] for one in ana.json("list", "projects/churn/xgb")] == ["v1", "v0"]
    assert "projects/churn/xgb:best is v1" in ana(
        "promote", "projects/churn/xgb:v1", "--to", "best", "--push"
    )


def test_completion_knows_projects(ran, monkeypatch):
    from click.shell_completion import ShellComplete

    monkeypatch.chdir(ran.directory)
    completing = ShellComplete(cli, {}, "git-registry", "_GIT_REGISTRY_COMPLETE")

    def completed(word):
        return [item.value for item in completing.get_completions(["show"], word)]

    assert completed("pro") == ["projects/"]
    assert completed("projects/c") == ["projects/churn"]
    assert completed("projects/churn/x") == ["projects/churn/xgb"]
    assert completed("projects/churn/runs/k") == ["projects/churn/runs/k3j2h1"]
    assert completed("projects/churn/xgb:") == ["projects/churn/xgb:best", "projects/churn/xgb:latest"]
    assert completed("projects/nobody/") == []
