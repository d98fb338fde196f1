"""Which commits touched a file, on whatever line they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from git_registry.repository.process import READING

if TYPE_CHECKING:
    from git_registry.repository.repository import Repository


def touching(
    repository: Repository, tips: Sequence[str], paths: Sequence[str], *, at_most: int
) -> list[tuple[str, str | None]]:
    """Return the commits that changed one of some files, the newest first, each with its first parent.

    A merge is passed by for the commit that it brought: who merges something has not written it.
    """
    asked = ("rev-list", "--parents", "--topo-order", f"--max-count={at_most}", *tips, "--", *paths)
    lines = repository.git("--literal-pathspecs", *asked, env=READING).text.splitlines()
    return [(commit, next(iter(parents), None)) for commit, *parents in map(str.split, lines)]
