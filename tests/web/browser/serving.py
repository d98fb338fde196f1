"""Pages where a browser finds them: from the live server, and as exported files on any web host."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import uvicorn

from git_registry.catalog.catalog import Reach
from git_registry.sdk.surface.workspace import Workspace
from git_registry.web.app import application


def looking(clone: Path) -> Workspace:
    """Return a clone as `git registry web` opens it."""
    return Workspace(path=str(clone), reach=Reach.FETCHED)


@contextmanager
def live(clone: Path) -> Iterator[str]:
    """Answer for a clone, and say at which origin."""
    workspace = looking(clone)
    config = uvicorn.Config(application(workspace), log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join(timeout=30)
            workspace.close()


@contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """Answer with files, as any web host does, and say at which origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join(timeout=30)


class _Quiet(SimpleHTTPRequestHandler):
    """One that writes no log."""

    def log_message(self, *_said: object) -> None:
        return
