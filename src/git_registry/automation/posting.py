"""One request over HTTP, and the beginning of its answer. No redirect is followed, no proxy asked."""

from __future__ import annotations

import os
import socket
import ssl
import time
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import NamedTuple

from git_registry.automation.bounded import Bounded, left
from git_registry.automation.target import Target

_HEADERS = 1 << 17
"""Bytes of an answer's headers, at most."""

_DIGITS = 9

_MOST_INTERIM = 8
"""Answers that say that there will be one."""


Pairs = Iterable[tuple[str, str]]


class Answer(NamedTuple):
    """What was answered: the status, the header `Retry-After`, and how the body begins."""

    status: int
    retry_after: str
    body: str


def post(
    target: Target, wire: socket.socket, headers: Pairs, body: bytes, seconds: float, most: int
) -> Answer:
    """Post a body over a connection, and return the answer.

    Args:
        target: where it leads.
        wire: the connection, without TLS.
        headers: of the request; of those with one name the last counts, and those about its length and its
            host are ours.
        body: what is sent.
        seconds: how long all of it may take.
        most: bytes of the answer's body that are read.

    Raises:
        OSError: it was not answered in time, or TLS does not say that it is the right one.
        HTTPException: what it answers is no HTTP.
        ValueError: a header can't be written.
    """
    until = time.monotonic() + seconds
    talk = HTTPConnection(target.host, target.port)
    talk.auto_open = 0
    talk.response_class = _Last
    with _secured(target, wire, until) as line:
        talk.sock = Bounded(wire=line, until=until, most=_HEADERS + most)
        _ask(talk, target, headers, body)
        with talk.getresponse() as answer:
            return Answer(answer.status, answer.headers.get("Retry-After", ""), _read(answer, most))


def waiting(retry_after: str, now: float) -> float | None:
    """Return for how many seconds `Retry-After` asks us to wait; None if it does not say that."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:_DIGITS])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


class _Last(HTTPResponse):
    """The answer that counts: before it, any number of others may say that it comes, such as 103."""

    def begin(self) -> None:
        for _ in range(_MOST_INTERIM):
            self.headers = self.msg = None  # type: ignore[assignment] # else what is begun stays as it is
            super().begin()
            if self.status == HTTPStatus.SWITCHING_PROTOCOLS or not self._is_interim():
                return
        raise HTTPException("it only says that it will answer")

    def _is_interim(self) -> bool:
        return HTTPStatus.CONTINUE <= self.status < HTTPStatus.OK


def _ask(talk: HTTPConnection, target: Target, headers: Pairs, body: bytes) -> None:
    talk.putrequest("POST", target.path + target.query, skip_host=True, skip_accept_encoding=True)
    own = (("Host", target.authority), ("Content-Length", str(len(body))), ("Connection", "close"))
    for name, value in {name.lower(): (name, value) for name, value in (*headers, *own)}.values():
        talk.putheader(name, value)
    talk.endheaders(body)


def _read(answer: HTTPResponse, most: int) -> str:
    """Return how the body begins, so far as it comes: what is answered counts, not how it is worded."""
    try:
        return answer.read(most).decode("utf-8", "replace")
    except Exception as error:  # noqa: BLE001 - a receiver sends what it wants; http.client knows not all
        return f"(it can't be read: {type(error).__name__})"


def _secured(target: Target, wire: socket.socket, until: float) -> socket.socket:
    wire.settimeout(left(until))
    if target.scheme != "https":
        return wire
    places = (os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))
    return _trust(places).wrap_socket(wire, server_hostname=target.host)


@lru_cache(maxsize=1)
def _trust(_places: tuple[str, str]) -> ssl.SSLContext:
    """Return what TLS is judged by. The system's certificates, which OpenSSL finds by these variables."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
