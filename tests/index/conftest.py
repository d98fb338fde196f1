from __future__ import annotations

from tests.sdk.conftest import clone, desk, tmp_path, upstream

__all__ = ["clone", "desk", "tmp_path", "upstream"]
