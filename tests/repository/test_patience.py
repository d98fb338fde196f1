"""A remote that accepts a connection and says nothing keeps nobody waiting for ever."""

from __future__ import annotations

import socket

import pytest

from git_registry.errors import NetworkError
from git_registry.repository import patience
from git_registry.repository.remote import advertised, clone, fetch
from git_registry.repository.repository import Repository


@pytest.fixture
def silent():
    """The port of a server that takes connections, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def ours(make_repository, monkeypatch):
    monkeypatch.setattr(patience, "SECONDS", 1)
    for name in ("GIT_SSH_COMMAND", "GIT_SSH"):
        monkeypatch.delenv(name, raising=False)
    return make_repository("ours")


@pytest.mark.parametrize("scheme", ["http", "git", "ssh"])
def test_who_asks_a_silent_remote_is_told(ours, silent, scheme):
    url = f"{scheme}://127.0.0.1:{silent}/there.git"

    with pytest.raises(NetworkError):
        advertised(Repository.open(ours), url)


def test_a_silent_remote_is_neither_fetched_nor_cloned(ours, silent, tmp_path):
    url = f"http://127.0.0.1:{silent}/there.git"

    with pytest.raises(NetworkError, match="Operation too slow"):
        fetch(Repository.open(ours), url)
    with pytest.raises(NetworkError, match="Operation too slow"):
        clone(url, tmp_path / "clone")


@pytest.mark.parametrize("key", ["http.lowSpeedLimit", "http.lowSpeedTime"])
def test_what_the_user_set_counts(ours, git, key):
    repository = Repository.open(ours)
    assert patience.options(repository.config, {}) == (
        *("-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=1"),
    )
    assert patience.environment(repository.config, {}) == {"GIT_SSH_COMMAND": "ssh -o ConnectTimeout=1"}
    assert patience.options(repository.config, {"GIT_HTTP_LOW_SPEED_TIME": "9"}) == ()
    assert patience.environment(repository.config, {"GIT_SSH": "plink"}) == {}
    assert patience.environment(repository.config, {"GIT_SSH_COMMAND": "ssh -4"}) == {}

    git(ours, "config", key, "1000")
    git(ours, "config", "core.sshCommand", "ssh -6")

    repository = Repository.open(ours)
    assert patience.options(repository.config, {}) == ()
    assert patience.environment(repository.config, {}) == {}
