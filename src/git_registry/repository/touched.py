"""Which commits touched a file, on whatever line they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from git_registry.repository.process import READING

if TYPE_CHECKING:
    from git_registry.repository.repository import Repository


def touching(
    repository: Repository, tip: str, paths: Sequence[str], *, without: Sequence[str] = (), at_most: int
) -> list[tuple[str, str | None]]:
    """Return the commits that changed one of some files, the newest first, each with its first parent.

    A merge is passed by for the commit that it brought: who merges something has not written it.

    Args:
        repository: where to look.
        tip: the commit to start from.
        paths: the files.
        without: leave out what these commits reach.
        at_most: how many are wanted.
    """
    walk = ("rev-list", "--parents", "--topo-order", f"--max-count={at_most}", tip)
    asked = (*walk, *(f"^{one}" for one in without), "--", *paths)
    lines = repository.git("--literal-pathspecs", *asked, env=READING).text.splitlines()
    return [(commit, next(iter(parents), None)) for commit, *parents in map(str.split, lines)]
