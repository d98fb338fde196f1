"""Whatever moment a dispatcher is killed at, nothing is lost, and what comes twice has the same id.

Real requests to a real receiver; real kills.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path

import pytest
from tests.repeating import times

from git_registry.automation.draining import Drained, drain
from git_registry.automation.queue import Queue
from git_registry.automation.queued import DELIVERED
from git_registry.automation.sending import send
from git_registry.automation.server import Server

from .dying import deliveries
from .receiver import listening

KILLED = -signal.SIGKILL
LONG = 60
UNKNOWN = 64 + 4
"""Tries of which a dispatcher may not know yet what became of them."""


@pytest.fixture
def receiver():
    with listening() as one:
        yield one


@contextmanager
def dispatching(receiver, each):
    """Return what starts a dispatcher, which may be killed, and says how it ended."""
    command = [sys.executable, Path(__file__).with_name("dying.py"), receiver.url, str(each)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def dispatch(file, step=0, seconds=LONG):
        process.stdin.write(f"{file} {step} {seconds}\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    with process:
        yield dispatch


def require_all(receiver, file, each):
    """Assert that everything was delivered, is known to be, and came by its name."""
    ids = {one.id for one in deliveries(receiver.url, each)}
    assert set(receiver.got) == ids
    with Queue.open(file) as queue:
        assert {one.id: one.state for one in queue.deliveries(most=-1)} == dict.fromkeys(ids, DELIVERED)


def test_at_every_step(receiver, tmp_path):
    """One of the receivers fails at first. What is written down together is not always the same."""
    each, chance, ends = 2, random.Random(7), Counter()
    with dispatching(receiver, each) as dispatch:
        receiver.says["/1"] = [503, 204]
        steps = dispatch(tmp_path / "whole.db")["steps"]
        assert steps > 50
        for step in chance.sample(range(1, steps), times(8, steps - 1)):
            receiver.got.clear()
            receiver.says["/1"] = [503, 204]
            file = tmp_path / f"{step}.db"

            ends[dispatch(file, step)["ended"]] += 1
            assert dispatch(file)["ended"] == 0

            require_all(receiver, file, each)

    assert set(ends) <= {KILLED, 0}
    assert ends[KILLED] > ends[0]


def test_again_and_again(receiver, tmp_path):
    """Dispatchers of which none lives long get everything there."""
    each, chance, kills = times(60, 300), random.Random(11), 0
    file = tmp_path / "queue.db"
    with dispatching(receiver, each) as dispatch:
        while dispatch(file, seconds=chance.uniform(0.0, 0.02 + kills / 100))["ended"] == KILLED:
            kills += 1

    assert kills > 1
    require_all(receiver, file, each)
    assert receiver.got.total() <= 3 * each + UNKNOWN * kills


def test_many(receiver, tmp_path):
    """Ten thousand in the campaign."""
    each = times(30, 3334)
    server = Server(directory=tmp_path, networks=(ip_network("127.0.0.0/8"),))

    def deliver(one):
        return send(one.outgoing, delivery=one.id, registry="model", server=server, now=time.time())

    with Queue.open(tmp_path / "queue.db") as queue:
        assert queue.add(deliveries(receiver.url, each), 1.0) == 3 * each
        assert drain(queue, deliver, time.time) == Drained(sent=3 * each, delivered=3 * each)

    require_all(receiver, tmp_path / "queue.db", each)
    assert set(receiver.got.values()) == {1}
