"""gitolite3 behind sshd: the same users, who may all push, as far as gitolite is concerned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tests.flows.servers.daemon import program
from tests.flows.servers.server import USERS, executable
from tests.flows.servers.sshd import Sshd

RULES = """\
repo gitolite-admin
    RW+ = ana

repo registry/[a-z0-9-]+
    C   = ana
    RW+ = {users}
"""


@dataclass
class Gitolite(Sshd):
    """gitolite, administered by ana as gitolite wants it: by push. Hooks are in LOCAL_CODE."""

    identity: ClassVar[str] = "gitolite"

    @contextmanager
    def serving(self) -> Iterator[Gitolite]:
        with super().serving():
            self._admit()
            yield self

    def prepare(self) -> None:
        super().prepare()
        (self.home / ".ssh/authorized_keys").unlink()
        self.run(program("gitolite"), "setup", "-pk", str(self.directory / "keys/ana.pub"))
        # Only now: gitolite 3.6.12 takes admin pushes to `master` alone, and ignores others without a word.
        self.run("git", "config", "--global", "init.defaultBranch", "main")
        settings = (self.home / ".gitolite.rc").read_text()
        settings = settings.replace("# LOCAL_CODE  ", "LOCAL_CODE  ", 1)
        (self.home / ".gitolite.rc").write_text(settings)
        self._hooks.mkdir(parents=True)

    def new_repository(self, name: str) -> Path:
        for hook in self._hooks.iterdir():
            hook.unlink()
        self.repository = self.home / f"repositories/registry/{name}.git"
        # A wild repository is made when somebody who may asks for it first.
        asked = self.git("ana", self.home, "ls-remote", self.url("ana"))
        assert asked.code == 0, asked.said
        return self.repository

    def url(self, user: str) -> str:
        return f"ssh://127.0.0.1:{self.port}/registry/{self.repository.stem}"

    def knows(self, user: str) -> str:
        return f"GL_USER={user}"

    def hook(self, name: str, text: str) -> None:
        executable(self._hooks / name, text)
        self._link_hooks()

    def protect(self, *rescue: str) -> None:
        super().protect(*rescue)
        self._link_hooks()

    @property
    def hooks(self) -> Path:
        return self.home / "local"

    @property
    def _hooks(self) -> Path:
        return self.hooks / "hooks/common"

    def _link_hooks(self) -> None:
        self.run(program("gitolite"), "setup", "--hooks-only")

    def _admit(self) -> None:
        """Give the keys and the rules to gitolite."""
        clone = self.directory / "admin"
        self._as_ana("clone", "-q", f"ssh://127.0.0.1:{self.port}/gitolite-admin", clone)
        for user in USERS:
            (clone / f"keydir/{user}.pub").write_text(self._public(user))
        (clone / "conf/gitolite.conf").write_text(RULES.format(users=" ".join(USERS)))
        self._as_ana("-C", clone, "add", "--all")
        self._as_ana("-C", clone, "commit", "-q", "-m", "Users and rules")
        self._as_ana("-C", clone, "push", "-q", "origin", "HEAD")

    def _as_ana(self, *args: object) -> None:
        done = self.git("ana", self.directory, *args)
        assert done.code == 0, done.said
