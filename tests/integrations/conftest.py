from __future__ import annotations

import fsspec
import pytest
from tests.sdk.conftest import clone, desk, tmp_path, upstream
from tests.store.conftest import bucket, s3_endpoint, s3_environment

from git_registry.integrations import shelf

__all__ = ["bucket", "clone", "desk", "s3_endpoint", "s3_environment", "tmp_path", "upstream"]


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    """Have nothing from another test, whose organization was at the same place and the same commits."""
    monkeypatch.setattr(shelf, "_SHELVES", {})


@pytest.fixture
def opened():
    """The file system of a desk's clone, as it is now."""

    def make(desk, **options):
        return fsspec.filesystem("registry", repository=str(desk.path), **options)

    return make
