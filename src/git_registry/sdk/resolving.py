"""What a selector means: the version, and where its bytes are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from git_registry.catalog.catalog import Catalog
from git_registry.errors import InvalidDocument, NotFound
from git_registry.model.documents.manifest import FileEntry, Manifest
from git_registry.model.snapshot import Snapshot
from git_registry.sdk import selecting
from git_registry.sdk.selecting import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A version and its files.

    Attributes:
        seen: the clone, seen from the branch the version is on.
        found: which it is.
        manifest: its manifest.
        files: where each file is today, or the one that was asked for; read from the store if the manifest
            does not list them.
    """

    seen: Catalog
    found: Found
    manifest: Manifest
    files: Sequence[FileEntry]

    def file(self, path: str) -> FileEntry:
        """Return the file its list calls `path`.

        Raises:
            NotFound: there is none; the nearest is suggested.
        """
        found = next((one for one in self.files if one.path == path), None)
        if found is None:
            raise NotFound(
                f"there is no file {path!r} in it",
                where=f"{self.found.collection}@{self.found.id[:8]}",
                hint=selecting.nearest(path, [one.path for one in self.files]),
            )
        return found


def resolve(catalog: Catalog, text: str, *, path: str | None = None) -> Resolved:
    """Return what a selector means at the branch's tip.

    An alias or a digest is read off the tip's tree alone: it works in the shallowest clone.

    Args:
        catalog: the clone.
        text: the selector.
        path: the one file that is wanted. Of a list of 200,000 no other is kept.

    Raises:
        NotFound: there is nothing by that name; the nearest is suggested.
        UsageError: the text is no selector, or names a whole registry.
    """
    there, selector = selecting.place(catalog, text)
    return resolved(there, selecting.version(there, selector, assume_latest=True), path=path)


def resolved(seen: Catalog, found: Found, *, path: str | None = None) -> Resolved:
    """Return a version that was found, with its files or the one of them that is wanted.

    Raises:
        NotFound: it has no such file; the nearest is suggested.
    """
    manifest = selecting.manifest(seen.now(), found)
    if path is not None and manifest.file_list is not None:
        from git_registry.sdk.blobs import blobs

        one = blobs(seen).entry(manifest, path, found.manifest)
        if one is not None:
            return Resolved(seen=seen, found=found, manifest=manifest, files=(one,))
    whole = Resolved(seen=seen, found=found, manifest=manifest, files=_files(seen, found, manifest))
    return whole if path is None else replace(whole, files=(whole.file(path),))


def _files(catalog: Catalog, found: Found, manifest: Manifest) -> Sequence[FileEntry]:
    if manifest.file_list is None and not _has_moved(catalog.registries().present()):
        return manifest.files or ()
    from git_registry.sdk.blobs import blobs

    return blobs(catalog).entries(manifest, found.manifest)


def _has_moved(now: Snapshot) -> bool:
    try:
        return bool(now.organization().moved)
    except InvalidDocument:
        return False  # where the manifest says is the best that can be said
