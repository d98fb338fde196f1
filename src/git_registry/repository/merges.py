"""What merge commits brought in: the second parent of each, and who wrote that."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from git_registry.repository.history import FIELDS
from git_registry.repository.identity import Signature, parse_date
from git_registry.repository.process import READING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from git_registry.repository.repository import Repository

_FIELDS = (FIELDS[0], *FIELDS[2:5])
_LISTED = ("rev-list", "--no-walk=unsorted", "--ignore-missing", "--stdin")


class Brought(NamedTuple):
    """The second parent of a merge.

    Attributes:
        author: who wrote it; None where it is not here.
    """

    commit: str
    author: Signature | None


def merges(repository: Repository, commits: Iterable[str]) -> Mapping[str, Brought]:
    """Return, of those of these commits that have a second parent, what that is.

    All are asked for at one go, and their second parents at another.
    """
    rows = (line.split() for line in _lines(repository, commits, "--parents"))
    seconds = {row[0]: row[2] for row in rows if len(row) > 2}
    authors = dict(_authors(repository, list(dict.fromkeys(seconds.values()))))
    return {commit: Brought(second, authors.get(second)) for commit, second in seconds.items()}


def _authors(repository: Repository, commits: Sequence[str]) -> Iterator[tuple[str, Signature]]:
    if not commits:
        return
    form = "--format=tformat:" + "%x00".join(_FIELDS)
    for line in _lines(repository, commits, "--encoding=UTF-8", "--date=raw", form):
        if "\0" in line:  # before each comes a line with its id alone
            commit, name, email, date = line.split("\0")
            yield commit, Signature(name, email, parse_date(date))


def _lines(repository: Repository, commits: Iterable[str], *options: str) -> list[str]:
    told = "".join(f"{commit}\n" for commit in commits).encode()
    if not told:
        return []
    done = repository.git(*_LISTED, *options, input=told, env=READING)
    return done.stdout.decode("utf-8", "replace").split("\n")[:-1]
