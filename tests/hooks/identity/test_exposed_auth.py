"""The key that sshd let in, by the file it writes, against what ssh-keygen says of the same key."""

from __future__ import annotations

import os
import subprocess

import pytest
from tests.hooks.identity import hosts

from git_registry.errors import Refused
from git_registry.hooks.identity import exposed_auth
from git_registry.hooks.identity.adapters import identify
from git_registry.hooks.identity.pusher import Pusher
from git_registry.policy.account import Account


def keygen(*arguments):
    done = subprocess.run(["ssh-keygen", *map(str, arguments)], check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture
def make_key(tmp_path):
    def make(name="ana", kind="ed25519", *options):
        keygen("-q", "-t", kind, "-N", "", "-C", name, *options, "-f", tmp_path / name)
        return tmp_path / f"{name}.pub"

    return make


def let_in(key):
    """Return the line that sshd writes for a public key's file."""
    return "publickey " + " ".join(key.read_text().split()[:2]) + "\n"


@pytest.fixture
def told(tmp_path):
    """Ask who pushes where sshd has written some text."""

    def ask(text):
        path = tmp_path / "sshauth.Xb4Uy1"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return identify("exposed-auth", {**hosts.SSH, "SSH_USER_AUTH": str(path)})

    return ask


@pytest.mark.parametrize(
    ("kind", "options"), [("ed25519", ()), ("ecdsa", ("-b", "384")), ("rsa", ("-b", "2048"))]
)
def test_a_key_is_known_by_its_fingerprint(told, make_key, kind, options):
    key = make_key("ana", kind, *options)

    assert told(let_in(key)) == Pusher(account=Account(key=keygen("-l", "-f", key).split()[1]))


def test_what_else_was_asked_does_not_matter(told, make_key):
    key = let_in(make_key())

    assert told(f"{key}password\nkeyboard-interactive/pam\n") == told(key) == told(key + key)


def test_two_keys_are_nobody(told, make_key):
    with pytest.raises(Refused, match="let them in with 2 keys"):
        told(let_in(make_key("ana")) + let_in(make_key("bob")))


@pytest.mark.parametrize("text", ["", "password\n", "keyboard-interactive/pam\n"])
def test_without_a_key_it_is_nobody(told, text):
    with pytest.raises(Refused, match="let them in with 0 keys"):
        told(text)


def test_a_hosts_key_is_no_persons(told, make_key):
    with pytest.raises(Refused, match="with 0 keys"):
        told(let_in(make_key()).replace("publickey", "hostbased"))


def test_a_certificate_is_refused_and_says_what_to_do(told, make_key, tmp_path):
    authority, key = make_key("ca"), make_key("ana")
    keygen("-q", "-s", authority.with_suffix(""), "-I", "admin", "-n", "admin", "-V", "+1h", key)

    with pytest.raises(Refused, match="a certificate does not say whose it is") as caught:
        told(let_in(tmp_path / "ana-cert.pub"))

    assert "AuthorizedPrincipalsCommand" in caught.value.hint


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.replace("publickey", "PUBLICKEY"),
        lambda line: line.replace("publickey ", "publickey"),
        lambda line: line.rstrip("\n") + " ana\n",
        lambda line: line.replace("ssh-ed25519", "ssh-rsa"),
        lambda line: line.replace("AAAA", "AAA"),
        lambda line: line.replace("AAAA", "@@@@"),
        lambda line: "publickey ssh-ed25519 AAAA\n",
        lambda line: f"{line}\n{line}",
        lambda line: f"REG_USER=admin\n{line}",
        lambda line: line.encode() + b"\xff\n",
        lambda line: b"\0" + line.encode(),
        lambda line: line + "password\n" * exposed_auth.MAX_SIZE,
    ],
)
def test_what_sshd_does_not_write_is_refused(told, make_key, change):
    line = let_in(make_key())
    told(line)

    with pytest.raises(Refused, match="SSH_USER_AUTH"):
        told(change(line))


@pytest.mark.parametrize(
    "path", ["", "/nowhere/sshauth", "/", "/dev/stdin", "sshauth", "a\0b", "/proc/self/environ"]
)
def test_another_file_is_not_read(path, make_key, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sshauth").write_text(let_in(make_key()))

    with pytest.raises(Refused, match="SSH_USER_AUTH"):
        identify("exposed-auth", {"SSH_USER_AUTH": path})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(Refused, match="can't be read"):
        identify("exposed-auth", {"SSH_USER_AUTH": str(tmp_path / "pipe")})


def test_a_link_is_not_followed(tmp_path, make_key):
    (tmp_path / "there").write_text(let_in(make_key()))
    (tmp_path / "link").symlink_to(tmp_path / "there")

    with pytest.raises(Refused, match="can't be read"):
        identify("exposed-auth", {"SSH_USER_AUTH": str(tmp_path / "link")})
