"""What git may be given as an address, if somebody else wrote it down."""

from __future__ import annotations

import pytest

from git_registry.repository.addresses import is_file, is_remote


@pytest.mark.parametrize(
    "address",
    [
        "https://git.acme.example/registry-secret.git",
        "https://git.acme.example:8443/~ana/registry%20secret.git",
        "ssh://git@git.acme.example/registry-secret.git",
        "ssh://git.acme.example:2222/srv/git/registry-secret.git",
        "ssh://git@[2001:db8::1]:22/registry-secret.git",
        "git@git.acme.example:registry-secret",
        "git@git.acme.example:/srv/git/registry-secret.git",
        "g@h:x",
        "git.acme.example:teams/nlp/registry-secret.git",
    ],
)
def test_another_machine(address):
    assert is_remote(address)
    assert not is_file(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ext::sh -c touch% /tmp/x",
        "ext::sh",
        "ext:::x",
        "fd::17/x",
        "https::https://git.acme.example/x",
        "http://git.acme.example/x",
        "git://git.acme.example/x",
        "ftp://git.acme.example/x",
        "file:///srv/x",
        "FILE:///srv/x",
        "/srv/x",
        "../x",
        "x",
        "C:/x",
        "C:x",
        "-u",
        "--upload-pack=touch /tmp/x",
        "-oProxyCommand=x:y",
        "ssh://-oProxyCommand=x/y",
        "ssh://-x@git.acme.example/y",
        "ssh://git@-x/y",
        "-x@git.acme.example:y",
        "git@-x:y",
        "git@git.acme.example:-x",
        "git@git.acme.example:",
        "git@git.acme.example://x",
        "git@git.acme.example:x y",
        "git@git.acme.example:x\n",
        "git@git.acme.example:$(x)",
        "git@git.acme.example:`x`",
        "git@git.acme.example:x;y",
        "https://git.acme.example/x y",
        "https://git.acme.example/x?token=y",
        "https:///x",
        "https://git.acme.example\\@evil.example/x",
        " https://git.acme.example/x",
        "https://git.acme.éxample/x",
    ],
)
def test_everything_else(address):
    assert not is_remote(address)


@pytest.mark.parametrize(
    "address", ["file:///srv/x y", "file://host/x", "file:x", "/srv/x", "ext::x", "file:///"]
)
def test_no_file(address):
    assert not is_file(address)


def test_a_file():
    assert is_file("file:///srv/git/registry-secret.git")
    assert not is_remote("file:///srv/git/registry-secret.git")
