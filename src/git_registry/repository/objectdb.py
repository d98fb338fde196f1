"""Objects through libgit2, for processes that live long and for everything that writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pygit2

from git_registry.errors import InvalidDocument, NotFound
from git_registry.repository.objects import (
    EMPTY_TREE,
    LARGEST_TREE,
    TreeEntry,
    parse_commit_tree,
    parse_tree,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

LARGEST_COMMIT = 16 * 1024 * 1024
KINDS = {
    pygit2.enums.ObjectType.COMMIT: "commit",
    pygit2.enums.ObjectType.TREE: "tree",
    pygit2.enums.ObjectType.BLOB: "blob",
    pygit2.enums.ObjectType.TAG: "tag",
}


def absent(gitdir: Path, ids: Iterable[str]) -> list[str]:
    """Return those of the ids whose objects are not here.

    In a partial clone git itself can't be asked: told to fetch nothing it dies of the first that is missing.
    """
    there = pygit2.Repository(str(gitdir)).odb
    return [object_id for object_id in ids if not there.exists(object_id)]


class PygitReader:
    """A `Reader` over pygit2. libgit2 knows no replace refs and fetches nothing by itself."""

    def __init__(self, gitdir: Path) -> None:
        self.pygit: pygit2.Repository = pygit2.Repository(str(gitdir))

    def commit(self, revision: str) -> str | None:
        """See `Reader.commit`."""
        if not revision or revision.startswith(("-", "^")) or not revision.isprintable():
            return None
        try:
            return str(self.pygit.revparse_single(revision).peel(pygit2.Commit).id)
        except (KeyError, ValueError, pygit2.GitError):
            return None

    def root(self, commit: str) -> str:
        """See `Reader.root`."""
        return parse_commit_tree(self._content(commit, "commit", LARGEST_COMMIT))

    def commit_text(self, commit: str, *, at_most: int = LARGEST_COMMIT) -> bytes:
        """See `Reader.commit_text`."""
        return self._content(commit, "commit", at_most)

    def tree(self, tree: str) -> tuple[TreeEntry, ...]:
        """See `Reader.tree`."""
        return parse_tree(self.tree_text(tree))

    def tree_text(self, tree: str) -> bytes:
        """See `Reader.tree_text`."""
        return b"" if tree == EMPTY_TREE else self._content(tree, "tree", LARGEST_TREE)

    def blob(self, blob: str, *, at_most: int) -> bytes:
        """See `Reader.blob`."""
        return self._content(blob, "blob", at_most)

    def size(self, object_id: str) -> int:
        """See `Reader.size`."""
        return self._info(object_id)[1]

    def close(self) -> None:
        """See `Reader.close`."""
        self.pygit.free()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _info(self, object_id: str) -> tuple[str, int]:
        # Never `repo[oid].size`: that reads, and for a blob of zeros inflates, the whole object.
        try:
            kind, size = self.pygit.odb.read_header(pygit2.Oid(hex=object_id))
        except (KeyError, ValueError, pygit2.GitError):
            raise NotFound(f"object {object_id} is not in this repository") from None
        return KINDS[kind], size

    def _content(self, object_id: str, expected: str, at_most: int) -> bytes:
        kind, size = self._info(object_id)
        if kind != expected:
            raise NotFound(f"object {object_id} is a {kind}, not a {expected}")
        if size > at_most:
            raise InvalidDocument(f"{expected} {object_id} has {size} bytes; at most {at_most} are read")
        content: bytes = self.pygit.odb.read(pygit2.Oid(hex=object_id))[1]
        return content
