"""How long after a push its first delivery arrives, and how many arrive in a second when many wait.

Run it: `python tests/benchmarks/bench_automations.py [ROUNDS] [MANY]`. It makes a bare organization in a
temporary directory and pushes to it over a local path, with the hook that a server has; the receiver is a
process of its own on loopback. It gates nothing.
"""

from __future__ import annotations

import os
import socketserver
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import IO

from generated import generate

from git_registry.automation.answered import Answered
from git_registry.automation.draining import drain
from git_registry.automation.outgoing import Outgoing
from git_registry.automation.queue import Queue
from git_registry.automation.queued import Queued
from git_registry.automation.sending import send
from git_registry.automation.server import Server

MAIN = "refs/heads/main"
LOOPBACK = "127.0.0.0/8"
AUTOMATIONS = 10
HOOK = f'#!/bin/sh\nexec "{sys.executable}" -I -m git_registry.hooks.post_receive "$@"\n'


def main(rounds: int, many: int) -> None:
    # What is installed has its bytecode where it is installed.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as directory, _receiver() as (url, arrivals):
        base = Path(directory)
        _show_pushes(base, url, arrivals, rounds)
        _show_many(base, url, many)


def _show_pushes(base: Path, url: str, arrivals: IO[str], rounds: int) -> None:
    server, push = _server(base, url)
    returned, arrived = [], []
    for number in range(rounds + 1):
        tip = push(number)
        begun = time.time()
        _run(base / "work.git", "git", "push", "--quiet", str(server), f"{tip}:{MAIN}")
        returned.append(time.time() - begun)
        arrived.append(float(arrivals.readline()) - begun)
    print(f"a push returned after           {statistics.median(returned[1:]) * 1000:7.0f} ms")
    print(f"its delivery arrived after      {statistics.median(arrived[1:]) * 1000:7.0f} ms")


def _show_many(base: Path, url: str, many: int) -> None:
    server = Server(directory=base, networks=(ip_network(LOOPBACK),))

    def over_http(one: Queued) -> Answered:
        return send(one.outgoing, delivery=one.id, registry=one.registry, server=server, now=time.time())

    for name, deliver in (("sent nowhere", lambda _: Answered(status=204)), ("sent over HTTP", over_http)):
        with Queue.open(base / f"{name}.db") as queue:
            added = _clocked(lambda: queue.add(_deliveries(url, many), time.time()))
            drained = _clocked(lambda: drain(queue, deliver, time.time))  # noqa: B023 - called at once
        print(f"{many:,} {name}: {many / added:,.0f} a second queued, {many / drained:,.0f} a second drained")


def _deliveries(url: str, many: int) -> Iterator[Queued]:
    for number in range(many):
        place = f"model/collection-{number % AUTOMATIONS}"
        yield Queued(
            id=f"msg_{number}",
            automation=f"{place}/automations/deploy.yaml",
            place=place,
            commit="4be1" * 10,
            event="alias-moved",
            path=place,
            subject="alias=production",
            at="2026-11-22T20:28:34.000Z",
            outgoing=Outgoing(url=f"{url}/hook", body="{" + " " * 1000 + "}"),
        )


def _server(base: Path, url: str) -> tuple[Path, Callable[[int], str]]:
    """Return a server with one automation, and what makes a commit that starts it."""
    server = base / "acme.git"
    collection = generate(server, versions=200, collections=10)[0]
    _run(server, "git", "symbolic-ref", "HEAD", MAIN)
    for name, value in {"registry.identity": "env:REG_USER", "registry.allowNetwork": LOOPBACK}.items():
        _run(server, "git", "config", name, value)
    _run(base, "git", "clone", "--quiet", "--bare", str(server), "work.git")
    listed = _run(server, "git", "ls-tree", "--name-only", MAIN, f"{collection}/versions/").splitlines()
    version = next(Path(one).stem for one in listed if ".notes." not in one)
    action = f'format: 1\nevents: [alias-added]\naction:\n  webhook: {{url: "{url}/pushed"}}\n'
    tip = _commit(base, MAIN, f"{collection}/automations/deploy.yaml", action)
    hook = server / "hooks" / "post-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK)
    hook.chmod(0o755)
    _run(base / "work.git", "git", "push", "--quiet", str(server), f"{tip}:{MAIN}")
    tips = [tip]

    def push(number: int) -> str:
        path = f"{collection}/aliases/probe-{number}.yaml"
        tips.append(_commit(base, tips[-1], path, f"format: 1\nversion: {version}\n"))
        return tips[-1]

    return server, push


def _commit(base: Path, parent: str, path: str, text: str) -> str:
    told = (
        f"reset refs/heads/pushed\nfrom {parent}\n\ncommit refs/heads/pushed\n"
        f"committer Bob <bob@acme.example> 1790000000 +0000\ndata 4\nMove\n"
        f"M 100644 inline {path}\ndata {len(text)}\n{text}"
    )
    _run(base / "work.git", "git", "fast-import", "--quiet", "--force", stdin=told)
    return _run(base / "work.git", "git", "rev-parse", "refs/heads/pushed")


def _run(directory: Path, *command: str, stdin: str | None = None) -> str:
    environ = {**os.environ, "REG_USER": "ana"}
    done = subprocess.run(
        command, cwd=directory, env=environ, input=stdin, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _clocked(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


# The receiver


@contextmanager
def _receiver() -> Iterator[tuple[str, IO[str]]]:
    """Start a receiver, and return where it is, and what it says of each push: when it heard of that."""
    command = [sys.executable, __file__, "receive"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process.stdout
        finally:
            process.kill()


class _Asked(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        asked, length = self.rfile.readline(), 0
        while (line := self.rfile.readline().strip().lower()) != b"":
            name, _, value = line.partition(b":")
            length = int(value) if name == b"content-length" else length
        self.rfile.read(length)
        self.wfile.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        if b"/pushed" in asked:
            print(time.time(), flush=True)


class _Receiver(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


def receive() -> None:
    with _Receiver(("127.0.0.1", 0), _Asked) as receiver:
        print(f"http://127.0.0.1:{receiver.server_address[1]}", flush=True)
        receiver.serve_forever()


if __name__ == "__main__":
    if sys.argv[1:] == ["receive"]:
        receive()
    else:
        main(*(int(word) for word in [*sys.argv[1:], *("5", "10000")[len(sys.argv) - 1 :]]))
