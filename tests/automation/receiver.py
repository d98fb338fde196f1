"""A receiver on loopback, which remembers what it got."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver(ThreadingHTTPServer):
    """It takes what it gets, unless it is told to say something else.

    Attributes:
        got: how often each delivery came, by its id.
        says: the status it answers with, by the path it is asked at and, at last, ever after.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Asked)
        self.got = Counter()
        self.says = {}
        self._lock = threading.Lock()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def taken(self, path, delivery):
        """Remember a delivery, and return the status to answer with."""
        with self._lock:
            self.got[delivery] += 1
            left = self.says.get(path, [204])
            return left.pop(0) if len(left) > 1 else left[0]

    def handle_error(self, request, client_address):
        """Say nothing of who was killed while it spoke."""


class _Asked(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.server.taken(self.path, self.headers["webhook-id"]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def listening():
    """Start a receiver, and stop it in the end."""
    with Receiver() as receiver:
        thread = threading.Thread(target=receiver.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield receiver
        finally:
            receiver.shutdown()
            thread.join()
