from __future__ import annotations

from tests.sdk.conftest import clone, desk, upstream

__all__ = ["clone", "desk", "upstream"]
