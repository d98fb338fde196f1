"""Verbs in processes of their own, as on the machines of several people."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import git_registry

SOURCE = str(Path(git_registry.__file__).parents[1])

PRELUDE = """
import itertools, os, sys
from datetime import UTC, datetime
from pathlib import Path
from git_registry.catalog.catalog import Catalog
from git_registry.errors import RegistryError
from git_registry.repository.repository import Repository
from git_registry.sdk import aliasing, linking, noting
from git_registry.sdk.downloading import Wish, download
from git_registry.sdk.linking import Request
from git_registry.sdk.syncing import sync

def catalog(path):
    repository = Repository.open(path)
    return Catalog(
        repository=repository, branch=repository.current_branch(), clock=lambda: datetime.now(UTC)
    )

def source(text):
    place = Path.cwd() / f"source-{os.getpid()}"
    place.write_text(text)
    return place
"""


def start(code: str, *arguments: object, cwd: Path) -> subprocess.Popen:
    """Start a process that runs this code after the prelude."""
    return subprocess.Popen(
        [sys.executable, "-c", PRELUDE + code, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": SOURCE},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(processes: list[subprocess.Popen]) -> list[str]:
    """Wait for all, and return what each printed; none may have failed."""
    said = [process.communicate() for process in processes]
    assert [(p.returncode, err) for p, (_, err) in zip(processes, said)] == [(0, "")] * len(processes)
    return [out for out, _ in said]
