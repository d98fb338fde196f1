"""How commands fail: the exit code, where, what next, and never more than is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from git_registry.cli import entry
from git_registry.cli.output import Output
from git_registry.errors import InvalidDocument


def test_an_unexpected_failure_is_one_line(churn, monkeypatch):
    def broken(words, session):
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr(entry, "answered", broken)
    churn("list", code=1)
    assert churn.err.splitlines() == [
        "error: unexpected: ZeroDivisionError: division by zero",
        "hint: this is a mistake in git-registry; GIT_REGISTRY_TRACEBACK=1 shows where, for a report",
    ]
    monkeypatch.setenv("GIT_REGISTRY_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        churn("list")


def test_an_interrupt_is_quiet(churn, monkeypatch):
    def interrupted(words, session):
        raise KeyboardInterrupt

    monkeypatch.setattr(entry, "answered", interrupted)
    churn("list", code=130)
    assert churn.err == ""


def test_an_interrupt_in_a_command(churn, monkeypatch):
    from git_registry.cli.commands import sync

    def interrupted(catalog, progress):
        raise KeyboardInterrupt

    monkeypatch.setattr(sync, "sync_everything", interrupted)
    churn("sync", code=130)


def test_a_reader_who_leaves_is_no_error(churn):
    for number in range(40):
        churn("create", f"registry{number}", "--description", "long " * 400)
    done = subprocess.run(
        f"{sys.executable} -m git_registry.cli list | head -c 1; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        cwd=churn.directory,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    assert done.stdout[1:] == "141\n"


def test_every_problem_of_a_document_is_printed(capsys):
    problems = (
        InvalidDocument("one", where="a.yaml:1"),
        InvalidDocument("two", where="a.yaml:2", hint="fix it"),
    )
    error = InvalidDocument("2 mistakes", where="a.yaml", problems=problems)
    Output().error(error)
    assert capsys.readouterr().err.splitlines() == [
        "error: a.yaml:1: one",
        "error: a.yaml:2: two",
        "hint: fix it",
    ]
    Output(json=True).error(error)
    shape = json.loads(capsys.readouterr().err)["error"]
    assert [one["where"] for one in shape["problems"]] == ["a.yaml:1", "a.yaml:2"]
    assert shape["kind"] == "invalid-document"


def test_errors_have_four_parts(churn):
    error = churn.error("resolve", "model/churm", code=5)
    assert error == {
        "kind": "not-found",
        "message": "there is no collection model/churm",
        "where": "",
        "hint": "did you mean model/churn?",
    }


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["nonsense"], 2),
        (["promote"], 2),
        (["--nonsense"], 2),
        (["alias"], 2),
        (["resolve"], 2),
        (["resolve", "--nonsense", "model/churn"], 2),
        (["list", "model/churn:v0"], 2),
        (["clone", "x", "--depth", "none"], 2),
        (["resolve", "a/b/c/d"], 2),
        (["link", "../model.bin", "model/churn", "--type", "dataset"], 4),
        (["show", "modle"], 5),
        (["resolve", "model/churn:v9"], 5),
        (["promote", "model/churn:v0", "--to", "staging", "--expect", "v1"], 6),
        (["clone", "/nowhere", "there"], 7),
    ],
)
def test_exit_codes(churn, words, code):
    churn(*words, code=code)
    assert churn.err.startswith("error: ")
    error = churn.error(*words, code=code)
    assert set(error) == {"kind", "message", "where", "hint"}


def test_help_can_be_asked_for_anywhere(shell):
    assert shell("alias", "--help").startswith("Usage: git registry alias")


def test_given_up(churn, monkeypatch):
    import click

    from git_registry.cli.commands import delete

    def abort(session, selector):
        raise click.Abort

    monkeypatch.setattr(delete, "_ask", abort)
    churn("delete", "model/churn", code=1)
    assert churn.err == "error: given up; nothing was changed\n"


def test_no_secret_is_repeated(acme):
    secret = "hunter2"
    for words in (
        ["clone", f"https://ana:{secret}@localhost:1/x.git", "there"],
        ["link", f"s3://key:{secret}@bucket/x", "model/churn", "--reference"],
        ["init", "../other", "--store", f"s3://key:{secret}@bucket"],
    ):
        acme(*words, "--json", code=7 if words[0] == "clone" else 3)
        assert secret not in acme.err


def test_a_terminal_without_the_letters(churn):
    churn("edit", "model/churn", "--title", "Кто уйдёт")
    done = subprocess.run(
        [sys.executable, "-m", "git_registry.cli", "list", "model"],
        cwd=churn.directory,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0
    assert b"???" in done.stdout
