from __future__ import annotations

from tests.flows.servers.fixtures import on, servers

__all__ = ["on", "servers"]
