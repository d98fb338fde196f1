"""What is connected to, and what never is."""

from __future__ import annotations

import socket
import time
from ipaddress import ip_network
from threading import Event

import pytest

from git_registry.automation import guard
from git_registry.automation.addresses import address
from git_registry.automation.guard import connect, resolved
from git_registry.automation.target import Target
from git_registry.automation.unsent import Unsent

PUBLIC, OTHER, INSIDE = "93.184.216.34", "2606:2800:220:1::1", "127.0.0.1"
LOOPBACK = [ip_network("127.0.0.0/8")]

HOSTILE = [
    *(
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://0.0.0.0/",
        "https://2130706433/",
    ),
    *("https://0x7f000001/", "https://127.1/", "https://0177.0.0.1/", "https://[::ffff:127.0.0.1]/"),
    *("https://[::ffff:7f00:1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/"),
    *("https://169.254.169.254/latest/meta-data/", "https://[fe80::1]/", "https://[fd00:ec2::254]/"),
    *("https://10.0.0.1/", "https://100.64.0.1/", "https://192.0.0.8/", "https://198.18.0.1/"),
    *("https://224.0.0.1/", "https://255.255.255.255/", "https://[ff02::1]/", "http://93.184.216.34/"),
    *("https://user:pw@93.184.216.34/", "https://93.184.216.34@127.0.0.1/", "file:///etc/passwd"),
    *("gopher://127.0.0.1:6379/_x", "https:///nohost", "https://93.184.216.34:99999/"),
    "https://①②⑦.⓪.⓪.①/",
]


def named(*answers):
    """Return what looks up names and answers differently each time, and how often it was asked."""
    asked = []

    def resolve(host, port):
        asked.append(host)
        return answers[len(asked) - 1]

    return resolve, asked


@pytest.fixture
def reached(monkeypatch):
    """Note which addresses are connected to, and connect to none."""
    found = []

    def create_connection(place, timeout):
        found.append(place[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(guard.socket, "create_connection", create_connection)
    return found


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_url_is_refused(url, reached):
    with pytest.raises(Unsent):
        connect(Target.of(url), (), 5, resolved)

    assert reached == []


@pytest.mark.parametrize("inside", ["127.0.0.1", "::1", "64:ff9b::7f00:1", "fe80::1%eth0", "10.0.0.1"])
def test_one_address_inside_is_enough(inside, reached):
    resolve, _ = named([PUBLIC, inside])

    with pytest.raises(Unsent, match="has an address that is not public") as refused:
        connect(Target.of("https://deploy.acme.example/"), (), 5, resolve)

    assert reached == []
    assert inside not in str(refused.value)


def test_a_name_is_asked_for_once_and_what_was_checked_is_connected_to(reached):
    resolve, asked = named([PUBLIC], [INSIDE])

    with pytest.raises(ConnectionRefusedError):
        connect(Target.of("https://deploy.acme.example/"), (), 5, resolve)

    assert (asked, reached) == (["deploy.acme.example"], [PUBLIC])


def test_an_address_in_a_url_is_never_looked_up(reached):
    resolve, asked = named()

    with pytest.raises(ConnectionRefusedError):
        connect(Target.of(f"https://[::ffff:{PUBLIC}]/"), (), 5, resolve)

    assert (asked, reached) == ([], [PUBLIC])


def test_another_address_is_tried_and_not_all_of_many(reached):
    resolve, _ = named([PUBLIC, OTHER, PUBLIC, *(f"8.8.8.{last}" for last in range(9))])

    with pytest.raises(ConnectionRefusedError):
        connect(Target.of("https://deploy.acme.example/"), (), 5, resolve)

    assert reached == [PUBLIC, OTHER, "8.8.8.0", "8.8.8.1"]


def test_a_network_that_the_server_allows_is_reached_by_http_too():
    with socket.create_server((INSIDE, 0)) as listening:
        port = listening.getsockname()[1]
        resolve, _ = named([INSIDE])

        with connect(Target.of(f"http://deploy.internal:{port}/"), LOOPBACK, 5, resolve) as wire:
            assert wire.getpeername() == (INSIDE, port)


def test_http_goes_nowhere_else(reached):
    resolve, _ = named([INSIDE, PUBLIC])

    with pytest.raises(Unsent, match="https: alone"):
        connect(Target.of("http://deploy.internal/"), LOOPBACK, 5, resolve)

    assert reached == []


def test_our_own_public_address_is_none(reached, monkeypatch):
    monkeypatch.setattr(guard, "_is_here", lambda one: str(one) == PUBLIC)

    with pytest.raises(Unsent, match="not public"):
        connect(Target.of(f"https://{PUBLIC}/"), (), 5, resolved)

    assert reached == []


def test_our_own_address_is_known():
    assert guard._is_here(address(INSIDE))
    assert not guard._is_here(address(PUBLIC))


def test_a_name_without_an_address_is_an_error_that_may_pass():
    resolve, _ = named([])

    with pytest.raises(socket.gaierror):
        connect(Target.of("https://deploy.acme.example/"), (), 5, resolve)


def test_a_name_server_that_hangs_holds_nobody():
    answered = Event()
    began = time.monotonic()

    with pytest.raises(TimeoutError):
        connect(
            Target.of("https://deploy.acme.example/"), (), 0.05, lambda *_: answered.wait(30) and [PUBLIC]
        )

    assert time.monotonic() - began < 5
    answered.set()
