"""The one place that runs the git binary."""

from __future__ import annotations

import os
import subprocess
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from git_registry.errors import RegistryError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REDIRECTING = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_CONFIG",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
)
"""What `git rev-parse --local-env-vars` lists, without what `git -c` sets: that is the user's wish.

And what would have git read the paths we give it as patterns.
"""

READING = {"GIT_NO_LAZY_FETCH": "1"}
"""A question never reaches for the network, not even in a partial clone (git 2.45; harmless before)."""


class GitFailed(RegistryError):
    """Git did not do what it was asked; the message is its own."""

    kind = "git"


class TookTooLong(GitFailed):
    """Git was not done in time."""


class Output(NamedTuple):
    """What a run of git left behind."""

    code: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        """Its standard output as text, without the last line end."""
        return self.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")


def without_redirection(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without the variables that would point git at another repository."""
    return {name: value for name, value in environ.items() if name not in REDIRECTING}


class Git:
    """The git binary, pointed at one repository, or at none.

    The locale is C, so that its words are the same everywhere; replace refs are ignored (they can
    show another content than the one that is signed and pushed); whether it may ask for a
    password stays the user's decision.
    """

    def __init__(
        self,
        gitdir: Path | None = None,
        work_tree: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.gitdir = gitdir
        self.work_tree = work_tree
        self.environment = without_redirection(os.environ) if environment is None else environment

    def run(
        self,
        *args: str,
        input: bytes | None = None,  # noqa: A002 - as subprocess calls it
        check: bool = True,
        env: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Output:
        """Run git to its end; raise `GitFailed` in its own words if `check` and it failed.

        Raises:
            TookTooLong: it took more than so many seconds, and was ended.
        """
        feed: dict[str, Any] = {"stdin": subprocess.DEVNULL} if input is None else {"input": input}
        feed |= {"env": self._env(env), "cwd": self._cwd}
        try:
            done = subprocess.run(
                self._command(args), capture_output=True, check=False, timeout=seconds, **feed
            )
        except FileNotFoundError:
            raise self._absent() from None
        except subprocess.TimeoutExpired:
            raise TookTooLong(f"it did not answer within {seconds:g} seconds") from None
        output = Output(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip())
        if check and output.code != 0:
            raise failed(args, output.stderr, output.code)
        return output

    def spawn(
        self,
        *args: str,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
        stderr: int | IO[bytes] = subprocess.DEVNULL,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start git and return it while it runs, its standard output a pipe."""
        try:
            return subprocess.Popen(
                self._command(args),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=self._env(env),
                cwd=self._cwd,
            )
        except FileNotFoundError:
            raise self._absent() from None

    def _command(self, args: tuple[str, ...]) -> list[str]:
        where = [f"--git-dir={self.gitdir}"] if self.gitdir else []
        if self.work_tree:
            where.append(f"--work-tree={self.work_tree}")
        return ["git", *where, *args]

    def _env(self, extra: Mapping[str, str] | None) -> dict[str, str]:
        ours = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_REPLACE_OBJECTS": "1"}
        return {**self.environment, **ours, **(extra or {})}

    @property
    def _cwd(self) -> Path | None:
        return self.work_tree or self.gitdir

    def _absent(self) -> RegistryError:
        where = self._cwd
        if where is not None and not where.is_dir():
            return UsageError(f"{where} is gone")
        return UsageError("the `git` command is not installed", hint="install Git 2.31 or newer")


def ask(
    program: str, *args: str, told: bytes, seconds: float = 10, environ: Mapping[str, str] = os.environ
) -> Output:
    """Run another program that Git asks, too, and return what it says; a code of 127 if it isn't there."""
    try:
        done = subprocess.run(
            [program, *args],
            input=told,
            capture_output=True,
            check=False,
            timeout=seconds,
            env={**environ, "LC_ALL": "C"},
        )
    except subprocess.TimeoutExpired:
        return Output(127, b"", f"it did not answer within {seconds:g} seconds")
    except OSError as error:
        return Output(127, b"", str(error))
    return Output(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip())


def failed(args: tuple[str, ...], stderr: str, code: int) -> GitFailed:
    """Return the error for a run that ended badly: git's words, or which command it was."""
    verb = next((arg for arg in args if not arg.startswith("-")), "")
    return GitFailed(stderr.removeprefix("fatal: ") or f"git {verb} ended with status {code}")
