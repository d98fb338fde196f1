"""A store that fails as it is told: a proxy on loopback in front of a real S3 server."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

Fault = Callable[["Request"], bytes | None]
"""What becomes of a request: an answer instead of the server's; None to pass it on."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks, as far as its first lines say; the body is still on its way."""

    method: str
    path: str
    client: socket.socket
    length: int


class Closed(Exception):
    """The connection ends here."""


def told(status: str, code: str) -> bytes:
    """Return an answer in S3's words."""
    body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body


@dataclass
class Faulty:
    """The proxy.

    Attributes:
        behind: the server's endpoint.
        fault: asked about each request.
        seen: method and path of each request.
    """

    behind: str
    fault: Fault = field(default=lambda _: None)
    seen: list[tuple[str, str]] = field(default_factory=list)
    endpoint: str = ""
    _ended: threading.Event = field(default_factory=threading.Event)

    def serve(self) -> Iterator[Faulty]:
        """Serve until the generator is closed."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.endpoint = f"http://127.0.0.1:{listening.getsockname()[1]}"
            threading.Thread(target=self._accept, args=[listening], daemon=True).start()
            yield self
            self._ended.set()
            listening.shutdown(socket.SHUT_RDWR)

    def hang(self) -> None:
        """Say nothing for as long as this serves."""
        self._ended.wait()
        raise Closed

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[client], daemon=True).start()

    def _answer(self, client: socket.socket) -> None:
        # A client that was killed, or a connection that is to break, ends this one only.
        with client, contextlib.suppress(OSError, Closed):
            head, rest = _head(client)
            method, path, _ = head.split(b"\r\n")[0].decode().split(" ", 2)
            request = Request(method, path, client, _length(head))
            self.seen.append((method, path))
            if b"100-continue" in head.lower():
                client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            answer = self.fault(request)
            body = _exactly(client, rest, request.length)
            answer = answer or self._passed_on(head, body)
            client.sendall(answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if method == "HEAD" else answer)

    def _passed_on(self, head: bytes, body: bytes) -> bytes:
        lines = head.split(b"\r\n")
        kept = [one for one in lines if not one.lower().startswith((b"connection:", b"expect:"))]
        host = urlsplit(self.behind)
        with socket.create_connection((host.hostname, host.port)) as server:
            server.sendall(b"\r\n".join([*kept, b"Connection: close"]) + b"\r\n\r\n" + body)
            answer = b"".join(iter(lambda: server.recv(1 << 16), b""))
        first, _, rest = answer.partition(b"\r\n")
        return first + b"\r\nConnection: close\r\n" + rest


def _head(client: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(client)
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def _exactly(client: socket.socket, data: bytes, length: int) -> bytes:
    while len(data) < length:
        data += _some(client)
    return data


def _some(client: socket.socket) -> bytes:
    data = client.recv(1 << 16)
    if not data:
        raise Closed
    return data


def broken(request: Request) -> bytes:
    """Break the connection in the middle of a body: the client reads that it was reset."""
    request.client.recv(1 << 10)
    # With nothing to linger for, closing it sends a reset (socket(7), SO_LINGER).
    request.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    raise Closed
