"""A request over HTTP, and answers of all kinds."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from http.client import HTTPException

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.automation.receiving import FINE, request

from git_registry.automation.posting import post, waiting
from git_registry.automation.target import Target

TARGET = Target.of("http://deploy.internal:8080/hook?a=b")


def answered(answer, seconds=5.0, most=100):
    """Return what is read off these bytes, and what was asked."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(answer)
        theirs.shutdown(socket.SHUT_WR)
        found = post(TARGET, ours, [("X-Some", "thing")], b"body", seconds, most)
        return found, request(theirs)


def ends(answer, seconds=0.15, body=b"body"):
    """Let somebody answer in their own thread, and return how the request failed."""
    ours, theirs = socket.socketpair()
    began = time.monotonic()

    def go():
        with suppress(OSError):
            answer(theirs)

    thread = threading.Thread(target=go)
    with theirs:
        thread.start()
        with ours, pytest.raises((OSError, HTTPException)) as failed:
            post(TARGET, ours, [], body, seconds, 100)
        thread.join(20)
    assert time.monotonic() - began < 10
    return failed.value


def test_what_is_asked():
    _, asked = answered(FINE)

    assert asked.line == "POST /hook?a=b HTTP/1.1"
    assert asked.headers == {
        "x-some": "thing",
        "host": "deploy.internal:8080",
        "content-length": "4",
        "connection": "close",
    }
    assert asked.body == b"body"


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (FINE, 204, ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine, and more", 200, "fine"),
        (b"HTTP/1.0 500 No\r\n\r\nit broke", 500, "it broke"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\nless", 200, "less"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nless", 200, "less"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 200, "abc"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 200, ""),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + FINE, 204, ""),
        (
            b"HTTP/1.1 102 Processing\r\n\r\n" * 7
            + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine, and more",
            200,
            "fine",
        ),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + FINE, 101, ""),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"\xff\xfe" * 3, 200, "\ufffd" * 6),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 500, 200, "x" * 100),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n", 302, ""),
        (b"HTTP/1.1 999 \r\n\r\n", 999, ""),
    ],
)
def test_the_status_counts_and_the_beginning_of_the_body_is_kept(answer, status, body):
    found, _ = answered(answer)

    assert (found.status, found.body) == (status, body)


def test_a_body_that_is_no_body_leaves_the_status():
    found, _ = answered(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc")

    assert found.status == 200
    assert found.body.startswith("(it can't be read: ")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 -1\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n" * 8 + FINE,
        b"HTTP/1.1 103 Early Hints\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 101 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_http_is_an_error(answer):
    with pytest.raises((HTTPException, OSError)):
        answered(answer)


def sip(wire):
    while wire.recv(20_000):
        time.sleep(0.01)


def test_who_reads_slowly_is_given_up():
    assert isinstance(ends(sip, body=b"x" * 30_000_000), TimeoutError)


def drip(wire):
    wire.sendall(b"HTTP/1.1 200 OK\r\nA: ")
    while True:
        wire.sendall(b"a")
        time.sleep(0.01)


def hang(wire):
    while wire.recv(1 << 16):
        pass


def endless(line):
    def answer(wire):
        wire.sendall(b"HTTP/1.1 200 OK\r\n" if line.startswith(b"A") else b"")
        while True:
            wire.sendall(line)

    return answer


@pytest.mark.parametrize("answer", [drip, hang])
def test_who_takes_too_long_is_given_up(answer):
    assert isinstance(ends(answer), TimeoutError)


def test_who_does_not_read_is_given_up():
    ours, theirs = socket.socketpair()

    with ours, theirs, pytest.raises(TimeoutError):
        post(TARGET, ours, [], b"x" * 10_000_000, 0.1, 100)


@pytest.mark.parametrize(
    "line", [b"A: " + b"b" * 9_000 + b"\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"x" * 5_000]
)
def test_who_never_ends_is_given_up(line):
    assert not isinstance(ends(endless(line), seconds=20), TimeoutError)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode), st.booleans())
def test_whatever_is_answered_ends_as_an_answer_or_a_known_error(answer, is_http):
    with suppress(OSError, HTTPException):
        found, _ = answered((b"HTTP/1.1 200 OK\r\n" if is_http else b"") + answer)
        assert 100 <= found.status <= 999


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("9" * 500, 999_999_999),
        ("Thu, 01 Jan 1970 00:03:20 GMT", 100),
        ("Thu, 01 Jan 1970 00:00:20 GMT", 0),
        ("Thu, 99 Jan 1970 99:99:99 GMT", None),
    ],
)
def test_how_long_a_receiver_asks_to_wait(text, seconds):
    assert waiting(text, now=100) == seconds


@given(st.text(max_size=40) | st.from_regex(r"\A\w{3}, \d{1,6} \w{3} \d{1,6} [\d:]{1,12} [-+]?\w{0,6}\Z"))
def test_whatever_it_says_is_a_time_or_nothing(text):
    wait = waiting(text, now=100)

    assert wait is None or wait >= 0
