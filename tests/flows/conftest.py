from __future__ import annotations

from tests.flows.servers.fixtures import on, servers
from tests.sdk.conftest import clone, desk, upstream

__all__ = ["clone", "desk", "on", "servers", "upstream"]
