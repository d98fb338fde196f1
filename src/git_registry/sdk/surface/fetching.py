"""Getting an artifact's files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path

from git_registry.errors import UsageError
from git_registry.model.documents.manifest import FileEntry
from git_registry.sdk import mounts
from git_registry.sdk.drafting import Item, is_reference
from git_registry.sdk.surface.entries import ArtifactFiles, ArtifactManifest, ArtifactManifestEntry
from git_registry.sdk.surface.identity import Identity
from git_registry.sdk.surface.listed import listed
from git_registry.sdk.surface.table import SUFFIX, Table
from git_registry.sdk.unpacking import clear, is_right, strangers, unpack

DIRECTORY = "GIT_REGISTRY_ARTIFACT_DIR"
"""Where downloads go that nobody gave a directory; `./artifacts` if it is not set."""


class Fetching(Identity):
    """The part of an artifact that gives its files."""

    @property
    def manifest(self) -> ArtifactManifest:
        """Return all its files by path; those of a draft, too."""
        return ArtifactManifest(self._whole(), self._items())

    def _items(self) -> Mapping[str, Item]:
        return self.draft.items if self._place() is None else self._entries()

    def _entries(self) -> Mapping[str, FileEntry]:
        """Return the files it has where it stands, which are read once: they never change."""
        standing = self._standing("files")
        if self._files is None:
            self._files = {one.path: one for one in standing.resolve().files}
        return self._files

    def get_entry(self, name: str | PathLike[str]) -> ArtifactManifestEntry:
        """Return the file that is called so.

        Raises:
            NoSuchEntry: there is none; it is a KeyError.
        """
        return self.manifest.entry(Path(fspath(name)).as_posix())

    def get_path(self, name: str | PathLike[str]) -> ArtifactManifestEntry:
        """Return the same as `get_entry`, which W&B prefers."""
        return self.get_entry(name)

    def get(self, name: str) -> Table | None:
        """Return the table that was added by this name, or None.

        Raises:
            ArtifactNotLoggedError: the artifact is a draft.
        """
        self._standing("get")
        called = name if name.endswith(SUFFIX) else name + SUFFIX
        entry = self.manifest.get_entry_by_path(called)
        return None if entry is None else Table.read(Path(entry.download()))

    def __getitem__(self, name: str) -> Table | None:
        return self.get(name)

    def download(
        self,
        root: str | PathLike[str] | None = None,
        allow_missing_references: bool = False,
        skip_cache: bool | None = None,
        path_prefix: str | PathLike[str] | None = None,
        multipart: bool | None = None,
    ) -> str:
        """Download its files into a directory, each verified, and return that.

        Files that are there and right are not fetched again; files of other versions that are in the way are
        replaced; nothing else in the directory is touched.

        Args:
            root: the directory; by default `artifacts/<name of the source>:<its version>`.
            allow_missing_references: leave out references that lead nowhere, or that nothing identifies?
            skip_cache: leave this machine's cache out?
            path_prefix: only files whose path begins so.
            multipart: accepted as W&B does; large files are always fetched in parts.

        Raises:
            ArtifactNotLoggedError: it is a draft.
            Refused: the organization does not allow reading from where the bytes are.
            StoreError: a file is missing, can't be read, or is not what its digest says.
        """
        del multipart
        self._standing("download")
        prefix = fspath(path_prefix) if path_prefix is not None else ""
        wanted = [one for path, one in self._entries().items() if path.startswith(prefix)]
        return self._bring(wanted, root, skip_cache=skip_cache, allow_missing=allow_missing_references)

    def _bring(
        self,
        wanted: Sequence[FileEntry],
        root: str | PathLike[str] | None,
        *,
        skip_cache: bool | None = None,
        allow_missing: bool = False,
    ) -> str:
        standing = self._standing("download")
        workspace, (there, _) = standing.workspace, mounts.entered(standing.workspace.catalog, standing.path)
        target = Path(fspath(root)) if root is not None else self._default_root(self.source_name)
        cache = None if skip_cache else workspace.cache()
        unpack(there, wanted, target, cache=cache, allow_missing=allow_missing)
        return str(target)

    def checkout(self, root: str | None = None) -> str:
        """Make a directory hold its files and no other, and return it. What else is there is removed.

        Args:
            root: the directory; by default `artifacts/<name of the source>`, whichever version it is.

        Raises:
            ArtifactNotLoggedError: it is a draft.
            StoreError: see `download`. Nothing is removed then.
        """
        self._standing("checkout")
        target = Path(root) if root is not None else self._default_root(self.source_name.partition(":")[0])
        self.download(str(target))
        clear(self._entries().values(), target)
        return str(target)

    def verify(self, root: str | None = None) -> None:
        """Check that a directory holds its very files and no others.

        References whose bytes nobody hashed are not checked, and that is said.

        Raises:
            ArtifactNotLoggedError: it is a draft.
            UsageError: a file is another one, is not there, or is none of its files; it is a ValueError.
        """
        standing = self._standing("verify")
        target = Path(root) if root is not None else self._default_root(self.source_name)
        files = self._entries().values()
        strange = next(strangers(files, target), None)
        if strange is not None:
            raise UsageError(f"Found file {strange} which is not a member of artifact {self.name}")
        for entry in files:
            left_out = is_reference(entry) and not os.path.lexists(target / entry.path)
            if entry.digest.is_content and not left_out and not is_right(entry, target):
                raise UsageError(
                    f"Digest mismatch for file: {entry.path}", where=str(target), hint="download it again"
                )
        weak = sum(1 for one in files if not one.digest.is_content)
        if weak:
            standing.workspace.notify(
                f"{weak} references are known by no digest of their bytes: not verified"
            )

    def file(self, root: str | None = None) -> str:
        """Download its one file, and return where it is.

        Raises:
            ArtifactNotLoggedError: it is a draft.
            UsageError: it has another number of files than one.
        """
        self._standing("file")
        entries = list(self.manifest.entries.values())
        if len(entries) != 1:
            raise UsageError(
                f"This artifact contains {len(entries)} files, and file() is for one",
                where=self.name,
                hint="call download(), or get_entry(path).download()",
            )
        return entries[0].download(root)

    def files(
        self, names: str | Sequence[str] | None = None, per_page: int = 50, start: str | None = None
    ) -> ArtifactFiles:
        """Return its files, or those that have one of these names.

        Args:
            names: paths.
            per_page: accepted as W&B does; they are all at hand.
            start: accepted as W&B does.

        Raises:
            ArtifactNotLoggedError: it is a draft.
        """
        del per_page, start
        wanted = listed(names)
        self._standing("files")
        entries = self.manifest.entries
        return ArtifactFiles([one for path, one in entries.items() if names is None or path in wanted])

    def _default_root(self, called: str) -> Path:
        workspace = self._standing("download").workspace
        return Path(workspace.environ.get(DIRECTORY) or "artifacts").absolute() / called
