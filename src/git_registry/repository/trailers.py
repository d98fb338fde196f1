"""What the last lines of messages say, as git-interpret-trailers(1) writes them: `Reviewed-by: …`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_registry.repository.process import READING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from git_registry.repository.repository import Repository

_LISTED = ("rev-list", "--no-walk=unsorted", "--ignore-missing", "--stdin", "--encoding=UTF-8")
_FORM = "--format=tformat:%H%x00%(trailers:only,unfold,separator=%x00)"


def trailers(
    repository: Repository, commits: Iterable[str], *keys: str
) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return commit → key → what it says there, in order; all are asked for at one go."""
    told = "".join(f"{commit}\n" for commit in commits).encode()
    if not told:
        return {}
    done = repository.git(*_LISTED, _FORM, input=told, env=READING)
    # Before each comes a line with its id alone.
    rows = [row.split("\0") for row in done.stdout.decode("utf-8", "replace").split("\n") if "\0" in row]
    return {commit: {key: _said(said, key) for key in keys} for commit, *said in rows}


def _said(said: Iterable[str], key: str) -> tuple[str, ...]:
    return tuple(one.removeprefix(f"{key}: ") for one in said if one.startswith(f"{key}: "))
