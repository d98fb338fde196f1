"""One server of each kind for all tests, one new repository on it for each test."""

from __future__ import annotations

import re
from contextlib import ExitStack
from functools import partial

import pytest
from tests.flows.servers.gitolite import Gitolite
from tests.flows.servers.http import Http
from tests.flows.servers.local import Local
from tests.flows.servers.sshd import Exposing, Sshd

KINDS = {
    "local": partial(Local, is_noting=True),
    "sshd": Sshd,
    "exposing": Exposing,
    "gitolite": Gitolite,
    "http": Http,
}


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    """Start a server of a kind when it is first asked for."""
    with ExitStack() as until_the_end:
        started = {}

        def start(kind):
            if kind not in started:
                server = KINDS[kind](tmp_path_factory.mktemp(kind))
                started[kind] = until_the_end.enter_context(server.serving())
            return started[kind]

        yield start


@pytest.fixture
def on(servers, request):
    """Return the server of a kind, with an empty repository for this test alone."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")

    def server(kind):
        started = servers(kind)
        started.new_repository(name)
        return started

    return server
