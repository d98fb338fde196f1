"""Many objects at once: one child that is told all names while it answers (git-cat-file(1), --buffer)."""

from __future__ import annotations

import contextlib
import subprocess
from threading import Thread
from typing import IO, TYPE_CHECKING

from git_registry.errors import NotFound
from git_registry.repository.process import READING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from git_registry.repository.repository import Repository

_CHUNK = 1 << 20


def blobs(repository: Repository, ids: Sequence[str], *, at_most: int) -> Iterator[tuple[str, bytes | None]]:
    """Yield each id, in the order given, with the blob's bytes: None if it isn't here or is too large.

    A question and its answer one by one cost twice as much. Nothing is fetched.

    Args:
        repository: where they are.
        ids: whole object ids.
        at_most: bytes of the largest blob that is read.
    """
    yield from _contents(repository, ids, b"blob", at_most)


def trees(repository: Repository, ids: Sequence[str], *, at_most: int) -> Iterator[tuple[str, bytes | None]]:
    """Yield each id, in the order given, with the tree as it is stored, as `blobs` does."""
    yield from _contents(repository, ids, b"tree", at_most)


def _contents(
    repository: Repository, ids: Sequence[str], kind: bytes, at_most: int
) -> Iterator[tuple[str, bytes | None]]:
    if not ids:
        return
    child = repository.command.spawn("cat-file", "--batch", "--buffer", stdin=subprocess.PIPE, env=READING)
    assert child.stdin is not None
    assert child.stdout is not None
    # Told by a thread: the child may stop reading names until somebody reads what it wrote.
    told = Thread(target=_tell, args=(child.stdin, ids), daemon=True)
    told.start()
    try:
        for object_id in ids:
            yield object_id, _answer(child.stdout, kind, at_most)
    finally:
        child.kill()
        child.stdout.close()
        child.wait()
        told.join()


def sizes(repository: Repository, ids: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Yield each object's id, type and size, in the order given; of what isn't here an empty type and 0.

    Only headers are read, so a compression bomb costs nothing.
    """
    if not ids:
        return
    asked = "".join(f"{one}\n" for one in ids).encode("ascii")
    told = repository.git("cat-file", "--batch-check", "--buffer", input=asked, env=READING).text
    for name, line in zip(ids, told.split("\n"), strict=True):
        kind, _, size = line.partition(" ")[2].partition(" ")
        yield name, kind if size else "", int(size or 0)


def _tell(child: IO[bytes], ids: Sequence[str]) -> None:
    with contextlib.suppress(BrokenPipeError):
        child.writelines(f"{object_id}\n".encode() for object_id in ids)
    with contextlib.suppress(BrokenPipeError):
        child.close()


def _answer(stream: IO[bytes], wanted: bytes, at_most: int) -> bytes | None:
    header = stream.readline().split()
    if not header:
        raise NotFound("git stopped in the middle of its answers")
    if header[-1] == b"missing":
        return None
    kind, size = header[1], int(header[2])
    if kind == wanted and size <= at_most:
        return stream.read(size + 1)[:-1]
    left = size + 1
    while left:
        left -= len(stream.read(min(left, _CHUNK)))
    return None
