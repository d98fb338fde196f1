"""A commit's tree as the model sees it, read lazily through Git."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from git_registry.codec.reading import decode
from git_registry.codec.tree import MAX_BYTES as LARGEST_DOCUMENT
from git_registry.errors import InvalidDocument, NotFound
from git_registry.model.documents.record import Document
from git_registry.model.snapshot import DIRECTORY, REGULAR, Entry, Tree
from git_registry.repository.objects import Reader

D = TypeVar("D", bound=Document)


_VERSIONED = ("versions", "unlinked", "runs")
_IN_COLLECTION = 3


class Contents(Tree, Protocol):
    """A tree whose files can be read as bytes too."""

    def content(self, path: str, *, at_most: int = ...) -> bytes:
        """Return the bytes at `path`; raise `NotFound` or `InvalidDocument`."""
        ...


def plain_file(tree: Tree, path: str) -> Entry:
    """Return the file at `path`.

    Raises:
        NotFound: nothing is there.
        InvalidDocument: it is executable, a symlink, a submodule or a directory.
    """
    directory, _, name = path.rpartition("/")
    entry = tree.entries(directory).get(name)
    if entry is None:
        raise NotFound("there is no such file", where=path)
    if entry.mode != REGULAR:
        raise InvalidDocument("expected a plain file (mode 100644)", where=path)
    return entry


class CommitTree:
    """The tree of one commit. Each directory and each document is read once, when first asked for.

    In a partial clone a document may be missing. Then `fetch` is asked for it and for those beside it at one
    go, and says whether it could.
    """

    def __init__(
        self, reader: Reader, root: str | None, fetch: Callable[[Sequence[str]], bool] | None = None
    ) -> None:
        self.reader = reader
        self._fetch = fetch
        self._directories: dict[str, Mapping[str, Entry]] = {} if root else {"": {}}
        self._documents: dict[tuple[str, type[Document]], Document] = {}
        self._ahead: Mapping[str, bytes] = {}
        self._root = root

    def entries(self, directory: str) -> Mapping[str, Entry]:
        """Return what is in a directory by name; empty if it isn't there."""
        known = self._directories.get(directory)
        if known is None:
            tree = self._tree_id(directory)
            known = {e.name: Entry(e.mode, e.id) for e in self.reader.tree(tree)} if tree else {}
            self._directories[directory] = known
        return known

    def _tree_id(self, directory: str) -> str | None:
        if not directory:
            return self._root
        parent, _, name = directory.rpartition("/")
        entry = self.entries(parent).get(name)
        return entry.id if entry and entry.mode == DIRECTORY else None

    def document(self, path: str, kind: type[D]) -> D:
        """Return the document at `path`, unknown fields kept."""
        found = self._documents.get((path, kind))
        if found is None:
            found = decode(kind, self.content(path), where=path)
            self._documents[path, kind] = found
        assert isinstance(found, kind)
        return found

    def content(self, path: str, *, at_most: int = LARGEST_DOCUMENT) -> bytes:
        """Return the bytes at `path`.

        Raises:
            NotFound: nothing is there.
            InvalidDocument: it is no plain file, or larger than `at_most` bytes.
        """
        entry = plain_file(self, path)
        try:
            return self.blob(path, entry.id, at_most)
        except NotFound:
            if self._fetch is None or not self._fetch(list(self._near(path))):
                raise
        return self.blob(path, entry.id, at_most)

    def expect(self, blobs: Mapping[str, bytes]) -> None:
        """Take the bytes of blobs that will be asked for soon, read at one go; those taken before go."""
        self._ahead = blobs

    def versions(self, collection: str) -> list[str]:
        """Return the blobs of the manifests and notes of a collection's linked versions."""
        return list(self._files(f"{collection}/versions", versioned=True))

    def _near(self, path: str) -> Iterator[str]:
        """Yield the blobs that are likely asked for soon after one that a partial clone lacked.

        Of a version's documents these are all of its collection, else all but those of versions.
        """
        parts = path.split("/")
        versioned = len(parts) > _IN_COLLECTION and parts[2] in _VERSIONED
        yield from self._files("/".join(parts[:3]) if versioned else "", versioned=versioned)

    def _files(self, directory: str, *, versioned: bool) -> Iterator[str]:
        for name, entry in self.entries(directory).items():
            path = f"{directory}/{name}" if directory else name
            if entry.mode == REGULAR:
                yield entry.id
            elif entry.is_directory and (versioned or name not in _VERSIONED):
                yield from self._files(path, versioned=versioned)

    def blob(self, path: str, blob: str, at_most: int) -> bytes:
        """Return the bytes of a blob that stands, or will stand, at `path`."""
        ahead = self._ahead.get(blob)
        if ahead is not None and len(ahead) <= at_most:
            return ahead
        try:
            return self.reader.blob(blob, at_most=at_most)
        except InvalidDocument as problem:
            raise problem.under(path) from None
