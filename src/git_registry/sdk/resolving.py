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

_MOST = 3000
"""Names that are compared with one that is not there; difflib takes a tenth of a second for so many."""


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
        beside = _Beside(path)
        for one in self.files:
            if one.path == path:
                return one
            beside.add(one.path)
        raise beside.absent(self.found)


class _Beside:
    """Names in the directory of a file that is looked for: one of them may have been meant."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._within = path[: path.rfind("/") + 1]
        self._names: list[str] = []

    def add(self, path: str) -> None:
        """Keep a name, if it is one of these, and there are not too many to compare."""
        if (
            path.startswith(self._within)
            and "/" not in path[len(self._within) :]
            and len(self._names) < _MOST
        ):
            self._names.append(path)

    def absent(self, found: Found) -> NotFound:
        """Return that there is no such file in a version."""
        return NotFound(
            f"there is no file {self._path!r} in it",
            where=f"{found.collection}@{found.id[:8]}",
            hint=selecting.nearest(self._path, self._names, within=self._within),
        )


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

        beside = _Beside(path)
        one = blobs(seen).entry(manifest, path, found.manifest, beside.add)
        if one is None:
            raise beside.absent(found)
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
