"""A signed push, by real Git: which key it says, and what it says of one nobody knows."""

from __future__ import annotations

import os
import subprocess

import pytest

from git_registry.errors import Refused
from git_registry.hooks.identity.adapters import identify
from git_registry.policy.account import Account

RECORD = """\
#!/bin/sh
cat > /dev/null
env -0 > "$GIT_DIR/told"
"""


@pytest.fixture
def server(tmp_path, git):
    """Make a bare repository that writes down what Git tells its hook."""
    path = tmp_path / "server.git"
    git(tmp_path, "init", "-q", "--bare", path)
    git(path, "config", "receive.certNonceSeed", "seed")
    git(path, "config", "gpg.format", "ssh")
    git(path, "config", "gpg.ssh.allowedSignersFile", os.devnull)
    hook = path / "hooks" / "pre-receive"
    hook.write_text(RECORD)
    hook.chmod(0o755)
    return path


@pytest.fixture
def key(tmp_path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    return tmp_path / "key"


@pytest.fixture
def clone(make_repository, git, key):
    path = make_repository(files={"a": "1"})
    git(path, "config", "gpg.format", "ssh")
    git(path, "config", "user.signingKey", key)
    return path


def told(server):
    lines = (server / "told").read_text().split("\0")
    return dict(line.split("=", 1) for line in lines if line)


def test_a_signed_push_says_its_key_though_nobody_listed_it(server, clone, key, git):
    printed = subprocess.run(["ssh-keygen", "-l", "-f", key], check=True, capture_output=True, text=True)

    git(clone, "push", "-q", "--signed", server, "HEAD:refs/heads/main")

    assert told(server)["GIT_PUSH_CERT_SIGNER"] == ""
    assert identify("signed-push", told(server)).account == Account(key=printed.stdout.split()[1])


def test_a_push_that_is_not_signed_is_nobodys(server, clone, git):
    git(clone, "push", "-q", server, "HEAD:refs/heads/main")

    with pytest.raises(Refused, match="does not set GIT_PUSH_CERT") as caught:
        identify("signed-push", told(server))

    assert caught.value.hint == "push with `git push --signed`"
