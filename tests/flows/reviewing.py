"""People who review each other's proposals on one server, each in a clone of their own."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass, field
from pathlib import Path

from tests.flows.servers.server import Done, Server
from tests.flows.stepping import Work, founded
from tests.flows.steps import BASE, CHURN, FIRST, SECOND, Files, Version, alias
from tests.sdk.desk import Desk

from git_registry.cli.entry import run

MAIN = "refs/heads/main"
PRODUCTION = f"{CHURN}/aliases/production.yaml"
MOVED: Files = {PRODUCTION: alias(SECOND)}
"""What Bob proposes, who may not do it."""

APPROVED = "{approvals: {count: 1, role: admin, not_author: true}}"


def gated(*gates: str) -> Files:
    """Return the access document with these gates before production."""
    lines = "".join(f"      - {gate}\n" for gate in gates)
    text = BASE["model/access.yaml"].replace("  production: {}\n", f"  production:\n    gates:\n{lines}")
    assert text != BASE["model/access.yaml"]
    return {"model/access.yaml": text}


@dataclass
class Office:
    """An organization on a server, and who works on it.

    Attributes:
        work: where commits are made by Git alone.
        base: what the default branch began with.
    """

    directory: Path
    server: Server
    work: Work
    base: str
    desks: dict[str, Desk] = field(default_factory=dict)

    @classmethod
    def found(cls, directory: Path, server: Server, *changes: Files) -> Office:
        """Return an office whose organization is the small one with some changes."""
        directory.mkdir()
        work, base, _ = founded(directory / "work", server)
        for files in changes:
            base = work.commit(files, base)
        work.put(MAIN, base)
        return cls(directory, server, work, base)

    def desk(self, user: str, *options: str) -> Desk:
        """Return somebody's clone, which knows how they come to the server."""
        if user not in self.desks:
            path = self.directory / user
            settings = [word for pair in self._settings(user) for word in ("-c", "=".join(pair))]
            words = ("clone", "-q", *settings, *options, self.server.url(user), path)
            done = self.server.git(user, self.directory, *words)
            assert done.code == 0, done.said
            self.desks[user] = Desk(path)
        return self.desks[user]

    def _settings(self, user: str) -> list[tuple[str, str]]:
        known = self.server.environment(user)
        count = int(known.get("GIT_CONFIG_COUNT", "0"))
        pairs = [(known[f"GIT_CONFIG_KEY_{one}"], known[f"GIT_CONFIG_VALUE_{one}"]) for one in range(count)]
        if "GIT_SSH_COMMAND" in known:
            pairs.append(("core.sshCommand", known["GIT_SSH_COMMAND"]))
        me = [("registry.user", f"user:{user}"), ("user.name", user.title())]
        return [*pairs, *me, ("user.email", f"{user}@acme.example")]

    def git(self, user: str, *args: str, code: int = 0) -> str:
        """Run git in somebody's clone, and return all that it said."""
        done = self.tried(user, *args)
        assert done.code == code, done.said
        return done.said.rstrip("\n")

    def tried(self, user: str, *args: str) -> Done:
        return self.server.git(user, self.desk(user).path, *args)

    def run(self, user: str, *words: str, code: int = 0) -> str:
        """Run `git registry` in somebody's clone, and return all that it said."""
        said = io.StringIO()
        here = contextlib.chdir(self.desk(user).path)
        with here, contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            ended = run(list(words))
        assert ended == code, f"{ended}: {said.getvalue()}"
        return said.getvalue()

    def json(self, user: str, *words: str, code: int = 0):
        """Return the JSON that it printed."""
        return json.loads(self.run(user, *words, "--json", code=code))

    def look(self, user: str, name: str = "promote") -> None:
        """Have somebody review a proposal in their clone."""
        self.run(user, "review", name, "--no-blobs")

    def proposed(
        self, files: Files = MOVED, *, name: str = "promote", base: str = "", by: str = "bob"
    ) -> str:
        """Have somebody's proposal at the server, made by Git alone, and return its commit."""
        commit = self.work.commit(files, base or self.base)
        done = self.work.push(by, f"+{commit}:refs/heads/proposals/{by}/{name}")
        assert done.code == 0, done.said
        return commit

    def publish(self, files: Files) -> str:
        """Have the default branch go on by a step, and return that."""
        commit = self.work.commit(files, self.at(MAIN))
        self.work.put(MAIN, commit)
        return commit

    def at(self, ref: str) -> str:
        """Return what a ref holds at the server; empty if it is not there."""
        told = self.server.run(
            "git", "-C", str(self.server.repository), "for-each-ref", "--format=%(objectname)", ref
        )
        return told.strip()

    def refs(self, below: str) -> list[str]:
        """Return the names of the server's refs below a prefix, without that."""
        told = self.server.run(
            "git", "-C", str(self.server.repository), "for-each-ref", "--format=%(refname)", below
        )
        return [one.removeprefix(below) for one in told.split()]

    def production(self) -> Version:
        """Return what production names at the server."""
        told = self.server.run("git", "-C", str(self.server.repository), "show", f"{MAIN}:{PRODUCTION}")
        (found,) = (one for one in (FIRST, SECOND) if one.id in told)
        return found
