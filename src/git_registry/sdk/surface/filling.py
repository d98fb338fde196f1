"""Putting files into an artifact, until it is logged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from os import PathLike, fspath
from pathlib import Path
from typing import IO, Any, Literal

from git_registry.errors import NotFound, UsageError
from git_registry.model.documents.manifest import FileEntry
from git_registry.sdk.drafting import Local, plain
from git_registry.sdk.surface import current
from git_registry.sdk.surface.entries import ArtifactManifestEntry
from git_registry.sdk.surface.failures import NoSuchFile
from git_registry.sdk.surface.subject import Subject
from git_registry.sdk.surface.table import SUFFIX, Table
from git_registry.sdk.surface.workspace import Workspace
from git_registry.store.blobs import Stored

Path_ = str | PathLike[str]
Policy = Literal["mutable", "immutable"]

_DIGITS = 20
"""Of a temporary file's digest, which it is called by."""


class Filling(Subject):
    """The part of an artifact that takes files; what becomes of them, `sdk.drafting` says."""

    _workspace: Workspace | None = None

    def add_file(
        self,
        local_path: Path_,
        name: str | None = None,
        is_tmp: bool | None = False,
        skip_cache: bool | None = False,
        policy: Policy | None = "mutable",
        overwrite: bool = False,
    ) -> ArtifactManifestEntry:
        """Add a file. A large one must stay as it is until the artifact is logged.

        Args:
            local_path: where it is.
            name: what it is called in the artifact; by default its own name.
            is_tmp: is it called by something that means nothing? It gets a name made of its digest.
            skip_cache: accepted as W&B does; what is uploaded goes to no cache.
            policy: `immutable` promises that the file stays as it is. Any other is copied aside: a small one
                at once, a large one when it is logged to a store that is far away.
            overwrite: may it take the place of another of that name?

        Raises:
            ArtifactFinalizedError: the artifact is logged, or final.
            UsageError: there is no such file; or another one has that name already.
        """
        self._require_open("add_file")
        lasting = _is_lasting(policy)
        local = Path(fspath(local_path))
        called = name or local.name
        if is_tmp:
            called = _made_of_digest(Local.at(local, called))
        item = self.draft.add_file(local, called, overwrite=overwrite, lasting=lasting)
        return ArtifactManifestEntry(self._whole(), item, skip_cache=bool(skip_cache))

    def add_dir(
        self,
        local_path: Path_,
        name: str | None = None,
        skip_cache: bool | None = False,
        policy: Policy | None = "mutable",
        merge: bool = False,
    ) -> None:
        """Add every file below a directory; symbolic links are followed.

        Args:
            local_path: where it is.
            name: a directory in the artifact; by default its top.
            skip_cache: accepted as W&B does.
            policy: as for `add_file`.
            merge: may files of other content that are there be replaced? None is ever removed.

        Raises:
            ArtifactFinalizedError: the artifact is logged, or final.
            UsageError: it is no directory; a link in it leads nowhere, or something in it is no file; or
                another file has one's name already.
        """
        del skip_cache
        self._require_open("add_dir")
        lasting, local = _is_lasting(policy), Path(fspath(local_path))
        self.draft.add_directory(local, name or "", overwrite=merge, lasting=lasting)

    def add_reference(
        self,
        uri: ArtifactManifestEntry | str,
        name: str | None = None,
        checksum: bool = True,
        max_objects: int | None = None,
    ) -> Sequence[ArtifactManifestEntry]:
        """Add data where it lies: one object, everything below a prefix, or a file of another artifact.

        Args:
            uri: where; or an entry of a logged artifact, whose bytes are then named twice and kept once.
            name: what one object is called, or the directory of many.
            checksum: ask the store what identifies each object? If not, the URI alone is recorded.
            max_objects: more than so many are refused, not cut off.

        Raises:
            ArtifactFinalizedError: the artifact is logged, or final.
            Refused: the organization allows no reading from there.
            UsageError: there are too many; or another file has one's name already.
        """
        self._require_open("add_reference")
        if isinstance(uri, ArtifactManifestEntry):
            found = [_shared(uri, name)]
        else:
            found = [_entry(one) for one in self._referred(uri, name, checksum, max_objects)]
        for item in found:
            self.draft.put(item)
        return [ArtifactManifestEntry(self._whole(), item) for item in found]

    def _referred(
        self, uri: str, name: str | None, checksum: bool, max_objects: int | None
    ) -> tuple[Stored, ...]:
        from git_registry.sdk.blobs import blobs
        from git_registry.sdk.referring import refer

        limit = {} if max_objects is None else {"max_objects": max_objects}
        with self._organization() as workspace:
            return refer(blobs(workspace.catalog), uri, name, checksum=checksum, **limit)

    @contextmanager
    def _organization(self) -> Iterator[Workspace]:
        """Give the organization it will stand in: its own, that of the run under way, or what is found."""
        run = current.run()
        known = self._workspace or (run._workspace if run else None)
        if known is not None:
            yield known
            return
        found = Workspace()
        try:
            yield found
        finally:
            found.close()

    def add(self, obj: object, name: str, overwrite: bool = False) -> ArtifactManifestEntry:
        """Add a table, which `get` reads back.

        Raises:
            ArtifactFinalizedError: the artifact is logged, or final.
            UsageError: it is no `Table`: W&B's media are not kept.
        """
        self._require_open("add")
        if not isinstance(obj, Table):
            raise UsageError(
                f"a {type(obj).__name__} can't be added as an object; only a Table can",
                hint="write it to a file: with artifact.new_file('data.json') as file: …",
            )
        called = name if name.endswith(SUFFIX) else name + SUFFIX
        local = self.draft.written()
        local.write_text(obj.to_json(), encoding="utf-8")
        item = self.draft.add_file(local, called, overwrite=overwrite, lasting=True)
        return ArtifactManifestEntry(self._whole(), item)

    def __setitem__(self, name: str, obj: object) -> None:
        self.add(obj, name)

    @contextmanager
    def new_file(
        self,
        name: str,
        mode: str = "x",
        encoding: str | None = None,
        policy: Policy | None = "mutable",
    ) -> Iterator[IO[Any]]:
        """Open a new file for writing; it is added when the block ends, unless that raises.

        Args:
            name: what it is called in the artifact.
            mode: `x`, `xb`, `w` or `wb`; with `w` it may take the place of another of that name.
            encoding: of text; UTF-8 by default, whatever the machine's is.
            policy: accepted as W&B does.

        Raises:
            ArtifactFinalizedError: the artifact is logged, or final.
            UsageError: another file has that name already.
        """
        self._require_open("new_file")
        _is_lasting(policy)
        overwrite = mode.startswith("w")
        if mode not in ("x", "xb", "xt", "w", "wb", "wt"):
            raise UsageError(f"a new file is opened to be written, with mode x or w, not {mode!r}")
        if plain(name) in self.draft.items and not overwrite:
            raise UsageError(
                f"File with name {name!r} already exists", hint="mode 'w' takes its place; or choose another"
            )
        local = self.draft.written()
        binary = mode.endswith("b")
        with local.open(f"x{'b' * binary}", encoding=None if binary else encoding or "utf-8") as file:
            yield file
        self.draft.add_file(local, name, overwrite=overwrite, lasting=True)

    def remove(self, item: ArtifactManifestEntry | Path_) -> None:
        """Take a file out, or everything below a directory.

        Raises:
            ArtifactFinalizedError: the artifact is logged, or final.
            NoSuchFile: there is neither; it is a FileNotFoundError.
        """
        self._require_open("remove")
        path = item.path if isinstance(item, ArtifactManifestEntry) else fspath(item)
        try:
            self.draft.remove(path)
        except NotFound as missing:
            raise NoSuchFile(missing.message, hint=missing.hint) from None

    def get_added_local_path_name(self, local_path: str) -> str | None:
        """Return what a local file is called in the artifact, or None if it was not added."""
        wanted = Path(local_path).resolve()
        items = self.draft.items.values()
        return next((one.path for one in items if isinstance(one, Local) and one.origin == wanted), None)


def _is_lasting(policy: str | None) -> bool:
    if policy not in (None, "mutable", "immutable"):
        raise UsageError(f"Invalid policy {policy!r}: it is mutable or immutable")
    return policy == "immutable"


def _made_of_digest(file: Local) -> str:
    directory, slash, name = plain(file.path).rpartition("/")
    return f"{directory}{slash}{'.'.join([file.digest().value[:_DIGITS], *name.split('.')[1:]])}"


def _entry(stored: Stored) -> FileEntry:
    return FileEntry(path=stored.path, size=stored.size, digest=stored.digest, uri=stored.uri)


def _shared(entry: ArtifactManifestEntry, name: str | None) -> FileEntry:
    item = entry.item
    if isinstance(item, Local):
        raise UsageError("only a file of a logged artifact can be referred to", where=entry.path)
    path = plain(name) if name else item.path
    return FileEntry(path=path, size=item.size, digest=item.digest, uri=item.uri)
