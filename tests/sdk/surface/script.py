"""A script somebody runs: the package in a process of its own, as it is used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent


def run(text: str, clone: Path, *args: str, code: int = 0, **environ: str) -> str:
    """Run a script beside a clone, and return what it printed."""
    directory = clone.parent / "scripts"
    directory.mkdir(exist_ok=True)
    file = directory / "script.py"
    file.write_text("import git_registry as gr\n" + dedent(text))
    done = subprocess.run(
        [sys.executable, str(file), *args],
        cwd=directory,
        env={**os.environ, "GIT_REGISTRY": str(clone), **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr
