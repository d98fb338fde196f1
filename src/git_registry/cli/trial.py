"""Running a person's command on a version; its exit code is the answer, as git-bisect(1) reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from git_registry.errors import NotFound, RegistryError
from git_registry.sdk.bisecting import Answer
from git_registry.sdk.views import VersionView

SKIP = 125
STOP = 126
"""From here on a code means that nothing was judged; killed by a signal, a command ends with 128 and more."""

_NOT_RUN = {126: " (a program in it can't be run)", 127: " (a program in it was not found)"}
"""What a shell ends with where it could not run something, a missing interpreter among them."""

_STDERR = 2


@dataclass(frozen=True, slots=True)
class Command:
    """A program and its first arguments; the directory of the version comes last."""

    words: tuple[str, ...]

    def require(self) -> None:
        """Check that there is such a program, before anything is downloaded for it.

        Raises:
            NotFound: there is none, or it may not be run.
        """
        if shutil.which(self.words[0]) is None:
            raise self._absent("there is no such command, or it may not be run")

    def __call__(self, view: VersionView, target: Path) -> Answer:
        """Run it on a version.

        What it prints goes to stderr: stdout is for our answer.

        Raises:
            NotFound: the system can't run it.
            RegistryError: it ended in a way that says nothing about the version.
        """
        known = {"GIT_REGISTRY_VERSION": view.path, "GIT_REGISTRY_PATH": str(target)}
        try:
            done = subprocess.run(
                [*self.words, str(target)], env={**os.environ, **known}, stdout=_STDERR, check=False
            )
        except OSError as error:
            raise self._absent(f"it can't be run: {(error.strerror or str(error)).lower()}") from None
        return self._answer(view, done.returncode)

    def _answer(self, view: VersionView, code: int) -> Answer:
        if code < 0 or code >= STOP:
            how = f"by signal {-code}" if code < 0 else f"with exit code {code}{_NOT_RUN.get(code, '')}"
            raise RegistryError(
                f"the command ended {how}, which stops the bisection",
                where=view.path,
                hint="run the same command again to go on from here; exit code 125 leaves a version out",
            )
        return Answer.GOOD if code == 0 else Answer.SKIP if code == SKIP else Answer.BAD

    def _absent(self, message: str) -> NotFound:
        return NotFound(message, where=self.words[0], hint="after `--` comes a program and its arguments")
