"""The grammar: every command of the design is there, and teaches itself."""

from __future__ import annotations

import click
import pytest

from git_registry.cli.group import VERBS, cli
from git_registry.cli.options import Verb

GRAMMAR = {
    *("init", "clone", "demo", "create", "edit", "delete", "list", "show", "star", "log", "link", "unlink"),
    *(
        "promote",
        "tag",
        "annotate",
        "resolve",
        "download",
        "verify",
        "search",
        "compare",
        "history",
        "lineage",
    ),
    *("alias", "bisect", "sync", "mount", "check", "gc", "web"),
    "rollback",
    *("propose", "proposals", "review", "approve", "request-changes", "merge", "rollback"),
    *("access", "codeowners", "ci", "hooks", "automation"),
}


def commands():
    ctx = click.Context(cli)
    for name in VERBS:
        command = cli.get_command(ctx, name)
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", one) for inner, one in command.commands.items())
        else:
            yield name, command


COMMANDS = dict(commands())


def test_every_command_of_the_design_exists():
    assert set(VERBS) == GRAMMAR
    assert {"alias add", "alias remove", "tag add", "tag remove"} < set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches_itself(shell, name):
    command = COMMANDS[name]
    assert isinstance(command, Verb)
    said = shell(*name.split(), "--help")
    assert f"git registry {name}" in command.example
    assert command.example.splitlines()[0] in said
    assert "--json" in said
    for parameter in command.params:
        assert isinstance(parameter, click.Argument) or parameter.help, parameter.name


WRITING = ["init", "create", "edit", "delete", "log", "link", "unlink", "promote", "annotate"] + [
    f"{group} {verb}" for group in ("alias", "tag") for verb in ("add", "remove")
]


@pytest.mark.parametrize("name", WRITING)
def test_every_writing_command_can_publish(shell, name):
    assert "--push / --no-push" in shell(*name.split(), "--help")


def test_without_arguments_it_helps(shell):
    assert shell() == shell("--help")
    assert "promote" in shell()


def test_the_version(shell):
    assert shell("--version") == shell("--version", "--json") == "git-registry 0.1.0\n"


@pytest.mark.parametrize(
    ("word", "offered"),
    [("prom", {"promote"}), ("model/ch", set())],
)
def test_verbs_complete(word, offered):
    from click.shell_completion import ShellComplete

    found = ShellComplete(cli, {}, "git-registry", "_GIT_REGISTRY_COMPLETE").get_completions([], word)
    assert {one.value for one in found} == offered


def test_selectors_complete(churn, monkeypatch):
    from click.shell_completion import ShellComplete

    monkeypatch.chdir(churn.directory)
    completing = ShellComplete(cli, {}, "git-registry", "_GIT_REGISTRY_COMPLETE")

    def offered(word):
        return {one.value for one in completing.get_completions(["show"], word)}

    assert offered("mo") == {"model/"}
    assert offered("model/") == {"model/churn"}
    assert offered("model/churn:") == {"model/churn:latest", "model/churn:staging"}
    monkeypatch.chdir("/")
    assert offered("mo") == set()
