"""A small server on this machine that takes what it is sent, after a look at its signature; and its time."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from standardwebhooks.webhooks import Webhook

from git_registry.sdk.dispatching import Timing

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NAME = "REG_WH_DEPLOY"
DEPLOY = "model/churn/automations/deploy.yaml"
_LONG = 60.0  # no test waits so long, but one that fails


class Receiver:
    """What it got, and what it says.

    Attributes:
        got: the ids of deliveries and what they were, as (id, data).
        says: the status of its answers; the last one goes on.
        keeps_time: does it look at signatures, which are good for five minutes?
        opened: set it for answers to go out.
        asked: set once somebody waits for an answer.
    """

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/hook"
        self._taken = threading.Condition()
        self.forget()

    def forget(self) -> None:
        """Be as it was in the beginning."""
        self.got: list[tuple[str, dict[str, object]]] = []
        self.says = [204]
        self.keeps_time = True
        self.opened = threading.Event()
        self.opened.set()
        self.asked = threading.Event()

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        if self.keeps_time:
            Webhook(SECRET).verify(body, headers)
        self.asked.set()
        assert self.opened.wait(_LONG)
        with self._taken:
            self.got.append((headers["webhook-id"], json.loads(body)["data"]))
            self._taken.notify_all()
        return self.says.pop(0) if len(self.says) > 1 else self.says[0]

    def wait_for(self, count: int) -> None:
        """Wait until it got so many."""
        with self._taken:
            assert self._taken.wait_for(lambda: len(self.got) >= count, _LONG)

    def wanted(self, events: str = "[alias-added, alias-moved]") -> str:
        """Return an automation that has it told."""
        return (
            f"format: 1\nevents: {events}\naction:\n  webhook: {{url: {self.url!r}, secret: {NAME}}}\n"
        ).replace("'", '"')

    def automate(self, clone: Path) -> None:
        """Commit that automation in a clone."""
        place, git = clone / DEPLOY, working_in(clone)
        place.parent.mkdir()
        place.write_text(self.wanted())
        git("add", "--all")
        git("commit", "-qm", "Deploy")

    def allow(self, git, repository) -> None:
        """Have a server's admin allow it."""
        for key, value in {
            "registry.allowNetwork": "127.0.0.0/8",
            f"registrySecret.{NAME}.url": self.url,
            f"registrySecret.{NAME}.registry": "model",
        }.items():
            git(repository, "config", key, value)


@contextmanager
def listening() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.take(body, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.opened.set()
        server.shutdown()
        thread.join()
        server.server_close()


class Passing:
    """Time that passes only while somebody sleeps, and what happens meanwhile."""

    def __init__(self) -> None:
        self.slept = 0.0
        self.meanwhile: list[Callable[[], object]] = []
        self._began = time.time()

    def now(self) -> float:
        return self._began + self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        if self.meanwhile:
            self.meanwhile.pop()()

    @property
    def timing(self) -> Timing:
        return Timing(self.now, self.sleep)


def working_in(place: Path) -> Callable[..., str]:
    """Return git in a directory, for what is told once a module."""

    def git(*words: object) -> str:
        done = subprocess.run(["git", *map(str, words)], cwd=place, check=True, capture_output=True)
        return done.stdout.decode().strip()

    return git
