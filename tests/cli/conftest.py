"""Commands as a person types them, in process, and what they printed held against golden files."""

from __future__ import annotations

import contextlib
import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import git_registry
from git_registry.cli import session
from git_registry.cli.entry import run
from git_registry.cli.output import Output

from .once import Kept, Told, once

GOLDEN = Path(__file__).parent / "golden"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite tests/cli/golden from what is printed"
    )


class Shell:
    """Somebody at a keyboard, in a directory."""

    def __init__(self, directory, capsys):
        self.directory = directory
        self.err = ""
        self._capsys = capsys

    def __call__(self, *words, code=0):
        """Run `git registry` and return what it printed; `err` is what it said besides."""
        self._capsys.readouterr()
        with contextlib.chdir(self.directory):
            ended = run([str(word) for word in words])
        out, self.err = self._capsys.readouterr()
        assert ended == code, f"{ended}: {out}{self.err}"
        return out

    def json(self, *words):
        return json.loads(self(*words, "--json"))

    def error(self, *words, code):
        """Run it to fail, and return the error as JSON has it."""
        assert self(*words, "--json", code=code) == ""
        return json.loads(self.err)["error"]

    def write(self, name, content="x"):
        path = Path(os.path.normpath(self.directory / name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


class Seconds:
    """A second passes between any two commands."""

    def __init__(self):
        self.passed = 0

    def __call__(self):
        self.passed += 1
        return NOON + timedelta(seconds=self.passed - 1)


@pytest.fixture(autouse=True)
def seconds(monkeypatch):
    made = Seconds()
    monkeypatch.setattr(session, "clock", made)
    return made


@pytest.fixture(autouse=True)
def _same_package(monkeypatch):
    """Processes that a test starts run the package that is tested, wherever they are."""
    monkeypatch.setenv("PYTHONPATH", str(Path(git_registry.__file__).parents[1]))


@pytest.fixture
def shell(tmp_path, capsys):
    """Nothing is there yet."""
    return Shell(tmp_path, capsys)


@pytest.fixture
def memory(monkeypatch):
    """Everything that is in memory, which is nothing yet."""
    from fsspec.implementations.memory import MemoryFileSystem

    monkeypatch.setattr(MemoryFileSystem, "store", {})
    monkeypatch.setattr(MemoryFileSystem, "pseudo_dirs", [""])
    return MemoryFileSystem


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    """What `once` keeps of a fixture."""
    return Kept(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def told(kept, tmp_path, capsys, memory, seconds):
    """What fixtures that are made once have done to this test's places."""
    return Told(kept, Shell(tmp_path, capsys), memory, seconds)


@pytest.fixture
def storyteller(told):
    """The shell that all stories are typed into, wherever `shell` is."""
    return told.shell


@once
def acme(storyteller):
    """An organization whose store is in memory, so that its documents are the same every time."""
    storyteller("init", "acme", "--store", "memory://acme", "--admin", "user:ada")
    storyteller.directory /= "acme"
    storyteller.write("../model.bin", "weights")
    return storyteller


@once
def churn(acme):
    """A model made from a data set, and a second one."""
    acme.write("../customers.csv", "customer,left\n1,0\n")
    acme("link", "../customers.csv", "dataset/customers")
    acme(
        *("link", "../model.bin", "model/churn", "--input", "dataset/customers:v0", "--alias", "staging"),
        *("--metric", "auc=0.93", "--metric", "loss=.nan", "--metadata", "framework=xgboost"),
        *("--tag", "eu", "--description", "Trained on October."),
    )
    acme.write("../model.bin", "better weights")
    acme("link", "../model.bin", "model/churn", "--metric", "auc=0.95")
    return acme


@pytest.fixture
def terminal(monkeypatch):
    """A person reads what is printed, 100 columns wide."""
    monkeypatch.setattr(Output, "is_terminal", True)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def golden(request):
    """Compare a text with a file, or rewrite the file."""

    def same(name, text):
        text = re.sub(r'("commit": ")[0-9a-f]{40}', r"\1<commit>", text)
        path = GOLDEN / name
        if request.config.getoption("--update-golden", default=False):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        assert text == path.read_text(), "run `pytest tests/cli --update-golden` if that is meant"

    return same
