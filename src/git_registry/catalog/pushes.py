"""The push log: what only the server knew of a push, one commit each on `refs/registry/pushes`.

A commit's message is a subject for people and one line of JSON. It is written after the refs moved, by the
server alone, and read to ask later whether history obeys.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from git_registry.catalog.push_lines import Push, line, parse
from git_registry.errors import Conflict, InvalidDocument
from git_registry.repository.history import Step, steps
from git_registry.repository.identity import Signature
from git_registry.repository.objects import EMPTY_TREE, NOTHING
from git_registry.repository.refs import pause
from git_registry.repository.repository import Repository

__all__ = ["LOG", "Push", "Strange", "note", "noted", "pushes"]

LOG = "refs/registry/pushes"
WRITER = ("git-registry", "git-registry@localhost")
"""Who the log's commits are by: they are the server's word, whoever pushed."""

_LONGEST_NAME = 100
_SECONDS = 10.0
_STILL = 40
"""Failures in a row, while the log stays where it is, after which it can't be written at all."""


@dataclass(frozen=True, slots=True)
class Strange:
    """A commit on the log that says something else than the server writes, and what."""

    commit: str
    problem: str


def pushes(repository: Repository) -> Iterator[Push]:
    """Yield every push that was noted, the oldest first; what else is there, `noted` tells."""
    return (one for one in noted(repository) if isinstance(one, Push))


def noted(repository: Repository) -> Iterator[Push | Strange]:
    """Yield every commit of the log, the oldest first; nothing where there is no log."""
    tip = repository.ref(LOG)
    for step in steps(repository, tip, with_changes=False) if tip else ():
        try:
            yield _read(step)
        except InvalidDocument as problem:
            yield Strange(step.commit, str(problem))


def note(repository: Repository, push: Push, *, seconds: float = _SECONDS) -> str:
    """Append a push to the log, after whatever others append at the same time; return the commit.

    Raises:
        Conflict: the log can't be written, or others kept moving it for so long.
    """
    end = time.monotonic() + seconds
    failures, seen = 0, None
    while True:
        tip = repository.ref(LOG)
        failures = failures + 1 if tip == seen else 0
        commit = _commit(repository, push, tip)
        moved = repository.git("update-ref", LOG, commit, tip or NOTHING, check=False)
        if moved.code == 0:
            return commit
        if failures > _STILL or time.monotonic() > end:
            raise Conflict(f"the push can't be noted: {moved.stderr}", where=LOG)
        seen = tip
        pause(failures)


def _commit(repository: Repository, push: Push, tip: str | None) -> str:
    """Write a commit on top of the log, in git's own words: no setting of anybody's says what it holds."""
    if tip is None:
        repository.git("hash-object", "-t", "tree", "-w", "--stdin", input=b"")
    who = Signature(*WRITER, push.at.astimezone(UTC)).line
    head = [f"tree {EMPTY_TREE}", *([f"parent {tip}"] if tip else []), f"author {who}", f"committer {who}"]
    text = "\n".join([*head, "", _subject(push), "", line(push), ""])
    content = text.encode("utf-8", "surrogateescape")
    return repository.git("hash-object", "-t", "commit", "-w", "--stdin", input=content).text


def _subject(push: Push) -> str:
    names = [moved.ref.removeprefix("refs/").removeprefix("heads/") for moved in push.refs]
    more = len(names) + push.omitted - 1
    others = f" and {more} more" if more > 0 else ""
    return f"{push.principal or 'somebody'} pushed {next(iter(names), 'nothing')[:_LONGEST_NAME]}{others}"


def _read(step: Step) -> Push:
    """Return what a commit of the log says.

    Raises:
        InvalidDocument: it is by somebody else, or says something else.
    """
    if (step.committer.name, step.committer.email) != WRITER:
        raise InvalidDocument("somebody else wrote it")
    return parse(step.body)
