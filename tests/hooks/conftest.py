from __future__ import annotations

from tests.sdk.conftest import clone, upstream

__all__ = ["clone", "upstream"]
