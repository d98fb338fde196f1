"""Which refs there are, and which objects a ref would bring that no ref here reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_registry.repository.process import READING, failed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_registry.repository.repository import Repository


def matching(repository: Repository, pattern: str) -> list[tuple[str, str]]:
    """Return name and id of the refs that match a pattern (git-for-each-ref(1)), sorted by name."""
    told = repository.git("for-each-ref", "--format=%(refname) %(objectname)", "--", pattern, env=READING)
    rows = (row.rpartition(" ") for row in told.text.split("\n") if row)
    return [(name, target) for name, _, target in rows]


def names(repository: Repository) -> list[str]:
    """Return the full names of all refs, sorted."""
    told = repository.git("for-each-ref", "--format=%(refname)", env=READING).text
    return [row for row in told.split("\n") if row]


def pointing(repository: Repository, object_id: str, below: str) -> list[str]:
    """Return the names of the refs below a prefix that hold an object, sorted."""
    asked = ("for-each-ref", f"--points-at={object_id}", "--format=%(refname)", "--", below)
    return [row for row in repository.git(*asked, env=READING).text.split("\n") if row]


def brought(repository: Repository, tip: str) -> Iterator[tuple[str, str]]:
    """Yield id and path of each object that a ref at `tip` would bring; of a commit the path is empty.

    Stop when enough is seen: git goes on only as far as it is read.
    """
    command = ("rev-list", "--objects", tip, "--not", "--all", "--")
    child = repository.command.spawn(*command, env=READING)
    assert child.stdout is not None
    try:
        for row in child.stdout:
            name, _, path = row.rstrip(b"\n").partition(b" ")
            yield name.decode("ascii"), path.decode("utf-8", "surrogateescape")
        if child.wait() != 0:
            raise failed(command, "", child.returncode)
    finally:
        child.kill()
        child.stdout.close()
        child.wait()
