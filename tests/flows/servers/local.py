"""A repository on the same disk: only who pushes is made up, at the outermost seam; all below it is real.

In place of `git receive-pack`, the client starts a script that knows the user's name, as sshd would start a
forced command. Fast, and enough wherever the way that an identity takes is not what a test is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tests.flows.servers.server import Server, executable

from git_registry.sdk.serving.layouts import ENFORCING

SEAM = """\
#!/bin/sh
exec env -i {surroundings} REG_USER='{user}' git receive-pack "$@"
"""


@dataclass
class Local(Server):
    """A directory. Everybody has an account here, mallory too; `registry.identity` believes REG_USER.

    Attributes:
        is_noting: does it note who pushed what? That takes longer than to judge it, and few flows look there.
    """

    identity: ClassVar[str] = "env:REG_USER"
    is_noting: bool = False

    @property
    def enforcing(self) -> Sequence[str]:
        return ENFORCING if self.is_noting else ("pre-receive",)

    @contextmanager
    def serving(self) -> Iterator[Local]:
        """Make the server's home: nothing has to run."""
        self.home.mkdir(parents=True)
        yield self

    def url(self, user: str) -> str:
        return f"file://{self.repository}"

    def environment(self, user: str) -> dict[str, str]:
        # Under the URL as well: a push that names no remote takes its settings from there.
        names = ("remote.origin.receivepack", f"remote.{self.url(user)}.receivepack")
        settings = {f"GIT_CONFIG_KEY_{number}": name for number, name in enumerate(names)}
        values = {f"GIT_CONFIG_VALUE_{number}": str(self._seam(user)) for number in range(len(names))}
        return {"GIT_CONFIG_COUNT": str(len(names)), **settings, **values}

    def knows(self, user: str) -> str:
        return f"REG_USER={user}"

    def _seam(self, user: str) -> Path:
        place = self.directory / f"receive-pack-{user}"
        if not place.exists():
            surroundings = " ".join(f"{name}='{value}'" for name, value in self.surroundings.items())
            executable(place, SEAM.format(surroundings=surroundings, user=user))
        return place
