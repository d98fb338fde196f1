"""Programs that listen on loopback for as long as the tests run, and no longer."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"
PATIENCE = 20.0


def program(name: str) -> str:
    """Return where a program is; skip the test if it is nowhere. CI installs them all (.ci/run)."""
    found = shutil.which(name, path=PATH)
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


@contextmanager
def running(command: Sequence[str], log: Path, **options: object) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends, or whoever started it dies of anything, SIGKILL too."""
    # The kernel tells the child of its parent's death; no handler or clean-up of ours could, when killed.
    tied = [program("setpriv"), "--pdeathsig", "TERM", "--", *command]
    with log.open("ab") as written:
        process = subprocess.Popen(tied, stdout=written, stderr=written, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def listening(command: Callable[[int], Sequence[str]], log: Path, attempts: int = 5) -> Iterator[int]:
    """Run the program that `command` gives for a port, and yield the port as soon as it answers there.

    Between looking for a free port and taking it, somebody else may: then another one is tried.
    """
    port = free_port()
    with running(command(port), log, stdin=subprocess.DEVNULL) as process:
        if _answers(process, port):
            yield port
            return
    if not attempts:
        raise RuntimeError(f"{command(port)[0]} does not start:\n{log.read_text()}")
    with listening(command, log, attempts - 1) as another:
        yield another


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    while process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), PATIENCE):
            return True
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
    return False
