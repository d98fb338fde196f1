"""OpenSSH's own sshd on loopback: a key for each user, and two ways in which a hook learns whose it was."""

from __future__ import annotations

import os
import pwd
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pytest
from tests.flows.servers.daemon import listening, program
from tests.flows.servers.server import USERS, Server, executable

ACCOUNT = pwd.getpwuid(os.geteuid()).pw_name

# What may be sent is set as carelessly as some admin has, so that a client's tries get as far as they can.
DAEMON = """\
ListenAddress 127.0.0.1
HostKey {directory}/keys/host
PidFile none
AuthorizedKeysFile {home}/.ssh/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PermitRootLogin yes
PermitUserRC no
AllowUsers {account}
AcceptEnv GIT_PROTOCOL REG_* GL_* REMOTE_USER
SetEnv {surroundings}
"""

CLIENT = """\
Host *
  User {account}
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile {directory}/known_hosts
  StrictHostKeyChecking yes
  BatchMode yes
  LogLevel ERROR
  # What it is by default, against computers yet to come, takes longer than a push.
  KexAlgorithms curve25519-sha256
"""

SHELL = """\
#!/bin/sh
# The name comes from the key's line in authorized_keys, never from the client.
unset GL_USER REMOTE_USER
export REG_USER="$1"
case "$SSH_ORIGINAL_COMMAND" in
  "git-receive-pack '"*|"git-upload-pack '"*) exec git shell -c "$SSH_ORIGINAL_COMMAND" ;;
esac
echo "only git is allowed here" >&2
exit 128
"""


@dataclass
class Sshd(Server):
    """sshd with a forced command for each key, which exports REG_USER."""

    port: int = field(init=False, default=0)
    identity: ClassVar[str] = "env:REG_USER"
    configuration: ClassVar[str] = ""

    @contextmanager
    def serving(self) -> Iterator[Sshd]:
        """Serve until the block ends."""
        self.prepare()
        command = [program("sshd"), "-D", "-e", "-f", str(self.directory / "sshd_config")]
        with listening(lambda port: [*command, "-p", str(port)], self.directory / "sshd.log") as self.port:
            host = (self.directory / "keys/host.pub").read_text()
            (self.directory / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {host}")
            yield self

    def prepare(self) -> None:
        """Make the keys, and what the daemon and the clients read."""
        _may_log_in()
        (self.home / ".ssh").mkdir(parents=True)
        (self.directory / "keys").mkdir()
        for name in ("host", *USERS, "mallory"):
            self._make_key(name)
        words = {"directory": self.directory, "home": self.home, "account": ACCOUNT}
        words["surroundings"] = " ".join(f'"{name}={value}"' for name, value in self.surroundings.items())
        (self.directory / "sshd_config").write_text(DAEMON.format(**words) + self.configuration)
        (self.directory / "ssh_config").write_text(CLIENT.format(**words))
        (self.home / ".ssh/authorized_keys").write_text(
            "".join(f'restrict,command="{self.forced(user)}" {self._public(user)}' for user in USERS)
        )

    def forced(self, user: str) -> str:
        """Return the command that a user's key is bound to."""
        return f"{executable(self.directory / 'registry-shell', SHELL)} {user}"

    def url(self, user: str) -> str:
        return f"ssh://127.0.0.1:{self.port}{self.repository}"

    def environment(self, user: str) -> dict[str, str]:
        return {"GIT_SSH_COMMAND": self.ssh(user)}

    def ssh(self, user: str, *options: str) -> str:
        """Return how a user calls ssh."""
        key = self.directory / "keys" / user
        return shlex.join(["ssh", "-F", str(self.directory / "ssh_config"), "-i", str(key), *options])

    def knows(self, user: str) -> str:
        return f"REG_USER={user}"

    def _make_key(self, name: str) -> None:
        place = self.directory / "keys" / name
        self.run(program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(place))

    def _public(self, user: str) -> str:
        return (self.directory / "keys" / f"{user}.pub").read_text()


@dataclass
class Exposing(Sshd):
    """sshd which names no user: it only tells a hook which key was used."""

    identity: ClassVar[str] = "exposed-auth"
    configuration: ClassVar[str] = "ExposeAuthInfo yes\n"

    def forced(self, user: str) -> str:
        return r"git shell -c \"$SSH_ORIGINAL_COMMAND\""

    @property
    def fingerprints(self) -> Mapping[str, str]:
        keys = {user: str(self.directory / "keys" / f"{user}.pub") for user in USERS}
        return {user: self.run("ssh-keygen", "-lf", key).split()[1] for user, key in keys.items()}

    def knows(self, user: str) -> str:
        return f"publickey {' '.join(self._public(user).split()[:2])}"


def _may_log_in() -> None:
    """Skip where sshd lets nobody in as whoever runs the tests; give root's sshd the directory it wants."""
    if os.geteuid() == 0:
        shadow = Path("/etc/shadow").read_text().splitlines()
        if any(line.startswith("root:!") for line in shadow):
            pytest.skip("root's account is locked")
        subprocess.run(["mkdir", "-p", "-m", "755", "/run/sshd"], check=True)
