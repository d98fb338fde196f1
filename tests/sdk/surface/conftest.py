from __future__ import annotations

import pytest
from tests.sdk.conftest import bucket, clone, desk, s3_endpoint, s3_environment, upstream

from git_registry.sdk.surface import current

__all__ = ["bucket", "clone", "desk", "s3_endpoint", "s3_environment", "upstream"]


@pytest.fixture(autouse=True)
def _no_run_goes_on():
    """A run that a test leaves under way is not the next one's."""
    yield
    for _, run in list(current._stack):
        run.finish()
    assert current.run() is None


@pytest.fixture
def here(desk, monkeypatch, tmp_path):
    """The desk's clone is the organization that scripts find; what they download lies beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_REGISTRY", str(desk.path))
    return desk
