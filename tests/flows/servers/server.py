"""What all servers of the flow tests have in common: who comes, and how they run git.

A server runs as whoever runs the tests, with a home of its own, so no account is made on the machine and
none is needed; only what the client sends and what the server adds to it reaches a hook.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from tests.flows.servers.daemon import program

from git_registry.sdk.serving.installing import Installation, install
from git_registry.sdk.serving.layouts import ENFORCING, Wish
from git_registry.sdk.serving.settings import Believed

USERS = ("ana", "alice", "bob", "carol", "eve")
"""Whom every server knows. Mallory is nobody's user."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a git command ended, and all that it said."""

    code: int
    said: str

    @property
    def remotely(self) -> list[str]:
        """The lines that came from the server's hooks."""
        lines = [line for line in self.said.splitlines() if line.startswith("remote: ")]
        return [line.removeprefix("remote: ").rstrip() for line in lines]


@dataclass
class Server:
    """One server, with a bare repository at a time.

    Attributes:
        directory: everything the server has, its home included, is below it.
        identity: what `registry.identity` has to be on it.
        repository: the bare repository that was made last.
    """

    directory: Path
    identity: ClassVar[str]
    repository: Path = field(init=False)

    @property
    def home(self) -> Path:
        return self.directory / "home"

    @property
    def surroundings(self) -> dict[str, str]:
        """The environment in which the server runs git; nothing of the client's is in it."""
        return {
            "HOME": str(self.home),
            "PATH": f"{Path(program('git')).parent}:/usr/bin:/bin",
            "GIT_CONFIG_NOSYSTEM": "1",
        }

    def new_repository(self, name: str) -> Path:
        """Make an empty bare repository, and have it as `repository` from now on."""
        self.repository = self.home / f"{name}.git"
        self.run("git", "init", "-q", "--bare", "-b", "main", str(self.repository))
        return self.repository

    def url(self, user: str) -> str:
        """Return where a user finds the repository."""
        raise NotImplementedError

    def environment(self, user: str) -> dict[str, str]:
        """Return what a user's git needs besides the URL."""
        raise NotImplementedError

    def knows(self, user: str) -> str:
        """Return the line by which a hook that tells all it knows shows who the user is."""
        raise NotImplementedError

    def git(self, user: str, directory: Path, *args: object, **environment: str) -> Done:
        """Run git in a directory as a user."""
        done = subprocess.run(
            ["git", *map(str, args)],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**os.environ, **self.environment(user), **environment},
        )
        return Done(done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace"))

    def run(self, *command: str, **environment: str) -> str:
        """Run a command as the server's admin would, at the server."""
        done = subprocess.run(
            command,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env={**self.surroundings, **environment},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def configure(self, **settings: str) -> None:
        """Set what the repository's git configuration says: `registry_identity` for `registry.identity`."""
        for name, value in settings.items():
            self.run("git", "-C", str(self.repository), "config", name.replace("_", "."), value)

    def hook(self, name: str, text: str) -> None:
        """Put a hook into the repository, as the server's admin would."""
        executable(self.repository / "hooks" / name, text)

    def protect(self, *rescue: str) -> None:
        """Have every push to the repository judged, as `git registry hooks install` does.

        Automations are left to a timer, which nobody has: few flows are about them.
        """
        believed = Believed(identity=self.identity, rescue=rescue or ("user:ana",))
        wish = Wish(into=self.hooks, hooks=self.enforcing)
        done = install(self.repository, Installation(believed=believed, wish=wish))
        assert done.is_complete
        self.configure(registry_automations="timer")

    @property
    def fingerprints(self) -> Mapping[str, str]:
        """The keys of the users, where hooks are told of a key and not of a name."""
        return {}

    @property
    def enforcing(self) -> Sequence[str]:
        """The names of the hooks that it has."""
        return ENFORCING

    @property
    def hooks(self) -> Path | None:
        """Where hooks go, if it can't be told from the repository."""
        return None


def executable(place: Path, text: str) -> Path:
    place.write_text(text)
    place.chmod(0o755)
    return place
