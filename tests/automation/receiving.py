"""A receiver on loopback that answers as it is told, byte by byte if it must be."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

FINE = b"HTTP/1.1 204 No Content\r\n\r\n"
SECONDS = 20


@dataclass
class Request:
    """What came: the line, the headers by their names in small letters, and the body."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Where it listens, and what came so far."""

    port: int
    requests: list[Request] = field(default_factory=list)


def request(wire: socket.socket) -> Request | None:
    """Read a request to its end; None if there is none."""
    with wire.makefile("rb") as file:
        line, *fields = iter(lambda: file.readline().decode().rstrip("\r\n"), "")
        headers: dict[str, str] = {}
        for name, value in (one.split(": ", 1) for one in fields):
            before = headers.get(name.lower())
            headers[name.lower()] = value if before is None else f"{before}, {value}"
        return Request(line, headers, file.read(int(headers["content-length"])))


@contextmanager
def receiving(
    answer: Callable[[socket.socket], object], trust: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    """Listen, read each request, and let `answer` have the connection, which is then closed."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        receiver = Receiver(listening.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                while True:
                    wire, _ = listening.accept()
                    wire.settimeout(SECONDS)
                    with suppress(OSError, ValueError), wire:
                        _serve(wire, receiver, answer, trust)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join(SECONDS)


def _serve(
    wire: socket.socket,
    receiver: Receiver,
    answer: Callable[[socket.socket], object],
    trust: ssl.SSLContext | None,
) -> None:
    if trust is None:
        receiver.requests.append(request(wire))
        answer(wire)
        return
    with trust.wrap_socket(wire, server_side=True) as secured:
        receiver.requests.append(request(secured))
        answer(secured)


def says(text: bytes) -> Callable[[socket.socket], None]:
    """Return what answers always the same."""
    return lambda wire: wire.sendall(text)
