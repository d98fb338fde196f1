"""Connecting to where a request may go: looked up once, checked, and connected to what was checked.

Who writes an automation chooses a URL, and who owns a name chooses its addresses: neither may point this
server at what only it can reach.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread

from git_registry.automation.addresses import Address, Network, address, is_public
from git_registry.automation.target import Target
from git_registry.automation.unsent import Unsent

Resolve = Callable[[str, int], Sequence[str]]
"""What says a name's addresses."""

_MOST = 4
"""Addresses that are tried."""


def connect(target: Target, networks: Collection[Network], seconds: float, resolve: Resolve) -> socket.socket:
    """Return a connection to a target, by an address of its that was checked.

    Args:
        target: where to.
        networks: those the server lets requests into besides what is public; there, https is not needed.
        seconds: how long all of it may take.
        resolve: says the addresses of its name, and is asked once.

    Raises:
        Unsent: one of its addresses is not allowed.
        OSError: it has none, or none answers in time.
    """
    until = time.monotonic() + seconds
    return _first(checked(target, networks, seconds, resolve)[:_MOST], target.port, until)


def checked(
    target: Target, networks: Collection[Network], seconds: float, resolve: Resolve
) -> Sequence[Address]:
    """Return the addresses of a target, each of which may be connected to; arguments as of `connect`.

    Raises:
        Unsent: one of them is not allowed.
        OSError: it has none, or they are not told in time.
    """
    found = _addresses(target, resolve, seconds)
    for one in found:
        _check(one, target, networks)
    return found


def resolved(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a name, as the system looks them up."""
    return [str(place[0]) for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _addresses(target: Target, resolve: Resolve, seconds: float) -> Sequence[Address]:
    try:
        return [address(target.host)]
    except ValueError:
        texts = dict.fromkeys(_looked_up(target, resolve, seconds))
    try:
        found = [address(text) for text in texts]
    except ValueError:
        raise _not_public(target) from None
    if not found:
        raise socket.gaierror(socket.EAI_NONAME, "no address")
    return found


def _looked_up(target: Target, resolve: Resolve, seconds: float) -> Iterable[str]:
    """Return what a name stands for, or give up: the system's own resolver knows no limit."""
    answers: SimpleQueue[Sequence[str] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(target.host, target.port))
        except (OSError, UnicodeError) as failure:
            answers.put(failure if isinstance(failure, OSError) else OSError("it is no name"))

    Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _check(one: Address, target: Target, networks: Collection[Network]) -> None:
    if any(one in network for network in networks):
        return
    # Not which: who writes an automation would learn the addresses of our own network.
    if not is_public(one) or _is_here(one):
        raise _not_public(target)
    if target.scheme != "https":
        raise Unsent(f"{target.host} is sent to by https: alone")


def _not_public(target: Target) -> Unsent:
    return Unsent(
        f"{target.host} has an address that is not public: the server's admin may add its network to "
        "registry.allowNetwork"
    )


def _is_here(one: Address) -> bool:
    """Is it an address of this very machine? Past its own firewall, more answers than for others.

    A datagram's socket that is connected sends nothing; it only learns from where it would.
    """
    family = socket.AF_INET if one.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect((str(one), 9))
            return bool(asking.getsockname()[0] == str(one))
        except OSError:
            return False


def _first(addresses: Sequence[Address], port: int, until: float) -> socket.socket:
    """Connect to the first address that answers; each has its share of the time that is left."""
    failure: OSError = TimeoutError()
    for place, one in enumerate(addresses):
        share = (until - time.monotonic()) / (len(addresses) - place)
        if share <= 0:
            break
        try:
            return socket.create_connection((str(one), port), timeout=share)
        except OSError as error:
            failure = error
    raise failure
