"""The registry as a file system: `registry://model/churn:production/model.ubj`, for whatever reads by fsspec.

    pandas.read_parquet("registry://dataset/customers:v3/part-0.parquet")

A path is a selector, as commands take it, and below it one of the version's files. Without `:alias`, `:vN` or
`@digest` a collection stands for its latest version, also where a program goes down the tree by itself
(`walk`, `find`, `glob`, `get`); `ls` of a collection lists its versions.
"""

from __future__ import annotations

import errno
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path as LocalPath
from typing import IO, Any, TypeVar

from fsspec.callbacks import DEFAULT_CALLBACK, Callback
from fsspec.spec import make_instance
from fsspec.utils import isfilelike

from git_registry.catalog.catalog import Catalog
from git_registry.errors import RegistryError
from git_registry.model.documents.manifest import FileEntry
from git_registry.sdk import selecting
from git_registry.sdk.selecting import Place

from . import directories, infos
from .failures import Missing, as_os_errors, translated
from .infos import Info
from .making import Pinning
from .paths import Path, project_of, split
from .pinning import Pinned
from .progress import Told
from .reading import Part, Reading, part
from .readonly import ReadOnlyFileSystem
from .shelf import kept
from .versions import Version, version

T = TypeVar("T")


class RegistryFileSystem(ReadOnlyFileSystem, metaclass=Pinning):
    """Registries and projects at the commits that they were at when the instance was made. Read only.

    The default branch is pinned then, and the branch of the project that a URL names; that of another project
    when it is first looked at. The pins are among the options, and so travel with the instance: an alias that
    moves while a job runs can't mix versions. A new instance sees what is new, for none is kept and given
    again.

    Errors are ours and `OSError`s besides: what is missing is a `FileNotFoundError`, what may not be read or
    written a `PermissionError`.

    Args:
        repository: a clone's directory or a URL; None to look for it as commands do.
        commit: the one to read of the default branch.
        projects: the ones to read of projects' branches, by project.
        others: what tells apart from others an instance that may read any project.
        trust: URI prefixes to read from besides those the organization allows.
        storage_options: what fsspec takes besides.
    """

    protocol = "registry"
    cachable = False

    def __init__(
        self,
        repository: str,
        commit: str,
        projects: dict[str, str],
        others: str = "",
        trust: tuple[str, ...] = (),
        **storage_options: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(**storage_options)
        self._pinned = Pinned(
            repository=repository, commit=commit, projects=projects, others=others, trust=trust
        )

    @staticmethod
    def _get_kwargs_from_urls(path: str) -> dict[str, str]:
        project = project_of(RegistryFileSystem._strip_protocol(path))
        return {"project": project} if project else {}

    @classmethod
    def _strip_protocol(cls, path: Any) -> Any:  # noqa: ANN401 - one path, or a list of them
        found = super()._strip_protocol(path)
        return found.lstrip("/") if isinstance(found, str) else found

    def __dask_tokenize__(self) -> tuple[object, ...]:
        """Return what tells it from others in any process: fsspec's own token names process and thread.

        What is looked at later does not change it.
        """
        options = self.storage_options | {"projects": sorted(self.storage_options["projects"].items())}
        return (type(self).__name__, *sorted((k, str(v)) for k, v in options.items()))

    def __reduce__(self) -> tuple[object, ...]:
        """Return what makes the same elsewhere: the projects it has looked at are read there as here."""
        return make_instance, (type(self), self.storage_args, self.storage_options | self._looked_at)

    def to_dict(self, *, include_password: bool = True) -> dict[str, Any]:
        """Return what makes the same elsewhere, for JSON."""
        return {**super().to_dict(include_password=include_password), **self._looked_at}

    @property
    def _looked_at(self) -> dict[str, dict[str, str]]:
        return {"later": dict(self._pinned.later)} if self._pinned.later else {}

    @cached_property
    def _organization(self) -> str:
        def read(catalog: Catalog) -> str:
            return selecting.own_name(catalog.now())

        return self._answer("organization", "", self._pinned.commit, read, lambda _name: 1)

    def _split(self, path: str) -> Path:
        return split(self._strip_protocol(path), self._organization)

    def _answer(
        self, what: str, said: str, commit: str, read: Callable[[Catalog], T], size: Callable[[T], int]
    ) -> T:
        """Return what is read of the organization at a commit, now or before: it can't change."""
        pinned = self._pinned

        def opened() -> T:
            with pinned.opened() as catalog:
                return read(catalog)

        return kept((what, pinned.repository, pinned.trust, commit, said), opened, size)

    def _placed(self, what: str, named: Path, read: Callable[[Place], T], size: Callable[[T], int]) -> T:
        """Return what is read of the place that a path names."""

        def placed(catalog: Catalog) -> T:
            return read(self._pinned.place(catalog, named.said))

        return self._answer(what, named.said, self._commit(named), placed, size)

    def _version(self, named: Path) -> Version:
        return self._placed("version", named, version, lambda found: found.manifest.file_count)

    def _commit(self, named: Path) -> str:
        """Return the commit that a path is read at; a project's is decided now, if it was not before."""
        project = project_of(named.said) if named.project else None
        if project is None:
            return self._pinned.commit
        if self._pinned.of(project) is None:
            with self._pinned.opened() as catalog:
                self._pinned.place(catalog, named.said)
        return self._pinned.of(project) or self._pinned.commit

    def _file(self, path: str) -> tuple[Version, FileEntry]:
        """Return a file's entry, and the version that it is in."""
        named = self._split(path)
        found = self._version(named) if named.file else None
        entry = found.files.file(named.file) if found else None
        if found is None or entry is None:
            self.info(path)  # says that nothing is there
            raise IsADirectoryError(errno.EISDIR, "it is a directory", path)
        return found, entry

    def info(self, path: str, **_kwargs: object) -> Info:
        """Return what is at a path: of a file its size, and the digest and URI in its list.

        Raises:
            FileNotFoundError: there is nothing.
        """
        with as_os_errors():
            named = self._split(path)
            if named.has_version or named.file:
                return self._inside(named)
            if named.depth:
                self._placed("directory", named, directories.require, lambda _name: 1)
            else:
                self._first(named)
            return infos.directory(named.said)

    def _inside(self, named: Path) -> Info:
        found = self._version(named)
        if not named.file:
            return infos.directory(named.said, id=found.found.id)
        entry = found.files.file(named.file)
        if entry is not None:
            return infos.file(named, entry)
        if not found.files.is_directory(named.file):
            raise Missing(f"there is no file {named.file!r} in it", where=named.said)
        return infos.directory(named.below(named.file))

    def ls(self, path: str, detail: bool = True, *, versions: bool = True, **_kwargs: object) -> list[Any]:  # noqa: FBT001, FBT002 - as fsspec has it
        """Return what is in a directory; of a file, it itself.

        The organization holds its registries and `projects`, these hold collections; in a collection are its
        versions, by number and by alias, and in each its files.

        Args:
            path: of what.
            detail: what `info` says of each, or names alone.
            versions: are a collection's versions listed, or the files of its latest?

        Raises:
            FileNotFoundError: there is nothing.
        """
        with as_os_errors():
            named = self._split(path)
            if named.has_version or named.file or (named.is_collection and not versions):
                listed = self._files(named)
            else:
                listed = self._above(named)
        return listed if detail else [one["name"] for one in listed]

    def _files(self, named: Path) -> list[Info]:
        files = self._version(named).files
        entry = files.file(named.file) if named.file else None
        if entry is not None:
            return [infos.file(named, entry)]
        if not files.is_directory(named.file):
            raise Missing(f"there is no file {named.file!r} in it", where=named.said)
        return [
            infos.directory(named.below(one)) if isinstance(one, str) else infos.file(named, one)
            for one in files.within(named.file)
        ]

    def _above(self, named: Path) -> list[Info]:
        if named.depth == 0:
            return [infos.directory(named.below(name)) for name in self._first(named)]
        if not named.is_collection:
            names = self._placed("collections", named, directories.collections, len)
            return [infos.directory(named.below(name)) for name in names]
        versions = self._placed("versions", named, directories.versions, len)
        return [infos.directory(named.said + name, id=one) for name, one in versions]

    def _first(self, named: Path) -> list[str]:
        """Return the registries, or the projects, of which there may be more at any time."""
        with self._pinned.opened() as catalog:
            return (directories.names_of_projects if named.project else directories.registries)(catalog)

    def walk(self, path: str, *args: Any, **options: Any) -> Iterator[Any]:  # noqa: ANN401
        """Go down the tree as `AbstractFileSystem.walk` does; a collection stands for its latest version."""
        return super().walk(path, *args, **{**options, "versions": False})  # type: ignore[no-any-return]

    def exists(self, path: str, **_kwargs: object) -> bool:
        """Is there anything? That it can't be said is an error, not a no."""
        try:
            self.info(path)
        except FileNotFoundError:
            return False
        return True

    def _opened(self, path: str, **options: Any) -> IO[bytes]:  # noqa: ANN401
        """Open a file of the store's own kind; what is read of it is not verified, see `Reading.open`."""
        options.pop("autocommit", None)
        with as_os_errors():
            found, entry = self._file(path)
            return found.reading.open(entry, **{k: v for k, v in options.items() if v is not None})

    def cat_file(
        self, path: str, start: int | None = None, end: int | None = None, **_kwargs: object
    ) -> bytes:
        """Return a file's bytes, or those from `start` up to `end`; what is negative counts from its end.

        A whole file is verified against its digest. A part can't be: its bytes are as the store gave them.

        Raises:
            FileNotFoundError: there is no such file.
            OSError: the store can't be reached, or has something else than was linked.
        """
        with as_os_errors():
            found, entry = self._file(path)
            return found.reading.bytes_of(part(entry, start, end))

    def cat_ranges(
        self,
        paths: list[str],
        starts: int | list[int | None] | None,
        ends: int | list[int | None] | None,
        max_gap: int | None = None,  # noqa: ARG002 - stores that take one join ranges by themselves
        on_error: str = "return",
        **_kwargs: object,
    ) -> list[bytes | Exception]:
        """Return parts of files, those in one store asked for together. Parts are not verified.

        Args:
            paths: of the files, one for each part.
            starts: where the parts begin; one for all, or each its own.
            ends: where they end.
            max_gap: not used.
            on_error: `return` puts an error where its part would be; anything else raises the first.
        """
        begins = starts if isinstance(starts, list) else [starts] * len(paths)
        stops = ends if isinstance(ends, list) else [ends] * len(paths)
        if not len(paths) == len(begins) == len(stops):
            raise ValueError(f"{len(paths)} paths, {len(begins)} starts and {len(stops)} ends are no ranges")
        answers = self._parts(list(zip(paths, begins, stops)))
        failed = next((one for one in answers if isinstance(one, Exception)), None)
        if failed is not None and on_error != "return":
            raise failed
        return answers

    def _parts(self, asked: Sequence[tuple[str, int | None, int | None]]) -> list[bytes | Exception]:
        answers: list[bytes | Exception] = [b""] * len(asked)
        together: dict[Reading, list[tuple[int, Part]]] = defaultdict(list)
        for at, (path, start, end) in enumerate(asked):
            try:
                with as_os_errors():
                    found, entry = self._file(path)
                    together[found.reading].append((at, part(entry, start, end)))
            except OSError as error:
                answers[at] = error
        for reading, wanted in together.items():
            with as_os_errors():
                got = reading.each([one for _, one in wanted])
            for (at, _), answer in zip(wanted, got):
                answers[at] = translated(answer) if isinstance(answer, RegistryError) else answer
        return answers

    def get_file(
        self,
        rpath: str,
        lpath: Any,  # noqa: ANN401 - a path, or a file that is open for writing
        callback: Callback = DEFAULT_CALLBACK,
        outfile: IO[bytes] | None = None,
        **_kwargs: object,
    ) -> None:
        """Copy a file here, verified before it stands under its name; of a directory, make one.

        Raises:
            FileNotFoundError: there is no such file.
            OSError: the store can't be reached, or has something else than was linked.
        """
        opened = outfile or (lpath if isfilelike(lpath) else None)
        if opened is not None:
            opened.write(self.cat_file(rpath))
        elif self.isdir(rpath):
            os.makedirs(lpath, exist_ok=True)  # noqa: PTH103 - any path-like, as fsspec has it
        else:
            with as_os_errors():
                found, entry = self._file(rpath)
                found.reading.get(entry, LocalPath(lpath), Told(callback))
