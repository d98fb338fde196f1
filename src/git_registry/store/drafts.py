"""Drafts: what many workers say of one thing in the making, each in a file of its own that only it writes.

They lie beside the blobs, under `<store>/drafts/<draft>/<worker>.jsonl`. A file appears, and is replaced,
whole. What it says is not this module's concern.
"""

from __future__ import annotations

from contextlib import suppress

from git_registry.store.blobs import Store
from git_registry.store.failures import is_missing, translating
from git_registry.store.filesystem import FileSystem, connect
from git_registry.store.location import join
from git_registry.store.multipart import renamed
from git_registry.store.streams import bounded, opened_uri

_SUFFIX = ".jsonl"


class Drafts:
    """The drafts in a store. Names are taken as they are: whoever calls has checked them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def place(self, draft: str, worker: str) -> str:
        """Return where a worker's file is or would be."""
        return join(self._store.uri, "drafts", draft, worker + _SUFFIX)

    def put(self, draft: str, worker: str, data: bytes) -> None:
        """Write a worker's file, in place of what it wrote before.

        Raises:
            StoreError: the store can't be reached, or is full. What was there is still there.
        """
        uri = self.place(draft, worker)
        with translating(uri):
            remote = self._connect()
            if remote.is_object_store:
                remote.fs.pipe_file(remote.path(uri), data)
                return
            with renamed(remote, [remote.path(uri)]) as [temporary]:
                remote.patiently(lambda: remote.fs.pipe_file(temporary, data))

    def sizes(self, draft: str) -> dict[str, int]:
        """Return who has written for a draft, and how many bytes."""
        names = self._listed(draft)
        return {
            name.removesuffix(_SUFFIX): size
            for name, size in sorted(names.items())
            if name.endswith(_SUFFIX) and name != _SUFFIX
        }

    def read(self, draft: str, worker: str, *, at_most: int) -> bytes:
        """Return what a worker wrote.

        Raises:
            StoreError: it is not there, can't be read, or is larger.
        """
        uri = self.place(draft, worker)
        with opened_uri(uri, self._store.options) as chunks:
            return bounded(chunks, at_most, uri)

    def drop(self, draft: str) -> None:
        """Remove all that was written for a draft; that there is nothing is fine."""
        directory = join(self._store.uri, "drafts", draft)
        with translating(directory):
            remote = self._connect()
            for name in self._listed(draft):
                with suppress(FileNotFoundError):
                    remote.fs.rm_file(f"{remote.path(directory)}/{name}")
            if not remote.is_object_store:
                # A worker may have written again meanwhile, and its file stays.
                with suppress(OSError):
                    remote.fs.rmdir(remote.path(directory))

    def _listed(self, draft: str) -> dict[str, int]:
        directory = join(self._store.uri, "drafts", draft)
        with translating(directory):
            remote = self._connect()
            try:
                found = remote.patiently(lambda: remote.fs.ls(remote.path(directory), detail=True))
            except Exception as error:
                if is_missing(error):
                    return {}
                raise
        return {one["name"].rpartition("/")[2]: one["size"] for one in found if one["type"] == "file"}

    def _connect(self) -> FileSystem:
        return connect(self._store.uri, self._store.options)
