"""The versions an instance has come by: what they are, and their files, which are read once."""

from __future__ import annotations

import os
import threading

from git_registry.catalog.catalog import Catalog
from git_registry.model.documents.manifest import Manifest
from git_registry.sdk import selecting
from git_registry.sdk.blobs import blobs
from git_registry.sdk.caching import blob_cache
from git_registry.sdk.selecting import Found, Place

from .files import Files
from .reading import Reading


class Version:
    """One version, and its files, which are read when they are first asked for."""

    def __init__(self, found: Found, manifest: Manifest, reading: Reading) -> None:
        self.found = found
        self.manifest = manifest
        self.reading = reading
        self._files: Files | None = None
        self._lock = threading.Lock()

    @property
    def files(self) -> Files:
        """Return its files; threads that ask at once wait for one of them to read the list.

        Raises:
            Refused: the list may not be read from where it is.
            StoreError: it can't be read, or is not what the manifest's digest names.
        """
        with self._lock:
            if self._files is None:
                self._files = Files(self.reading.blobs.entries(self.manifest, self.found.manifest))
            return self._files


def version(place: Place) -> Version:
    """Return the version a selector names; a collection stands for its latest.

    Raises:
        NotFound: there is no such version.
        UsageError: the selector names none.
    """
    catalog, selector = place
    found = selecting.version(catalog, selector, assume_latest=True)
    return Version(found, selecting.manifest(catalog.now(), found), _reading(catalog))


def _reading(catalog: Catalog) -> Reading:
    return Reading(blobs(catalog), blob_cache(catalog, os.environ))
