"""This machine's cache of blobs, as the environment or git config wants it."""

from __future__ import annotations

from collections.abc import Mapping

from git_registry.catalog.catalog import Catalog
from git_registry.store.cache import Cache


def blob_cache(catalog: Catalog, environ: Mapping[str, str]) -> Cache | None:
    """Return the cache; None if it is off."""
    config = catalog.repository.config
    return Cache.from_environment(
        environ, directory=config("registry.cache") or "", size=config("registry.cacheSize") or ""
    )
