"""Objects that a line of history needs and the repository lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_registry.repository.process import READING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from git_registry.repository.repository import Repository


def missing_objects(repository: Repository, tip: str, *, paths: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the ids of trees and blobs that the steps of `tip`'s first-parent line need and are not here.

    In a partial clone these are what its remote promised. Whether the others are whole is not asked.

    Args:
        repository: where to look.
        tip: the commit to start from.
        paths: only what stands at these files or directories.

    Raises:
        GitFailed: a commit of the line is not here, or can't be read.
    """
    walk = ["--literal-pathspecs", "rev-list", "--first-parent", "--objects", "--quiet", "--missing=print"]
    listed = repository.git(*walk, tip, "--", *paths, env=READING).text.split()
    return tuple(line.removeprefix("?") for line in listed)
