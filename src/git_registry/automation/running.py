"""Running a command of the server's: it reads the body, and is given nothing else."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from git_registry.automation.server import Allowed

_KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
_BETWEEN = 0.05
_PIECE = 1 << 16


class Ended(NamedTuple):
    """How a command ended: its exit code, None if it was killed; and how what it printed begins."""

    code: int | None
    output: str


def run(
    command: Allowed, directory: Path, body: bytes, told: Mapping[str, str], seconds: float, most: int
) -> Ended:
    """Run a command, and kill it and its group if it takes too long.

    Args:
        command: its words; no shell reads them.
        directory: where it runs.
        body: what it reads on standard input.
        told: variables, besides those that every program needs. None of ours, which may be secrets.
        seconds: how long it may take.
        most: bytes of what it prints that are kept; the rest is read and dropped.

    Raises:
        OSError: there is no such program.
    """
    until = time.monotonic() + seconds
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    with tempfile.TemporaryFile() as given:  # who does not read a pipe would hold us
        given.write(body)
        given.seek(0)
        process = subprocess.Popen(
            command.run,
            cwd=directory,
            env={**environment, **told},
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with process:
        try:
            output = _heard(process, until, most)
            return Ended(process.poll(), output.decode("utf-8", "replace"))
        finally:
            if process.poll() is None:
                _kill(process)


def _heard(process: subprocess.Popen[bytes], until: float, most: int) -> bytes:
    """Return how what it prints begins, once it has ended or has no more time.

    What it started may go on, and hold its output open: that is not waited for.
    """
    heard, ends = b"", False
    with selectors.DefaultSelector() as ready:
        assert process.stdout is not None
        ready.register(process.stdout, selectors.EVENT_READ)
        while (left := until - time.monotonic()) > 0:
            over = process.poll() is not None
            pause = 0 if over else min(_BETWEEN, left)
            piece = None if ends else _piece(ready, pause)
            heard = (heard + (piece or b""))[:most]
            ends = ends or piece == b""
            if over and (not piece or len(heard) == most):
                break
            if ends:
                _wait(process, pause)
    return heard


def _piece(ready: selectors.BaseSelector, seconds: float) -> bytes | None:
    """Return what can be read, nothing at its end; None if there is nothing yet."""
    for one, _ in ready.select(seconds):
        return os.read(one.fd, _PIECE)
    return None


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
