"""The installed command, typed by somebody who works in one directory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-m", "git_registry.cli")


@dataclass
class Keyboard:
    """Somebody at a keyboard.

    Attributes:
        path: the directory they work in, a clone usually.
        environment: what they have set besides what everybody has.
        said: what the last command said on stderr.
    """

    path: Path
    environment: dict[str, str] = field(default_factory=dict)
    said: str = ""

    def __call__(self, *words: object, code: int = 0) -> str:
        """Run `git registry` in a process of its own and return what it printed."""
        done = subprocess.run(
            [*COMMAND, *map(str, words)],
            cwd=self.path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**os.environ, **self.environment},
            encoding="utf-8",
        )
        self.said = done.stderr
        assert done.returncode == code, f"{done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout

    def json(self, *words: object) -> Any:
        return json.loads(self(*words, "--json"))

    def error(self, *words: object, code: int) -> Any:
        """Run it to fail, and return the error as JSON has it."""
        assert self(*words, "--json", code=code) == ""
        return json.loads(self.said)["error"]

    def git(self, *words: object, code: int = 0) -> str:
        """Run plain git there and return what it printed, stderr too."""
        done = subprocess.run(
            ["git", *map(str, words)],
            cwd=self.path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **self.environment},
            encoding="utf-8",
        )
        assert done.returncode == code, done.stdout
        return done.stdout

    def write(self, name: str, content: str = "weights") -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    def edit(self, name: str, before: str, after: str) -> None:
        """Replace a text in a file, as one does in an editor."""
        path = self.path / name
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after, 1))

    def commit(self, message: str = "By hand") -> None:
        self.git("add", "--all")
        self.git("commit", "-q", "-m", message)

    def clone(self, name: str, *options: str) -> Keyboard:
        """Clone what this one's `origin` is, beside it, with plain git."""
        self.git("clone", "-q", *options, self.git("remote", "get-url", "origin").strip(), f"../{name}")
        return Keyboard(self.path.parent / name, self.environment)

    def require_sound(self) -> None:
        """Assert that git finds every object, and that the work tree is as committed."""
        assert problems(self.git("fsck", "--full", "--strict", "--no-dangling")) == []
        assert self.git("status", "--porcelain") == ""


def problems(said: str) -> list[str]:
    """Return what git-fsck(1) found, without its progress and what merely nobody refers to."""
    quiet = ("Checking ", "dangling ", "unreachable ", "notice: ")
    return [line for line in said.splitlines() if line and not line.startswith(quiet)]


def organization(directory: Path, *options: object, **environment: str) -> Keyboard:
    """Create the organization `acme` in a directory, with a store beside it."""
    Keyboard(directory, environment)("init", "acme", "--admin", "user:ada", *options)
    return Keyboard(directory / "acme", environment)


def published(directory: Path, *options: object, **environment: str) -> Keyboard:
    """Create it, and a bare repository that it follows."""
    ada = organization(directory, *options, **environment)
    ada.git("init", "-q", "--bare", "-b", "main", "../upstream.git")
    ada.git("-C", "../upstream.git", "config", "uploadpack.allowFilter", "true")
    ada.git("remote", "add", "origin", f"file://{directory}/upstream.git")
    ada.git("push", "-q", "-u", "origin", "main")
    return ada
