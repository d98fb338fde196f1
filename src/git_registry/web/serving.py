"""The live server's process: where it listens, and who fetches what it shows."""

from __future__ import annotations

import ipaddress
import logging
import socket
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from git_registry.errors import RegistryError, UsageError
from git_registry.sdk.freshness import bring
from git_registry.web.app import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_registry.sdk.surface.workspace import Workspace

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

GRACE = 3
"""Seconds that pages under way are waited for, when the process is told to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Where and how.

    Attributes:
        host: the address to listen at.
        port: 0 for any that is free.
        watch: seconds from one fetch to the next; 0 to fetch nothing.
    """

    host: str = "127.0.0.1"
    port: int = 8377
    watch: float = 0.0

    @property
    def is_loopback(self) -> bool:
        """Can only this machine reach it?"""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return what browsers may call it; whoever opens it to a network names it as they like."""
        return (*LOOPBACK, self.host) if self.is_loopback else ("*",)


def serve(workspace: Workspace, served: Served, began: Callable[[str], object]) -> None:
    """Answer until the process is told to stop.

    Args:
        workspace: the organization.
        served: where.
        began: is told the URL, once it answers there.

    Raises:
        UsageError: it can't listen there.
    """
    with listening(served) as place, fetching(workspace, served.watch):
        server(workspace, served, began).run([place])


def listening(served: Served) -> socket.socket:
    """Return a socket that listens.

    Raises:
        UsageError: somebody else does, or there is no such address here.
    """
    try:
        family, *_, address = socket.getaddrinfo(served.host, served.port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address, family=family)
    except OSError as error:
        raise UsageError(
            f"{served.host} port {served.port} can't be listened at: {error.strerror}",
            hint="--port names another one; 0 is any that is free",
        ) from error


def server(workspace: Workspace, served: Served, began: Callable[[str], object]) -> uvicorn.Server:
    """Return what answers; a page that waits for a store that is silent does not keep it from its end."""
    config = uvicorn.Config(
        application(workspace, served.hosts),
        timeout_graceful_shutdown=GRACE,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
    )
    return _Server(config, began)


class _Server(uvicorn.Server):
    """One that tells where it listens."""

    def __init__(self, config: uvicorn.Config, began: Callable[[str], object]) -> None:
        super().__init__(config)
        self._began = began

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        for server in self.servers:
            host, port, *_ = server.sockets[0].getsockname()
            self._began(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
            break


@contextmanager
def fetching(workspace: Workspace, seconds: float) -> Iterator[None]:
    """Fetch what others published at an interval, while it lasts."""
    if not seconds:
        yield
        return
    stop = threading.Event()

    def fetch() -> None:
        while not stop.wait(seconds):
            try:
                bring(workspace.catalog)
            except RegistryError as problem:
                workspace.notify(f"{problem}; what was fetched last is shown")
            except Exception:
                # The next one may do: a thread that ended would leave the pages as they are, and tell nobody.
                logging.getLogger("git_registry").exception("what others published could not be fetched")
        workspace.leave()

    thread = threading.Thread(target=fetch, name="fetching", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)
