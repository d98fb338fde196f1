from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.hooks.hostile import World

from git_registry.catalog.catalog import Catalog
from git_registry.repository.repository import Repository

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def world(tmp_path):
    """A bare repository in which anything can be stored; see `tests.hooks.hostile`."""
    return World(tmp_path / "acme.git")


@pytest.fixture
def catalog(world):
    with Catalog(repository=Repository.open(world.path), branch="main", clock=lambda: NOON) as catalog:
        yield catalog
