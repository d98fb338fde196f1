"""The manifest of a version: written once, never changed, named by its digest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from git_registry.errors import InvalidDocument
from git_registry.model.digest import ID_LENGTH, Digest, check_path, list_digest
from git_registry.model.documents.record import Document, Number, Record, Value
from git_registry.model.names import (
    ContentAlgorithm,
    Name,
    Place,
    RepositoryUrl,
    Rule,
    Text,
    Timestamp,
    TypeName,
    Uri,
    VersionId,
)

INLINE_FILES = 100
"""A longer file list is not written inline but kept in the store as a blob."""


def _path_problem(path: str) -> str:
    try:
        check_path(path)
    except InvalidDocument as error:
        return error.message
    return ""


FILE_PATH = Rule("a relative path such as weights/model.ubj", r"[^\\\x00-\x1f]+", _path_problem)
FilePath = Annotated[str, FILE_PATH]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry(Record):
    """One file of a version: its path in the list, its bytes' size and digest, and where they are."""

    path: FilePath
    size: int | None = None
    digest: Digest
    uri: Uri


@dataclass(frozen=True, slots=True, kw_only=True)
class FileList(Record):
    """A long file list: a blob of `count` JSON objects, one a line, each a file entry.

    Attributes:
        content: the algorithm that every file in it is known by; absent if one is known otherwise.
    """

    uri: Uri
    digest: Digest
    count: int
    content: ContentAlgorithm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectVersion(Record):
    """A version of an artifact in a project."""

    project: Place
    artifact: Place
    version: VersionId
    repository: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReference(Record):
    """The run that made a version."""

    project: Place
    id: Name
    name: Text | None = None
    job_type: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Record):
    """The code that ran: its commit, `dirty` if the work tree differed from it, the script and its words."""

    repository: RepositoryUrl | None = None
    commit: Text | None = None
    dirty: bool = False
    path: Text | None = None
    args: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Input(Record):
    """What a version was made from, in one of three forms.

    A version in a registry's collection (`registry`, `version`), one in a project (`project`,
    `artifact`, `version`), or data where it lies (`uri`, `digest`).
    """

    registry: Text | None = None
    project: Place | None = None
    artifact: Place | None = None
    version: VersionId | None = None
    repository: Name | None = None
    uri: Uri | None = None
    digest: Digest | None = None
    used_as: Text | None = None

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield a problem unless it is one of the three forms, whole."""
        given = {
            name for name in ("registry", "project", "artifact", "version", "uri") if getattr(self, name)
        }
        if given not in ({"registry", "version"}, {"project", "artifact", "version"}, {"uri"}):
            yield "", "an input is registry and version, or project, artifact and version, or a uri"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(Document):
    """What a version is: its files and where it came from.

    Attributes:
        digest: of the file list (see `model.digest.list_digest`); its first 32 digits are the id.
        size: bytes of all files together; files of unknown size count nothing.
        files: up to 100 entries; None if the list is kept in the store as `file_list`.
    """

    kind: ClassVar[str] = "manifest"
    block: ClassVar[frozenset[str]] = frozenset({"files", "inputs"})

    artifact: Name
    type: TypeName
    digest: Digest
    size: int
    created: Timestamp
    metadata: Mapping[str, Value] = field(default_factory=dict)
    metrics: Mapping[str, Number] = field(default_factory=dict)
    files: tuple[FileEntry, ...] | None = None
    file_list: FileList | None = None
    source: ProjectVersion | None = None
    run: RunReference | None = None
    code: Code | None = None
    inputs: tuple[Input, ...] = ()

    @property
    def id(self) -> str:
        """Return the version's id, which is also the manifest's file name."""
        return self.digest.value[:ID_LENGTH]

    @property
    def file_count(self) -> int:
        """Return how many files the version has."""
        return self.file_list.count if self.file_list else len(self.files or ())

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong between fields: not one file list, a size or digest that is not its files'."""
        if (self.files is None) == (self.file_list is None):
            yield "files", "a manifest has either files or file_list"
        if not self.digest.is_content:
            yield "digest", "a version is known by the sha256 of its file list"
        if self.files is not None and len(self.files) > INLINE_FILES:
            yield "files", f"more than {INLINE_FILES} files are kept as a file_list in the store"
        yield from self._file_problems(self.files or ())

    def _file_problems(self, files: tuple[FileEntry, ...]) -> Iterator[tuple[str, str]]:
        seen: set[str] = set()
        for entry in files:
            if entry.path in seen:
                yield "files", f"the path {entry.path!r} is repeated"
            seen.add(entry.path)
        if self.files is not None:
            together = sum(entry.size or 0 for entry in files)
            if together != self.size:
                yield "size", f"the files listed have {together} bytes together"
            made = list_digest((entry.path, entry.digest, entry.uri) for entry in files)
            if self.digest.is_content and made != self.digest:
                yield "digest", f"the files listed have the digest {made}"
