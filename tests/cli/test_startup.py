"""Reading commands stand in scripts: they import little, and say the same whichever way they were parsed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from git_registry.cli import entry

NOT_NEEDED = {
    *("click", "fsspec", "pygit2", "platformdirs", "yaml", "difflib", "tempfile", "shutil", "asyncio"),
    "random",
    *("concurrent", "multiprocessing", "logging", "importlib.metadata", "email", "socket"),
    *("json", "unicodedata", "hashlib"),
    *("git_registry.store", "git_registry.sdk.clones"),
    *("git_registry.codec.strict", "git_registry.codec.canonical"),
    *("git_registry.model.diff", "git_registry.model.edits", "git_registry.model.events"),
}
"""What only writing, or an unusual document, asks for."""

NOT_NEEDED_AT_THE_TIP = NOT_NEEDED | {
    *(
        "sqlite3",
        "git_registry.index",
        "git_registry.repository.history",
        "git_registry.repository.remote",
    ),
    *(
        f"git_registry.model.documents.{kind}"
        for kind in ("access", "collection", "notes", "registry", "run")
    ),
    "git_registry.cli.shapes",
}
"""What an alias or a digest needs no more, because the tip's tree alone answers for it."""


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
def test_an_alias_and_a_digest_are_resolved_by_little(churn, words):
    assert sorted(NOT_NEEDED_AT_THE_TIP & imported(churn.directory, *words)) == []


@pytest.mark.parametrize(
    "words",
    [
        ["resolve", "model/churn:v0"],
        ["list"],
        ["list", "model/churn"],
        ["show", "model"],
        ["show", "model/churn"],
        ["show", "model/churn:staging"],
    ],
)
def test_reading_commands_need_nothing_that_writes(churn, words):
    churn("list", "model/churn")  # the index, if it is new, is made by whoever asks first
    assert sorted(NOT_NEEDED & imported(churn.directory, *words)) == []


def test_a_url_asks_for_little_more(churn, tmp_path, git, monkeypatch):
    git(tmp_path, "clone", "-q", "--bare", "acme", "upstream.git")
    monkeypatch.setenv("GIT_REGISTRY_CLONES", str(tmp_path / "clones"))
    words = ["-C", f"file://{tmp_path}/upstream.git", "resolve", "model/churn:staging"]
    churn(*words)
    loaded = imported(tmp_path, *words)
    assert "git_registry.sdk.clones" in loaded
    assert not {"click", "fsspec", "pygit2", "yaml", "platformdirs", "shutil", "hashlib"} & loaded


@pytest.mark.parametrize("words", [["history", "--limit", "3"], ["history", "model/churn", "--json"]])
def test_history_needs_no_click(churn, words):
    loaded = imported(churn.directory, *words)
    assert not {"click", "fsspec", "pygit2", "yaml", "platformdirs", "difflib"} & loaded


def test_what_a_hook_starts_after_each_push_needs_nothing_that_writes(churn):
    loaded = imported(churn.directory, "automation", "run")

    unneeded = {"pygit2", "git_registry.cli.writing", "git_registry.cli.answers", "git_registry.model.edits"}
    assert sorted(unneeded & loaded) == []


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
        ["history"],
        ["history", "--json", "--limit", "2"],
        ["history", "model/churn", "--alias", "staging"],
        ["history", "model/churn", "--event", "alias", "--event", "version"],
        ["history", "--limit", "x"],
        ["history", "--at", "HEAD~1", "--reverse"],
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
