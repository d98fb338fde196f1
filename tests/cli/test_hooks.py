"""`git registry hooks`, as the admin of a server types it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.fixture
def server(shell, git):
    git(shell.directory, "init", "-q", "--bare", "-b", "main", "acme.git")
    return shell.directory / "acme.git"


def test_hooks_are_installed_and_looked_at(shell, server):
    said = shell("hooks", "install", "acme.git", "--identity", "env:REG_USER", "--rescue", "user:ana")

    assert f"pre-receive\tput\t{server}/hooks/pre-receive\n" in said
    assert "registry.identity\tset\tenv:REG_USER\n" in said
    assert "receive.fsckObjects\tset\ttrue\n" in said
    assert "pre-receive\tthere\t" in shell("hooks", "install", "acme.git")

    said = shell("hooks", "status", "acme.git")
    assert f"pre-receive\tours\t{server}/hooks/pre-receive\n" in said
    assert "identity\tenv:REG_USER\n" in said
    assert "rescue\tuser:ana\n" in said

    said = shell("hooks", "doctor", "acme.git")
    assert "note: registry.identity: " in said
    assert f"Nothing weakens {server}\n" in said


def test_what_is_replaced_and_what_is_missing_is_told(shell, server, git):
    git(server, "symbolic-ref", "HEAD", "refs/heads/master")

    said = shell("hooks", "install", "acme.git", "--identity", "env:REG_USER")
    assert "Note: HEAD names master, which isn't there; the first push goes there, or: git -C " in said
    assert "Note: nobody may make the first push; say who: --rescue user:NAME\n" in said

    shell("hooks", "install", "acme.git", "--rescue", "user:ana", "--rescue", "bo")
    said = shell("hooks", "install", "acme.git", "--identity", "http", "--rescue", "user:bo")
    assert "registry.identity\tset, was env:REG_USER\thttp\n" in said
    assert "registry.rescue\tset, was user:ana user:bo\tuser:bo\n" in said
    assert "Note: user:ana may rescue no more: --rescue names all who may\n" in said


@pytest.mark.parametrize(
    ("identity", "accounts", "told"),
    [
        ("http", (), "given, as the adapter has it"),
        ("gitlab", (), "signup, as the adapter has it"),
        ("gitlab", ("--accounts", "given"), "given"),
    ],
)
def test_who_hands_out_names_is_told(shell, server, identity, accounts, told):
    assert "accounts\tnobody hands them out\n" in shell("hooks", "status", "acme.git")

    shell("hooks", "install", "acme.git", "--identity", identity, *accounts)

    assert f"accounts\t{told}\n" in shell("hooks", "status", "acme.git")
    assert shell.json("hooks", "status", "acme.git")["accounts"] == told.partition(",")[0]


def test_who_works_in_a_clone_is_told(acme, git):
    git(acme.directory, "config", "registry.user", "user:bob")
    assert "user\tuser:bob\n" in acme("hooks", "status")

    git(acme.directory, "config", "--unset", "registry.user")

    assert "user\tnobody says; git config registry.user user:NAME\n" in acme("hooks", "status")
    assert acme.json("hooks", "status")["user"] is None


def test_a_place_is_told_whole_on_any_terminal(shell, server, terminal, monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")

    said = shell("hooks", "install", "acme.git", "--identity", "http")
    assert f"pre-receive                   put     {server}/hooks/pre-receive\n" in said
    said = shell("hooks", "status", "acme.git")
    assert f"post-receive  ours   {server}/hooks/post-receive\n" in said


def test_here_is_where_it_works_unless_it_is_told(shell, server):
    shell("hooks", "install", "--identity", "http", "-C", server, code=2)
    shell("-C", server, "hooks", "install", "--identity", "http")
    shell.directory = server

    assert shell.json("hooks", "status")["identity"] == "http"


@pytest.fixture
def same(shell, golden):
    """Compare what a command says as JSON with a file, but for where this test runs."""

    def held(name, *words, code=0):
        said = shell("hooks", *words, "--json", code=code).replace(str(shell.directory), "<directory>")
        golden(f"hooks/{name}.json", said.replace(sys.executable, "<python>"))

    return held


def test_as_json(same, server):
    """A server that nobody prepared, one that is, and one with another's hook in the way."""
    same("doctor-nobody", "doctor", "acme.git", code=4)
    same("install", "install", "acme.git", "--identity", "signed-push", "--rescue", f"SHA256:{'x' * 43}")
    same("status", "status", "acme.git")

    (server / "hooks/pre-receive").write_text("#!/bin/sh\n")
    same("install-in-the-way", "install", "acme.git", "--identity", "gitlab", "--accounts", "given", code=6)
    same("doctor-in-the-way", "doctor", "acme.git", code=4)


