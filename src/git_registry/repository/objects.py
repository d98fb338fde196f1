"""What Git stores: tree entries, and the one interface through which objects are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NewType, Protocol, Self

from git_registry.errors import InvalidDocument

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The tree without entries. Git knows it even where nobody stored it."""

NOTHING = "0" * 40
"""What Git says in place of an id where there is none (githooks(5))."""

TREE = 0o040000
FILE = 0o100644

LARGEST_TREE = 64 * 1024 * 1024
"""Bytes of one tree we are willing to read: more than a million entries."""

BlobId = NewType("BlobId", str)
"""The id of a blob that is already stored, given where its bytes could be given too."""


class TreeEntry(NamedTuple):
    """One line of a tree. Bytes of a name that are not UTF-8 are kept by `surrogateescape`."""

    name: str
    mode: int
    id: str

    @property
    def is_tree(self) -> bool:
        """Whether it is a directory."""
        return self.mode == TREE

    @property
    def is_file(self) -> bool:
        """Whether it is a plain file: neither executable, symlink nor submodule."""
        return self.mode == FILE


class Trees(Protocol):
    """Trees by id."""

    def tree(self, tree: str) -> tuple[TreeEntry, ...]:
        """Return a tree's entries; raise `NotFound` if it is missing, `InvalidDocument` if too large."""


class Reader(Trees, Protocol):
    """Objects by id. Not for two threads at once; close it, or use it in a `with`."""

    def commit(self, revision: str) -> str | None:
        """Return the full id of the commit a revision names, tags peeled, or None if there is none."""

    def root(self, commit: str) -> str:
        """Return the id of a commit's tree; raise `NotFound` if there is no such commit."""

    def commit_text(self, commit: str, *, at_most: int = ...) -> bytes:
        """Return a commit as it is stored; raise as `blob` does."""

    def tree_text(self, tree: str) -> bytes:
        """Return a tree as it is stored; raise as `tree` does."""

    def blob(self, blob: str, *, at_most: int) -> bytes:
        """Return a blob's bytes; raise `NotFound` if missing, `InvalidDocument` if larger than `at_most`.

        Its size is known before any of it is read, so a compression bomb costs nothing.
        """

    def size(self, object_id: str) -> int:
        """Return how many bytes an object has, without reading them; raise `NotFound` if it is missing."""

    def close(self) -> None:
        """Let go of whatever it holds. A second time does nothing."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def is_id(text: str) -> bool:
    """Is it a whole id, as Git writes one?"""
    return len(text) == 40 and all(digit in "0123456789abcdef" for digit in text)


def entry_at(reader: Trees, tree: str, path: str) -> TreeEntry | None:
    """Return what a tree holds at `a/b/c`, or None; one tree is read for each step down."""
    entry: TreeEntry | None = TreeEntry("", TREE, tree)
    for name in path.split("/"):
        if entry is None or not entry.is_tree:
            return None
        entry = next((inner for inner in reader.tree(entry.id) if inner.name == name), None)
    return entry


def parse_tree(content: bytes) -> tuple[TreeEntry, ...]:
    """Return the entries of a tree object's content: `<octal mode> SP <name> NUL <20 bytes>`, repeated."""
    entries, start = [], 0
    try:
        while start < len(content):
            end = content.index(b"\0", start)
            mode, name = content[start:end].split(b" ", 1)
            start = end + 21
            text = name.decode("utf-8", "surrogateescape")
            entries.append(TreeEntry(text, int(mode, 8), content[end + 1 : start].hex()))
    except ValueError:
        raise InvalidDocument("the tree object is malformed") from None
    if start != len(content):
        raise InvalidDocument("the tree object is cut off")
    return tuple(entries)


def format_tree(entries: Iterable[TreeEntry]) -> bytes:
    """Return the content of a tree object with these entries, sorted as Git does (a directory as `name/`)."""
    lines = []
    for entry in entries:
        name = entry.name.encode("utf-8", "surrogateescape")
        key = name + b"/" if entry.is_tree else name
        lines.append((key, b"%o %s\0" % (entry.mode, name) + bytes.fromhex(entry.id)))
    return b"".join(line for _, line in sorted(lines))


def parse_commit_tree(content: bytes) -> str:
    """Return the tree id on the first line of a commit object."""
    if not content.startswith(b"tree ") or content[45:46] != b"\n":
        raise InvalidDocument("the commit object is malformed")
    return content[5:45].decode("ascii")
