"""Dispatchers that are killed, at a step or at a moment of somebody's choosing.

`python dying.py URL EACH` is started once, and forks for each line on its input, `FILE STEP SECONDS`:
a process that queues what there is to queue, and drains it, until it comes to that step or was there for so
long. It answers with how the process ended, and how many steps it came to. A step is a statement of the
queue's, or a request, before it is made and when it is answered; the 0th is none.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import threading
import time
from ipaddress import ip_network
from pathlib import Path

from git_registry.automation.draining import drain
from git_registry.automation.outgoing import Outgoing
from git_registry.automation.queue import Queue
from git_registry.automation.queued import Queued
from git_registry.automation.schedule import Pace
from git_registry.automation.sending import send
from git_registry.automation.server import Server

AUTOMATIONS = (
    "model/automations/steady.yaml",
    "model/automations/moody.yaml",
    "dataset/automations/late.yaml",
)
AT_ONCE = Pace(waits=(0.0,) * 9)


class Steps:
    """Counts steps, and ends the process at one."""

    def __init__(self, last: int) -> None:
        self.count = 0
        self._last = last
        self._lock = threading.Lock()

    def __call__(self, *_: object) -> None:
        with self._lock:
            self.count += 1
            if self.count == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


class DyingQueue(Queue):
    """A queue whose every statement is a step."""

    def watch(self, steps: Steps) -> None:
        self._connection.set_trace_callback(steps)


def deliveries(url: str, each: int) -> list[Queued]:
    """Return what there is to queue, always the same."""
    return [
        Queued(
            id=f"msg_{place}_{number}",
            automation=automation,
            place=automation.partition("/")[0],
            **dict.fromkeys(("commit", "event", "path", "subject", "at"), "x"),
            outgoing=Outgoing(url=f"{url}/{place}", body="{}"),
        )
        for place, automation in enumerate(AUTOMATIONS)
        for number in range(each)
    ]


def dispatch(url: str, file: Path, last: int, each: int) -> int:
    """Queue and drain; return how many steps it took."""
    steps = Steps(last)
    server = Server(directory=file.parent, networks=(ip_network("127.0.0.0/8"),))

    def deliver(one: Queued):
        steps()
        answered = send(one.outgoing, delivery=one.id, registry="model", server=server, now=time.time())
        steps()
        return answered

    with DyingQueue.open(file) as queue:
        queue.watch(steps)
        queue.add(deliveries(url, each), time.time())
        drain(queue, deliver, time.time, workers=4, pace=AT_ONCE)
    return steps.count


def forked(url: str, each: int, file: Path, last: int, seconds: float) -> dict[str, int]:
    """Dispatch in a process of its own, and return how it ended and how many steps it came to, if it did."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(dispatch(url, file, last, each)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        if not select.select([told], [], [], seconds)[0]:
            os.kill(child, signal.SIGKILL)
        steps = int(told.read() or 0)
    return {"ended": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "steps": steps}


def main(url: str, each: int) -> None:
    for line in sys.stdin:
        file, last, seconds = line.split()
        print(json.dumps(forked(url, each, Path(file), int(last), float(seconds))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