def test_a_clone_as_json(acme, golden):
    for verb in ("install", "status", "doctor"):
        said = acme("hooks", verb, "--json").replace(str(acme.directory), "<directory>")
        golden(f"hooks/clone-{verb}.json", said.replace(sys.executable, "<python>"))


def test_what_weakens_it_is_told_with_what_mends_it(shell, server):
    said = shell("hooks", "doctor", "acme.git", code=4)

    assert "problem: pre-receive: nothing is there" in said
    assert f"  hint: git registry hooks install {server}\n" in said
    assert "Nothing weakens" not in said

    shell.directory = server
    shell("hooks", "install", "--identity", "http", "--rescue", "user:ana")
    assert shell.json("hooks", "doctor")["sound"] is True
    assert [one["weight"] for one in shell.json("hooks", "doctor")["symptoms"]] == ["note", "note"]


def test_a_hook_in_the_way_is_left_and_the_line_for_it_told(shell, server):
    (server / "hooks/pre-receive").write_text("#!/bin/sh\n")

    said = shell("hooks", "install", "acme.git", "--identity", "http", code=6)

    assert f"Next: add to {server}/hooks/pre-receive, as its first command: refs=$(cat); " in said
    assert "-I -m git_registry.hooks.pre_receive || exit 1" in said


@pytest.mark.parametrize(
    "words",
    [
        ("install", "acme.git"),
        ("install", "acme.git", "--identity", "ldap"),
        ("install", "acme.git", "--identity", "http", "--accounts", "signup"),
        ("install", "acme.git", "--identity", "http", "--rescue", "a na"),
        ("install", "acme.git", "--identity", "http", "--layout", "svn"),
        ("status", "https://git.example.org/acme.git"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(shell, server, words):
    assert shell.error("hooks", *words, code=2)["kind"] == "usage"


def test_where_there_is_no_repository(shell):
    assert shell.error("hooks", "status", "nowhere", code=5)["kind"] == "not-found"


def test_in_a_clone_they_are_advice(acme):
    said = acme("hooks", "install")

    assert [line.split("\t")[:2] for line in said.splitlines()] == [
        ["pre-push", "put"],
        ["pre-commit", "put"],
    ]
    assert "identity" not in acme("hooks", "status")
    assert acme("hooks", "doctor") == f"Nothing weakens {acme.directory}/.git\n"


@pytest.mark.parametrize("hook", [(), ("--update",)], ids=["pre-receive", "update"])
def test_what_is_installed_judges_a_push(acme, git, tmp_path, hook):
    """From an empty repository to a policy that holds: nobody but who may rescue makes the first push."""
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "acme.git")
    acme("hooks", "install", "../acme.git", "--identity", "env:REG_USER", "--rescue", "user:ada", *hook)
    git(acme.directory, "remote", "add", "origin", tmp_path / "acme.git")

    def push(user):
        environ = {**os.environ, "REG_USER": user}
        return subprocess.run(
            ["git", "push", "-q", "origin", "main"],
            cwd=acme.directory,
            env=environ,
            capture_output=True,
            text=True,
        )

    refused = push("mallory")
    assert refused.returncode == 1
    assert "refused: refs/heads/main" in refused.stderr
    assert "can't run here" not in refused.stderr
    assert "note: registry.rescue: user:ada may push" in acme("hooks", "doctor", "../acme.git")
    first = push("ada")
    assert first.returncode == 0, first.stderr
    acme("create", "video", "--type", "model")
    assert "mallory" in push("mallory").stderr
    assert push("ada").returncode == 0
    log = git(tmp_path / "acme.git", "log", "--format=%s", "refs/registry/pushes")
    assert log.splitlines() == ["user:ada pushed main"] * 2
