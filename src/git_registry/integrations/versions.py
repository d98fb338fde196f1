"""The versions an instance has come by: what they are, and their files, each list read once."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from git_registry.catalog.catalog import Catalog
from git_registry.model.documents.manifest import Manifest
from git_registry.sdk import selecting
from git_registry.sdk.blobs import blobs
from git_registry.sdk.caching import blob_cache
from git_registry.sdk.selecting import Found, Place

from .files import Files
from .reading import Reading

_MOST_FILES = 1_000_000
"""Of all versions that are kept: some half a gigabyte."""

_BESIDES = 100
"""A version takes as much room as so many files, however few it has."""


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


class _Shelf:
    """The versions this process has come by, those used last, by what named them at which commits."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Version] = OrderedDict()
        self._room = _MOST_FILES
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> Version | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Hashable, new: Version) -> Version:
        """Keep a version, unless another thread was first; return the one that is kept."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = new
                self._room -= _weight(new)
            while self._room < 0 and len(self._kept) > 1:
                self._room += _weight(self._kept.popitem(last=False)[1])
            return self._kept[key]


def _weight(version: Version) -> int:
    return version.manifest.file_count + _BESIDES


_SHELVES: dict[int, _Shelf] = {}
"""By process: a lock that another thread held when this process was forked would never be free."""


def kept(key: Hashable, read: Callable[[], Version]) -> Version:
    """Return the version that was read for a key before, or read it.

    Instances come and go with every task that is sent somewhere; at the same commits they read the same,
    by the organization's rules as they were when the version was first looked at.
    """
    shelf = _SHELVES.get(os.getpid())
    if shelf is None:
        _SHELVES.clear()
        shelf = _SHELVES.setdefault(os.getpid(), _Shelf())
    return shelf.find(key) or shelf.keep(key, read())
