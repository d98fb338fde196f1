"""`git registry mount`, byte for byte."""

from __future__ import annotations

import pytest
from tests.sdk.ssh_host import Host

REPOSITORIES = """\
repositories:
  local: "file:///srv/secret.git"
  people: "git@git.acme.example:people.git"
  secret: "git@git.acme.example:secret.git"
"""


@pytest.fixture
def acme(acme, git, monkeypatch):
    """An organization that mounts a copy of itself, and two that nobody trusts."""
    host = Host.made(acme.directory.parent / "host")
    monkeypatch.setenv("GIT_SSH_COMMAND", str(host.top / "ssh"))
    monkeypatch.setenv("GIT_REGISTRY_CLONES", str(acme.directory.parent / "clones"))
    git(host.top, "clone", "-q", "--bare", acme.directory, "secret.git")
    organization = acme.directory / "organization.yaml"
    organization.write_text(organization.read_text() + REPOSITORIES)
    git(acme.directory, "commit", "-qam", "Mount others")
    acme("mount", "trust", "secret")
    return acme


def test_json(acme, golden):
    golden("mount/list.json", acme("mount", "--json"))
    golden("mount/trust.json", acme("mount", "trust", "secret", "--json"))
    golden("mount/forget.json", acme("mount", "forget", "secret", "--json"))


def test_text_and_what_to_do_about_what_is_not_trusted(acme, golden):
    golden("mount/list.pipe.txt", acme("mount"))

    assert acme.err == (
        "hint: local: `git config registry.mount.allow file` allows it in this clone\n"
        "hint: people: `git registry mount trust people`, if you know it\n"
    )


def test_text_on_a_terminal(acme, golden, terminal):
    golden("mount/list.terminal.txt", acme("mount"))
