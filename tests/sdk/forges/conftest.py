"""A proposal that is published, and somebody whom a forge can be asked by."""

from __future__ import annotations

import json
import os
import stat
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.sdk.conftest import clone, desk, upstream
from tests.sdk.once import once
from tests.sdk.ssh_host import Host

from git_registry.sdk import aliasing, proposing
from git_registry.sdk.forges.asking import Wording, announced, ask

from . import servers
from .servers import PATH, serving

__all__ = ["clone", "desk", "upstream"]

BRANCH = "proposals/bob/promote-model-churn-to-production"


class Bob:
    """Whoever proposes, with what is installed where they are, and their environment."""

    def __init__(self, desk, git, environ):
        self.desk, self.git, self.environ = desk, git, environ

    def config(self, key, value):
        self.git(self.desk.path, "config", key, value)

    def propose(self, version="model/churn:v1", body="It **moves**.", name="", **wording):
        """Propose a promotion, and ask for review; return where it is, and what became of the request."""
        with self.desk.open() as catalog:
            catalog.environ = self.environ
            catalog.announced = announced
            catalog = proposing.begin(catalog, name)
            placed = aliasing.promote(catalog, [version], "production").placed
            return placed, ask(catalog, placed, Wording(body=body, **wording))

    def asked(self, *args, **wording):
        return self.propose(*args, **wording)[1]


@once
def hosted(tmp_path, git, desk):
    """The organization on a host that is reached by ssh; return the host."""
    for number in range(3):
        desk.link(f"weights {number}")
    desk.promote("model/churn:v0", "production")
    host = Host.made(tmp_path / "host")
    git(tmp_path, "clone", "-q", "--bare", desk.path, host.top / f"{PATH}.git")
    return host


@once
def following(hosted, git, desk):
    """The desk's clone, which is Bob's, and follows the host."""
    git(desk.path, "remote", "add", "origin", f"git@git.acme.example:{PATH}.git")
    reached = {"GIT_SSH_COMMAND": str(hosted.top / "ssh")}
    git(desk.path, "fetch", "-q", "origin", env=reached)
    git(desk.path, "branch", "-q", "-u", "origin/main")
    git(desk.path, "config", "registry.user", "user:bob")


@pytest.fixture
def there(hosted, monkeypatch):
    """The repository on that host."""
    monkeypatch.setenv("GIT_SSH_COMMAND", str(hosted.top / "ssh"))
    return hosted.top / f"{PATH}.git"


@pytest.fixture
def bin(following, tmp_path):  # noqa: A001 - as everybody calls it
    """A directory on PATH, where nothing is yet."""
    place = tmp_path / "bin"
    place.mkdir()
    return place


@pytest.fixture
def bob(following, there, desk, git, bin, monkeypatch, request):  # noqa: A002
    """Bob, where no forge's tool is installed, and no token set."""
    monkeypatch.setenv("PATH", f"{bin}{os.pathsep}{os.environ['PATH']}")
    # Each test is a session of its own: what a tool was asked once in another is asked anew.
    return Bob(desk, git, {"PATH": str(bin), "TERM_SESSION_ID": request.node.nodeid})


class Installed:
    """A tool that is installed, and what its forge holds."""

    def __init__(self, place, name):
        self._state = place / "state.json"
        nothing = {"requests": [], "writes": 0, "down": "", "race": None, "hosts": []}
        self._state.write_text(json.dumps({**nothing, "says": "", "logins": 0, "tokens": []}))
        tool = place / name
        source = Path(__file__).with_name("tools.py").read_text()
        tool.write_text(f"#!{sys.executable}\n{source}")
        tool.chmod(tool.stat().st_mode | stat.S_IXUSR)

    def __getattr__(self, name):
        return json.loads(self._state.read_text())[name]

    def set(self, **values):
        self._state.write_text(json.dumps(json.loads(self._state.read_text()) | values))

    def fail(self):
        self.set(down="HTTP 401: Bad credentials sesame")


@pytest.fixture
def install(bin, bob):  # noqa: A002
    """Install one of the tools."""

    def make(name):
        return Installed(bin, name)

    return make


class Serving:
    """An API that is served, with the same to ask it as `Installed`."""

    def __init__(self, forge):
        self.forge = forge

    def __getattr__(self, name):
        return getattr(self.forge, name)

    def set(self, **values):
        for name, value in values.items():
            setattr(self.forge, name, value)

    def fail(self):
        self.forge.broken = (401, {}, b'{"message": "Bad credentials"}')


TOKENS = {"github": "GH_TOKEN", "gitlab": "GITLAB_TOKEN", "gitea": "GITEA_TOKEN"}


@pytest.fixture
def serve(bob):
    """Serve one of the APIs, with a token for it."""
    with ExitStack() as stack:

        def make(name):
            forge = stack.enter_context(serving(getattr(servers, name)))
            bob.config("registry.web", f"{forge.page}.git")
            bob.config("registry.forge", name)
            bob.environ[TOKENS[name]] = "sesame"
            return Serving(forge)

        yield make


CLIENTS = ("gh", "glab", "github", "gitlab", "gitea")


@pytest.fixture(params=CLIENTS)
def client(request):
    """What a forge is asked by: its tool, or its API."""
    return request.param


@pytest.fixture
def forge(client, install, serve, bob):
    """A forge, and what it is asked by; none may be asked what is not documented."""
    if client in TOKENS:
        made = serve(client)
        yield made
        assert made.wrong == []
        return
    bob.config("registry.forge", "github" if client == "gh" else "gitlab")
    yield install(client)
