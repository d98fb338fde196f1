"""`git registry ci event`: what a push promoted, as the hosts' pipelines are told of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ci.github import outputs, payload
from tests.cli.conftest import Shell

from git_registry.cli.answers import outputs as answers

NONE = "0" * 40
APPROVED = "Approved-by: user:ada\nApproved-by: user:bob"
MERGED = f"Merge ana/promote-churn: Promote it\n\nProposed-by: user:ana\n{APPROVED}"


@pytest.fixture
def acme(tmp_path, capsys, git, monkeypatch):
    for name in ("GITHUB_EVENT_PATH", "CI_COMMIT_SHA"):
        monkeypatch.delenv(name, raising=False)
    Shell(tmp_path, capsys)("init", "acme", "--admin", "user:ada")
    shell = Shell(tmp_path / "acme", capsys)
    for weights in ("first", "second"):
        shell.write("../model.bin", weights)
        shell("link", "../model.bin", "model/churn", "--alias", "staging")
    shell("edit", "model/churn", "--description", "Who will leave.")
    return shell


@pytest.fixture
def tip(acme, git):
    return lambda revision="HEAD": git(acme.directory, "rev-parse", revision)


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(told=st.dictionaries(st.sampled_from(["event", "name", "description", "matrix"]), texts))
def test_law_every_text_arrives_as_it_was(told):
    assert outputs("\n".join(answers.github(told)) + "\n") == told


def test_one_promotion_is_told_plainly(acme, tip):
    before = tip()
    acme("promote", "model/churn:v1", "--to", "production")

    told = outputs(acme("ci", "event", "--base", before, "--format", "github"))

    matrix = json.loads(told.pop("matrix"))
    assert matrix == {"include": [{name: told[name] for name in told if name != "count"}]}
    assert told == {
        "count": "1",
        "event": "alias-added",
        "name": "model/churn",
        "stage": "production",
        "version": "v1",
        "before": "",
        "id": acme.json("show", "model/churn:v1")["id"],
        "path": "model/churn:v1",
        "type": "model",
        "description": "Who will leave.",
        "commit": tip(),
        "proposal": "",
        "proposed_by": "",
        "approved_by": "",
    }


def test_several_promotions_are_a_matrix(acme, tip):
    before = tip()
    acme("promote", "model/churn:v1", "--to", "production")
    acme("promote", "model/churn:v0", "--to", "staging")

    told = outputs(acme("ci", "event", "--base", before, "--format", "github"))

    assert (told["count"], told["name"], told["stage"]) == ("2", "", "")
    rows = json.loads(told["matrix"])["include"]
    assert [(row["event"], row["stage"], row["before"], row["version"]) for row in rows] == [
        ("alias-added", "production", "", "v1"),
        ("alias-moved", "staging", "v1", "v0"),
    ]
    assert (
        outputs(acme("ci", "event", "--base", before, "--alias", "staging", "--format", "github"))["path"]
        == "model/churn:v0"
    )


def test_of_an_alias_that_moved_twice_the_last_move_counts(acme, tip):
    before = tip()
    acme("promote", "model/churn:v0", "--to", "production")
    acme("promote", "model/churn:v1", "--to", "production")
    (told,) = acme.json("ci", "event", "--base", before)
    assert (told["event"], told["before"], told["after"]) == ("alias-moved", "v0", "v1")

    acme("alias", "remove", "model/churn", "production")
    assert acme.json("ci", "event", "--base", before) == []
    (removed,) = acme.json("ci", "event", "--base", before, "--event", "alias")
    assert removed["event"] == "alias-removed"


def test_versions_are_told_if_asked_for_and_one_that_went_again_is_not(acme, tip):
    before = tip("HEAD~3")
    rows = json.loads(
        outputs(acme("ci", "event", "--base", before, "--event", "version-linked", "--format", "github"))[
            "matrix"
        ]
    )["include"]
    assert [(row["name"], row["path"], row["stage"]) for row in rows] == [
        ("model/churn", "model/churn:v0", ""),
        ("model/churn", "model/churn:v1", ""),
    ]

    acme("unlink", "model/churn:v0")
    (left,) = acme.json("ci", "event", "--base", before, "--event", "version-linked")
    assert left["version"] == "v1"


def test_no_text_of_anybodys_is_an_output_of_its_own(acme, tip):
    before = tip()
    hostile = "first\nstage=production\nevil<<EOF\nx\nEOF\n${{ secrets.KEY }}"
    acme("edit", "model/churn", "--description", hostile)
    acme("promote", "model/churn:v1", "--to", "production")

    first, again = (acme("ci", "event", "--base", before, "--format", "github") for _ in range(2))

    assert outputs(first)["description"] == hostile
    assert set(outputs(first)) == set(outputs(again)) >= {"count", "matrix"}
    assert first.splitlines()[0] != again.splitlines()[0]
    for line in acme("ci", "event", "--base", before, "--format", "dotenv").splitlines():
        name, _, value = line.partition("=")
        assert name in {"REGISTRY_" + one.upper() for one in outputs(first)}
        assert "evil" not in value


def test_text_and_dotenv(acme, tip):
    before = tip()
    acme("promote", "model/churn:v1", "--to", "production")

    assert acme("ci", "event", "--base", before) == f"{tip()[:10]}\tmodel/churn:production is v1\n"
    dotenv = dict(
        line.split("=") for line in acme("ci", "event", "--base", before, "--format", "dotenv").split()
    )
    assert (dotenv["REGISTRY_COUNT"], dotenv["REGISTRY_PATH"]) == ("1", "model/churn:v1")
    nothing = acme("ci", "event", "--base", "HEAD", "--format", "dotenv")
    assert nothing.startswith("REGISTRY_COUNT=0\nREGISTRY_EVENT=\n")


@pytest.fixture
def started(acme, tmp_path, monkeypatch):
    """Say what started a pipeline on GitHub."""

    def by(event, told):
        path = tmp_path / "event.json"
        path.write_text(told if isinstance(told, str) else json.dumps(told))
        monkeypatch.setenv("GITHUB_EVENT_NAME", event)
        monkeypatch.setenv("GITHUB_EVENT_PATH", str(path))

    return by


def test_the_push_is_the_one_that_github_tells_of(acme, tip, started):
    before = tip()
    acme("promote", "model/churn:v1", "--to", "production")
    after = tip()
    acme("promote", "model/churn:v0", "--to", "production")

    started("push", payload("push", BEFORE=before, AFTER=after))
    (told,) = acme.json("ci", "event")
    assert (told["after"], told["commit"]) == ("v1", after)

    started("push", payload("push", BEFORE=NONE, AFTER=after))
    assert [one["alias"] for one in acme.json("ci", "event")] == ["staging", "production"]


def test_what_is_no_push_promotes_nothing_and_says_so(acme, tip, started):
    started("pull_request", payload("pull_request"))
    assert "pull_request" in acme.error("ci", "event", code=2)["message"]
    for told in (
        payload("push", BEFORE="--all", AFTER=tip()),
        {},
        [],
        "{",
        payload("push", BEFORE=tip(), AFTER=NONE),
    ):
        started("push", told)
        acme("ci", "event", code=2)


def test_the_push_is_the_one_that_gitlab_tells_of(acme, tip, monkeypatch):
    before = tip()
    acme("promote", "model/churn:v1", "--to", "production")
    acme.error("ci", "event", code=2)

    monkeypatch.setenv("CI_COMMIT_SHA", tip())
    monkeypatch.setenv("CI_COMMIT_BEFORE_SHA", before)
    monkeypatch.setenv("CI_PIPELINE_SOURCE", "push")
    assert [one["after"] for one in acme.json("ci", "event")] == ["v1"]

    monkeypatch.setenv("CI_PIPELINE_SOURCE", "schedule")
    monkeypatch.setenv("CI_COMMIT_BEFORE_SHA", NONE)
    assert "started by schedule" in acme.error("ci", "event", code=2)["message"]

    monkeypatch.delenv("CI_PIPELINE_SOURCE")
    error = acme.error("ci", "event", code=2)
    assert (error["message"], error["where"]) == (
        "what started this pipeline is not said",
        "CI_PIPELINE_SOURCE",
    )


def test_a_push_that_rewrote_history_and_a_clone_without_it_are_said(acme, tip, git, tmp_path):
    old = tip()
    git(acme.directory, "commit", "-q", "--amend", "-m", "Another")
    assert "rewritten" in acme.error("ci", "event", "--base", old, code=6)["message"]
    acme.error("ci", "event", "--base", "f" * 40, code=5)
    acme.error("ci", "event", "--head", "HEAD", code=2)

    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{acme.directory}", "shallow")
    shallow = Shell(tmp_path / "shallow", acme._capsys)
    assert "fetch-depth: 0" in shallow.error("ci", "event", "--base", "HEAD", code=5)["hint"]


def test_a_merge_answers_for_all_that_it_brought(acme, tip, git):
    before = tip()
    git(acme.directory, "switch", "-qc", "proposal")
    acme("promote", "model/churn:v0", "--to", "production")
    acme("promote", "model/churn:v1", "--to", "production")
    git(acme.directory, "switch", "-q", "main")
    git(acme.directory, "merge", "-q", "--no-ff", "proposal", "-m", "Merge")

    (told,) = acme.json("ci", "event", "--base", before)

    assert (told["event"], told["after"], told["commit"]) == ("alias-added", "v1", tip())


def test_who_proposed_and_who_approved_are_told_as_history_tells_them(acme, tip, git):
    before = tip()
    git(acme.directory, "switch", "-qc", "proposal")
    acme("promote", "model/churn:v1", "--to", "production")
    proposed = tip()
    git(acme.directory, "update-ref", f"refs/approvals/ada/{proposed}", proposed)
    git(acme.directory, "update-ref", f"refs/approvals/bob/{proposed}", proposed)
    git(acme.directory, "switch", "-q", "main")
    git(acme.directory, "merge", "-q", "--no-ff", "proposal", "-m", MERGED)

    (told,) = acme.json("ci", "event", "--base", before)
    last = acme.json("history", "model/churn", "--limit", "1")
    row = outputs(acme("ci", "event", "--base", before, "--format", "github"))
    dotenv = acme("ci", "event", "--base", before, "--format", "dotenv").splitlines()

    credit = ("proposal", "proposed_by", "approved_by")
    assert [told[name] for name in credit] == [last[name] for name in credit]
    assert told["approved_by"] == ["user:ada", "user:bob"]
    person = told["proposed_by"]
    assert row["proposed_by"] == f"{person['name']} <{person['email']}>"
    assert (row["proposal"], row["approved_by"]) == ("ana/promote-churn", "user:ada,user:bob")
    assert json.loads(row["matrix"])["include"][0]["approved_by"] == "user:ada,user:bob"
    assert dotenv[-3:] == [
        "REGISTRY_PROPOSAL=ana/promote-churn",
        f"REGISTRY_PROPOSED_BY={person['email']}",
        "REGISTRY_APPROVED_BY=user:ada,user:bob",
    ]


@pytest.mark.parametrize(
    ("proposal", "person", "told"),
    [
        ("12", "Ana <ana@acme.example>", ["12", "ana@acme.example"]),
        ("ana/$REGISTRY_TOKEN", "Ana <$(id)@acme.example>", ["", ""]),
        ("ana/a b", "Ana <a b@acme.example>", ["", ""]),
        ("", "Ana <a<b@acme.example>", ["", "b@acme.example"]),
    ],
)
def test_a_variable_of_gitlabs_holds_nothing_that_its_runner_would_put_something_else_for(
    proposal, person, told
):
    for kind in ("model", "my $TYPE", "a<b"):
        lines = list(answers.dotenv({"type": kind, "proposal": proposal, "proposed_by": person}))

        plain = kind if kind == "model" else ""
        assert lines == [
            f"REGISTRY_TYPE={plain}",
            f"REGISTRY_PROPOSAL={told[0]}",
            f"REGISTRY_PROPOSED_BY={told[1]}",
        ]
