"""Commits made by Git alone, and pushes of them by each user, to see who may."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.flows.servers.server import Done, Server
from tests.flows.steps import BASE, PROJECT, Files

DECLINED = "pre-receive hook declined"


@dataclass
class Work:
    """A repository in which steps are made, and the server that they are pushed to."""

    path: Path
    server: Server

    def commit(self, files: Files, parent: str | None = None) -> str:
        """Return a new commit that makes of its parent's files what `files` says."""
        lines = ["reset refs/heads/step", *([f"from {parent}"] if parent else []), ""]
        lines += ["commit refs/heads/step", "committer Claimed <ana@acme.example> 1790000000 +0000"]
        lines += ["data 4", "Step", *(_change(path, text) for path, text in files.items()), "done", ""]
        self.git("fast-import", "--quiet", "--done", "--force", stdin="\n".join(lines))
        return self.git("rev-parse", "refs/heads/step")

    def git(self, *args: str, stdin: str = "") -> str:
        """Run git here, and return what it says."""
        done = subprocess.run(
            ["git", *args], cwd=self.path, input=stdin, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.rstrip("\n")

    def push(self, user: str, *refs: str) -> Done:
        """Push as a user."""
        return self.server.git(user, self.path, "push", self.server.url(user), *refs)

    def at(self, ref: str) -> str:
        """Return the commit that a ref holds on the server."""
        return self.server.run("git", "-C", str(self.server.repository), "rev-parse", ref).strip()

    def put(self, ref: str, commit: str) -> None:
        """Have a ref hold a commit, as the server's admin may at the server itself."""
        here = ["git", "-C", str(self.server.repository)]
        self.server.run(*here, "fetch", "-q", str(self.path), f"+{commit}:{ref}")

    def tried(self, users: Iterable[str], commit: str, ref: str) -> Mapping[str, Done]:
        """Have each user push a commit to a ref as it is now, and return how each push ended."""
        before = self.at(ref)
        done = {}
        for user in users:
            done[user] = self.push(user, f"{commit}:{ref}")
            assert self.at(ref) == (before if done[user].code else commit)
            if not done[user].code:
                self.server.run("git", "-C", str(self.server.repository), "update-ref", ref, before)
        return done


def work(path: Path, server: Server) -> Work:
    """Make a repository to work in."""
    path.mkdir()
    made = Work(path, server)
    made.git("init", "-q", "-b", "main")
    return made


def organization(server: Server) -> Files:
    """Return the small organization, whose people a server knows by their names or by their keys."""
    identities = "".join(
        f'  user:{user}: {{ssh: ["{fingerprint}"]}}\n' for user, fingerprint in server.fingerprints.items()
    )
    return {**BASE, "organization.yaml": BASE["organization.yaml"] + identities}


def founded(path: Path, server: Server) -> tuple[Work, str, str]:
    """Have an organization and a project on a server, and return where to work, and the tips of both."""
    made = work(path, server)
    base, project = made.commit(organization(server)), made.commit(PROJECT)
    made.put("refs/heads/main", base)
    made.put("refs/heads/projects/churn", project)
    server.protect()
    return made, base, project


def _change(path: str, text: str | None) -> str:
    if text is None:
        return f"D {path}"
    return f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}"
