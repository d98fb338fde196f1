"""What follows from a promotion, on real servers: receivers of every kind (DESIGN §8)."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections import defaultdict
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook
from tests.automation.receiving import FINE, receiving, says
from tests.flows.reviewing import APPROVED, MAIN, Office, gated
from tests.flows.steps import CHURN, SECOND
from tests.repeating import times

NAME = "bob/promote-model-churn-to-production"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
GARBAGE = b"220 smtp.acme.example ESMTP\r\n"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n\r\n"
LONG = 60.0  # nobody waits so long, but a test that fails

EVERY = ("local", "sshd", "gitolite", "http")


class Receivers:
    """Some who wait for what follows, each in its own way."""

    def __init__(self, stack):
        self._arrived = threading.Condition()
        self._count = defaultdict(int)
        self.released = threading.Event()
        self.of = {}
        wanted = {"kind": says(FINE), "late": self._late, "lying": says(GARBAGE), "hanging": self._hanging}
        wanted |= {"redirecting": self._elsewhere, "elsewhere": says(FINE), "unmerged": says(FINE)}
        for name, answer in wanted.items():
            self.of[name] = stack.enter_context(receiving(self._counted(name, answer)))
        stack.callback(self.released.set)

    def _counted(self, name, answer):
        def answering(wire):
            with self._arrived:
                self._count[name] += 1
                self._arrived.notify_all()
            answer(wire)

        return answering

    def _late(self, wire):
        wire.sendall(BUSY if self._count["late"] == 1 else FINE)

    def _hanging(self, wire):
        self.released.wait(LONG)

    def _elsewhere(self, wire):
        wire.sendall(f"HTTP/1.1 307 Over There\r\nLocation: {self.url('elsewhere')}\r\n\r\n".encode())

    def url(self, name):
        return f"http://127.0.0.1:{self.of[name].port}/hook"

    def wait(self, name, count=1):
        with self._arrived:
            assert self._arrived.wait_for(lambda: self._count[name] >= count, LONG), (name, self._count)
        return self.of[name].requests

    def automation(self, name):
        action = f'webhook: {{url: "{self.url(name)}", secret: REG_WH_DEPLOY}}'
        return f"format: 1\nevents: [ADD_ARTIFACT_ALIAS]\nmatch: {{alias: production}}\naction:\n  {action}\n"


@pytest.fixture
def receivers():
    with ExitStack() as stack:
        yield Receivers(stack)


@pytest.fixture
def office(kind, on, tmp_path, receivers):
    """An office whose server sends what is asked for, to this machine alone."""
    names = ("kind", "late", "lying", "hanging", "redirecting")
    wanted = {f"{CHURN}/automations/{name}.yaml": receivers.automation(name) for name in names}
    office = Office.found(tmp_path / "office", on(kind), gated(APPROVED), wanted)
    server = office.server
    (server.home / "secrets").write_text(f"REG_WH_DEPLOY={SECRET}\n")
    (server.home / "secrets").chmod(0o600)
    here = ("git", "-C", str(server.repository), "config")
    server.run(*here, "--unset", "registry.automations")
    server.run(*here, "registry.secretsFile", str(server.home / "secrets"))
    server.run(*here, "registry.allowNetwork", "127.0.0.0/8")
    server.run(*here, "registrySecret.REG_WH_DEPLOY.registry", "model")
    for name in receivers.of:
        server.run(*here, "--add", "registrySecret.REG_WH_DEPLOY.url", receivers.url(name))
    yield office
    ended(str(server.repository))


def ended(repository):
    """End who still waits for those that never answer: it would for a quarter of an hour."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if {repository, "automation"} <= set((process / "cmdline").read_text().split("\0")):
                os.kill(int(process.name), signal.SIGKILL)


def deliveries(office):
    """Return the state of each automation's delivery, as the server's admin is told of it."""
    command = [sys.executable, "-m", "git_registry.cli", "-C", str(office.server.repository)]
    office.server.run(*command, "automation", "run", "--stay", "1")  # or until who sends has written it down
    told = json.loads(office.server.run(*command, "automation", "deliveries", "--json"))
    return {one["automation"].rpartition("/")[2]: one["state"] for one in told}


@pytest.mark.slow
@pytest.mark.parametrize("kind", EVERY[: times(0, len(EVERY))] or ["gitolite"])
def test_what_is_promoted_is_told_to_all_who_wait_for_it(office, receivers):
    office.proposed({f"{CHURN}/automations/unmerged.yaml": receivers.automation("unmerged")}, name="unmerged")
    office.run("bob", "promote", f"{CHURN}@{SECOND.id[:8]}", "--to", "production", "--propose")
    office.look("alice", NAME)
    office.run("alice", "approve", NAME)

    office.run("bob", "merge", NAME)  # and it is not Bob who waits for those that hang

    (told,) = receivers.wait("kind")
    assert Webhook(SECRET).verify(told.body, told.headers)["type"] == "registry.alias-moved"
    data = json.loads(told.body)["data"]
    assert (data["alias"], data["id"], data["protected"]) == ("production", SECOND.id, True)
    assert data["commit"] == office.at(MAIN)

    first, again = receivers.wait("late", 2)
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    assert first.body == again.body
    for name in ("hanging", "redirecting", "lying"):
        receivers.wait(name)
    receivers.released.set()
    assert {name for name, one in receivers.of.items() if not one.requests} == {"elsewhere", "unmerged"}

    state = deliveries(office)
    assert (state["kind"], state["late"], state["redirecting"]) == ("delivered", "delivered", "dead")
    assert state["lying"] == state["hanging"] == "queued"
