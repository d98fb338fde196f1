"""Somebody's machine: a clone, a directory for scripts to run in, and the scripts that are carried over."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from git_registry.cli.entry import run

SCRIPTS = Path(__file__).parent / "scripts"


@dataclass(frozen=True)
class Machine:
    """Where scripts run, each in a process of its own, as people run them.

    Attributes:
        clone: the organization as scripts find it: a clone, or a URL.
        work: the directory they are run in, with what they read and what they write.
    """

    clone: Path | str
    work: Path

    def holds(self, **files: str) -> None:
        """Write what a script will read; `__` in a name is a directory's slash, `_` before its end a dot."""
        for name, text in files.items():
            stem, _, ending = name.replace("__", "/").rpartition("_")
            place = self.work / f"{stem}.{ending}"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)

    def runs(self, script: str, *args: str, code: int = 0, **environ: str) -> list[str]:
        """Run a script, and return the lines it printed."""
        return self._out([sys.executable, SCRIPTS / f"{script}.py", *args], code, environ).splitlines()

    def asks(self, *args: str) -> Any:
        """Ask a command, in this process, and return its JSON document."""
        said = io.StringIO()
        with contextlib.chdir(self.work), contextlib.redirect_stdout(said):
            assert run(["-C", str(self.clone), *args, "--json"]) == 0, said.getvalue()
        return json.loads(said.getvalue())

    def versions(self, selector: str) -> dict[str, list[str]]:
        """Return the aliases of each version that a collection has, the oldest version first."""
        return {one["version"]: sorted(one["aliases"]) for one in reversed(self.asks("list", selector))}

    def _out(self, command: list[str | Path], code: int, environ: dict[str, str]) -> str:
        done = subprocess.run(
            [*map(str, command)],
            cwd=self.work,
            env={**os.environ, "GIT_REGISTRY": str(self.clone), **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout
