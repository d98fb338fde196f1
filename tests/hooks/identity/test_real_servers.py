"""The adapters of the hosts that run here, asked in a real hook during a real push."""

from __future__ import annotations

import sys

import pytest

ASKING = f"""\
#!/bin/sh
cat >/dev/null
exec {sys.executable} -I -c '
import os, sys
from git_registry.errors import Refused
from git_registry.hooks.identity.adapters import identify
try:
    account = identify(sys.argv[1], os.environ).account
    print("account", [account.host, account.name, account.key, account.given])
except Refused as error:
    print("refused", error)
' "$(git config registry.identity)"
"""


@pytest.fixture
def answer(on, make_repository):
    """Have a user push to a server of a kind, and return what its hook says of them."""
    work = make_repository("work", {"README.md": "Hello\n"})

    def ask(kind, user, setting=None, *options, **environment):
        server = on(kind)
        server.configure(registry_identity=setting or server.identity)
        server.hook("pre-receive", ASKING)
        if options:
            environment["GIT_SSH_COMMAND"] = server.ssh(user, *options)
        pushed = server.git(user, work, "push", server.url(user), "HEAD:main", **environment)
        assert pushed.code == 0, pushed.said
        return pushed.remotely[-1]

    return ask


@pytest.mark.parametrize("kind", ["local", "sshd", "gitolite", "http"])
def test_a_name_that_the_server_gives(kind, answer):
    assert answer(kind, "bob") == "account ['', 'bob', '', True]"


def test_a_key_that_sshd_let_in(answer, servers):
    key = servers("exposing").fingerprints["bob"]

    assert answer("exposing", "bob") == f"account ['', '', '{key}', False]"


@pytest.mark.parametrize("kind", ["sshd", "gitolite"])
def test_a_client_that_says_who_it_is(kind, answer):
    sent = {"REG_USER": "ana", "GL_USER": "ana", "REMOTE_USER": "ana"}

    said = answer(kind, "bob", None, *(f"-oSendEnv={name}" for name in sent), **sent)

    assert said == "account ['', 'bob', '', True]"


@pytest.mark.parametrize("setting", ["gitolite", "http", "gitlab", "gitea", "signed-push"])
def test_a_server_of_another_kind_knows_nobody(setting, answer):
    sent = {"GL_USER": "ana", "REMOTE_USER": "ana", "GL_USERNAME": "ana", "GL_ID": "user-1"}

    said = answer("exposing", "bob", setting, *(f"-oSendEnv={name}" for name in sent), **sent)

    assert said.startswith(f"refused registry.identity '{setting}': nobody can tell who pushes")
