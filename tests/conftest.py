"""Every test is alone with Git: no configuration, identity, cache or repository of whoever runs it."""

from __future__ import annotations

import itertools
import os
import subprocess

import pytest
from tests import repeating

CONFIG = """\
[user]
    name = Ada Lovelace
    email = ada@example.org
[init]
    defaultBranch = main
[advice]
    detachedHead = false
"""

KEPT = ("GIT_EXEC_PATH", "GIT_SSH")


def pytest_addoption(parser):
    parser.addoption("--campaign", action="store_true", help="also run the long campaigns")


def pytest_collection_modifyitems(config, items):
    # The README is one test, longer than any: no worker begins it when there is nothing left for the others.
    items.sort(key=lambda item: item.path.name != "test_readme.py")
    if config.getoption("--campaign"):
        return
    for item in items:
        if item.get_closest_marker("campaign"):
            item.add_marker(pytest.mark.skip(reason="only with --campaign"))


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    repeating.begin(campaign=config.getoption("--campaign"))
    # Before any test module is imported: libgit2 asks for the home directory once, when it is loaded.
    # In pytest's directory, which it removes some time even if it was killed.
    home = config._tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(CONFIG)
    patch = pytest.MonkeyPatch()
    for name in list(os.environ):
        if (name.startswith("GIT_") and name not in KEPT) or name == "EMAIL":
            patch.delenv(name)
    for name, value in {
        "HOME": home,
        "XDG_CONFIG_HOME": home / "config",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_DATA_HOME": home / "data",
        "XDG_STATE_HOME": home / "state",
        "GIT_CONFIG_GLOBAL": home / ".gitconfig",
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_REGISTRY_CACHE": home / "cache" / "blobs",
    }.items():
        patch.setenv(name, str(value))
    config.add_cleanup(patch.undo)


@pytest.fixture(scope="session")
def _new_places(tmp_path_factory):
    """Directories nobody had yet, by a count: `mktemp` looks at all there are, and they are two a test."""
    top = tmp_path_factory.mktemp("places")
    return (top / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _own_places(_new_places, monkeypatch):
    # What is killed leaves something behind.
    for name in ("GIT_REGISTRY_CACHE", "TMPDIR"):
        place = next(_new_places)
        place.mkdir(mode=0o700)
        monkeypatch.setenv(name, str(place))


@pytest.fixture
def git():
    """Run git in a directory and return what it printed, without the last line end."""

    def run(directory, *args, input=None, code=0, env=None):  # noqa: A002 - as subprocess calls it
        done = subprocess.run(
            ["git", *map(str, args)],
            cwd=directory,
            input=input.encode("utf-8", "surrogateescape") if isinstance(input, str) else input,
            stdin=subprocess.DEVNULL if input is None else None,
            capture_output=True,
            env={**os.environ, **(env or {})},
        )
        assert done.returncode == code, done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    return run


@pytest.fixture
def make_repository(tmp_path, git):
    """Make a repository with one commit of the given files, or none, and return its path."""

    def make(name="repo", files=None, *options):
        directory = tmp_path / name
        git(tmp_path, "init", "-q", *options, directory)
        for path, content in (files or {}).items():
            place = directory / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode() if isinstance(content, str) else content)
        if files:
            git(directory, "add", "--all")
            git(directory, "commit", "-q", "-m", "First")
        return directory

    return make


@pytest.fixture(scope="module")
def listener():
    """Whoever gets what automations send, for all tests of a module."""
    from tests.sdk.receiver import listening

    with listening() as receiver:
        yield receiver


@pytest.fixture
def receiver(listener):
    """The same, as it was in the beginning."""
    listener.forget()
    return listener


@pytest.fixture
def secret(monkeypatch):
    """What deliveries to it are signed with, in the environment."""
    from tests.sdk.receiver import NAME, SECRET

    monkeypatch.setenv(NAME, SECRET)
