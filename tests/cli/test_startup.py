"""Reading commands stand in scripts: they import little, and say the same whichever way they were parsed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from git_registry.cli import entry

NOT_NEEDED = (
    *("click", "fsspec", "pygit2", "platformdirs", "yaml", "difflib", "tempfile", "shutil", "asyncio"),
    *("concurrent", "multiprocessing", "logging", "importlib.metadata", "email", "socket"),
    "git_registry.store",
)


def imported(directory, *words):
    """Run a command in a process of its own, and return the modules it loaded."""
    code = (
        "import sys\n"
        "from git_registry.cli.entry import run\n"
        "code = run(sys.argv[1:])\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=directory, capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines())


@pytest.mark.parametrize("words", [["resolve", "model/churn:staging"], ["resolve", "model/churn@dbf98e82"]])
def test_resolve_imports_little(churn, words):
    loaded = imported(churn.directory, *words)
    assert not [one for one in NOT_NEEDED if one in loaded]


@pytest.mark.parametrize("words", [["list"], ["list", "model/churn"], ["show", "model/churn:staging"]])
def test_list_and_show_need_no_click(churn, words):
    loaded = imported(churn.directory, *words)
    assert not {"click", "fsspec", "pygit2", "yaml", "platformdirs"} & loaded


@pytest.mark.parametrize(
    "words",
    [
        ["resolve", "model/churn:staging"],
        ["resolve", "model/churn:staging", "--path", "model.bin"],
        ["resolve", "model/churn:staging", "--json"],
        ["resolve", "model/churn:nothing"],
        ["resolve", "model/churn:staging", "--path", "model.bim"],
        ["list"],
        ["list", "model"],
        ["list", "model/churn"],
        ["show", "model"],
        ["show", "model/churn"],
        ["show", "model/churn:v0"],
        ["--version"],
    ],
)
def test_both_ways_say_the_same(churn, monkeypatch, words):
    def both(*words):
        code = entry.run(words)
        return code, *churn._capsys.readouterr()

    monkeypatch.chdir(churn.directory)
    quick = both(*words)
    monkeypatch.setattr(entry, "answered", lambda words, session: False)
    assert both(*words) == quick


@pytest.mark.parametrize("option", ["-C", "GIT_REGISTRY"])
def test_another_clone(churn, monkeypatch, option, tmp_path):
    here = churn("list")
    churn.directory = tmp_path
    churn("list", code=5)
    if option == "-C":
        assert churn("-C", "acme", "list") == here
        assert churn("-C", "acme", "promote", "model/churn:v1", "--to", "staging")
    else:
        monkeypatch.setenv("GIT_REGISTRY", str(tmp_path / "acme"))
        assert churn("list") == here
