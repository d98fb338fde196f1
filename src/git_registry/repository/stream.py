"""What differs between many pairs of trees, from one child of git, and never more than is wanted."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING

from git_registry.errors import InvalidDocument
from git_registry.repository.changes import DEEPEST, Change, Side
from git_registry.repository.process import READING, failed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from git_registry.repository.repository import Repository

_CHUNK = 1 << 16
_NOTHING = "000000"


def differences(
    repository: Repository, pairs: Sequence[tuple[str, str]], *, entries: int, depth: int = DEEPEST
) -> Iterator[tuple[Change, ...]]:
    """Yield for each pair of trees the files and directories that differ between them, in Git's order.

    Twelve tree objects can hold 10^10 paths. Git tells of each directory that it enters, too (-t), so a
    stream of them ends where they are too many, and so does git.

    Args:
        repository: where the trees are.
        pairs: before and after; the same tree twice is no difference.
        entries: how many files and directories may differ in all pairs together.
        depth: how many directories may be nested.

    Raises:
        InvalidDocument: there are more, or they are nested deeper.
    """
    if not pairs:
        return
    # The locale and every setting aside: this is plumbing (git-diff-tree(1)).
    command = ("diff-tree", "--stdin", "-r", "-t", "-z", "--raw", "--no-renames", "--no-abbrev")
    with _scratch() as asked, _scratch() as words:
        asked.write("".join(f"{one} {other}\n" for one, other in pairs).encode("ascii"))
        asked.seek(0)
        child = repository.command.spawn(*command, stdin=asked, stderr=words, env=READING)
        assert child.stdout is not None
        try:
            yield from _grouped(_limited(_tokens(child.stdout), entries, depth), len(pairs))
            if child.wait() != 0:
                words.seek(0)
                raise failed(command, words.read().decode("utf-8", "replace").strip(), child.returncode)
        finally:
            child.kill()
            child.stdout.close()
            child.wait()


def _scratch() -> IO[bytes]:
    """Return a file of nobody's: git reads it at its own speed, and whatever it writes there never waits."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("git-registry"), "w+b")
    import tempfile  # takes longer than git does for a small push

    return tempfile.TemporaryFile()


def _tokens(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what stands between NUL bytes."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole


def _limited(tokens: Iterator[bytes], entries: int, depth: int) -> Iterator[tuple[int, Change]]:
    """Yield how many pairs have begun, and a change.

    A pair begins with a line of its own, both ids, in front of whatever comes next; only there is it looked
    for, for a path may look like one.
    """
    begun = 0
    for number, token in enumerate(tokens):
        *pairs, told = token.decode("ascii").split("\n")
        begun += len(pairs)
        path = next(tokens).decode("utf-8", "surrogateescape")
        if number >= entries:
            raise InvalidDocument(f"more than {entries} files and directories change")
        if path.count("/") >= depth:
            raise InvalidDocument(f"directories are nested more than {depth} deep", where=path)
        old, new, before, after, _ = told[1:].split(" ")
        yield begun, Change(path, _side(old, before), _side(new, after))


def _side(mode: str, object_id: str) -> Side | None:
    return None if mode == _NOTHING else Side(int(mode, 8), object_id)


def _grouped(found: Iterator[tuple[int, Change]], pairs: int) -> Iterator[tuple[Change, ...]]:
    """Yield the changes of each pair, in order: nothing for one that git had nothing to say of."""
    given = 0
    here: list[Change] = []
    for begun, change in found:
        while given < begun - 1:
            yield tuple(here)
            given, here = given + 1, []
        here.append(change)
    for _ in range(pairs - given):
        yield tuple(here)
        here = []
