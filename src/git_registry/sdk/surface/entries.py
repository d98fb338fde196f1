"""The files of an artifact, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, overload

from git_registry.errors import UsageError
from git_registry.sdk.drafting import Item, Local, digest_of, is_reference
from git_registry.sdk.surface.failures import ArtifactNotLoggedError, NoSuchEntry

if TYPE_CHECKING:
    from git_registry.sdk.surface.artifact import Artifact


@dataclass(frozen=True, slots=True)
class ArtifactManifestEntry:
    """One file of an artifact, there or still to be uploaded.

    Attributes:
        artifact: whose file it is.
        item: where it is.
    """

    artifact: Artifact = field(repr=False)
    item: Item
    skip_cache: bool = False

    @property
    def path(self) -> str:
        """Return what it is called in the artifact."""
        return self.item.path

    @property
    def digest(self) -> str:
        """Return how it is known: `sha256:9b1e…`. A file that was not uploaded is read for it."""
        return str(digest_of(self.item))

    @property
    def extra(self) -> Mapping[str, str]:
        """Return what a reference's store calls it, `{"etag": "9b1e…"}`, if it is known by that."""
        if isinstance(self.item, Local):
            return {}
        digest = self.item.digest
        return {} if digest.is_content or digest.is_address else {digest.algorithm: digest.value}

    @property
    def size(self) -> int | None:
        """Return its bytes; None if nobody says."""
        return self.item.size

    @property
    def ref(self) -> str | None:
        """Return where it leads if it is a reference; None if its bytes were uploaded."""
        return None if isinstance(self.item, Local) or not is_reference(self.item) else self.item.uri

    @property
    def local_path(self) -> str | None:
        """Return where it was added from, until the artifact is logged."""
        return str(self.item.origin) if isinstance(self.item, Local) else None

    @property
    def birth_artifact_id(self) -> None:
        """Return nothing: blobs are known by content, not by which version brought them."""
        return

    def download(
        self, root: str | None = None, skip_cache: bool | None = None, executor: Executor | None = None
    ) -> str:
        """Download this one file below a directory, and return its path.

        Args:
            root: the directory; by default the one that `Artifact.download` uses.
            skip_cache: leave this machine's cache out?
            executor: accepted as W&B does; one file needs none.

        Raises:
            ArtifactNotLoggedError: the artifact is a draft.
            StoreError: see `Artifact.download`.
        """
        del executor
        if isinstance(self.item, Local):
            raise ArtifactNotLoggedError(self.artifact.name, "download")
        where = self.artifact._bring([self.item], root, skip_cache=skip_cache)
        return str(Path(where) / self.path)

    def ref_target(self) -> str:
        """Return where a reference leads.

        Raises:
            UsageError: it is none.
        """
        if self.ref is None:
            raise UsageError("Only reference entries support ref_target()", where=self.path)
        return self.ref

    def ref_url(self) -> str:
        """Return a URI for it that never means anything else; `fsspec.open` reads it.

        Raises:
            ArtifactNotLoggedError: the artifact is a draft.
        """
        return f"{self.artifact.url}/{self.path}"

    def parent_artifact(self) -> Artifact:
        """Return the artifact whose file it is."""
        return self.artifact


class ArtifactManifest:
    """All files of an artifact by path."""

    def __init__(self, artifact: Artifact, items: Mapping[str, Item]) -> None:
        self._artifact = artifact
        self._items = items

    @property
    def entries(self) -> dict[str, ArtifactManifestEntry]:
        """Return every file by its path."""
        return {path: ArtifactManifestEntry(self._artifact, item) for path, item in self._items.items()}

    def get_entry_by_path(self, path: str) -> ArtifactManifestEntry | None:
        """Return the file that is called `path`, or None."""
        item = self._items.get(path)
        return None if item is None else ArtifactManifestEntry(self._artifact, item)

    def get_entries_in_directory(self, directory: str) -> list[ArtifactManifestEntry]:
        """Return the files below a directory."""
        below = directory.rstrip("/") + "/"
        return [one for path, one in self.entries.items() if path.startswith(below)]

    def entry(self, path: str) -> ArtifactManifestEntry:
        """Return the file that is called `path`.

        Raises:
            NoSuchEntry: there is none; it is a KeyError.
        """
        found = self.get_entry_by_path(path)
        if found is None:
            from git_registry.sdk.selecting import nearest

            raise NoSuchEntry(
                f"Path not contained in artifact: {path!r}", hint=nearest(path, list(self._items))
            )
        return found

    def size(self) -> int:
        """Return the bytes of all files together; those of unknown size count nothing."""
        return sum(one.size or 0 for one in self._items.values())

    def digest(self) -> str:
        """Return the digest of the artifact."""
        return self._artifact.digest

    def __len__(self) -> int:
        return len(self._items)


class ArtifactFile:
    """A file of a logged artifact, as the public API has it."""

    def __init__(self, entry: ArtifactManifestEntry) -> None:
        self._entry = entry
        self.name = entry.path
        self.path = entry.path
        self.size = entry.size
        self.digest = entry.digest

    @property
    def url(self) -> str:
        """Return where it may be read: `registry://…`."""
        return self._entry.ref_url()

    def download(self, root: str = ".", replace: bool = False, exist_ok: bool = False) -> Path:
        """Download it below a directory, and return its path.

        Raises:
            UsageError: a file is there, and is neither to be replaced nor good enough.
        """
        place = Path(root) / self.name
        if place.exists() and not replace:
            if exist_ok:
                return place
            raise UsageError(
                "File already exists", where=str(place), hint="pass replace=True, or exist_ok=True to keep it"
            )
        return Path(self._entry.download(root))

    def __repr__(self) -> str:
        return f"<File {self.name} ({self.size} bytes)>"


class ArtifactFiles(Sequence[ArtifactFile]):
    """Files of a logged artifact. They are all at hand, so there are no pages to wait for."""

    def __init__(self, entries: Sequence[ArtifactManifestEntry]) -> None:
        self._entries = entries

    @overload
    def __getitem__(self, at: int) -> ArtifactFile: ...
    @overload
    def __getitem__(self, at: slice) -> list[ArtifactFile]: ...
    def __getitem__(self, at: int | slice) -> ArtifactFile | list[ArtifactFile]:
        if isinstance(at, slice):
            return [ArtifactFile(one) for one in self._entries[at]]
        return ArtifactFile(self._entries[at])

    def __iter__(self) -> Iterator[ArtifactFile]:
        return map(ArtifactFile, self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<ArtifactFiles ({len(self)})>"
