"""Starts, in the background, whoever answers what a push did to the default branch.

It is a process of its own that outlives the push, so nobody who pushes waits for a receiver. Whether it comes
to its end matters little: who is started next finds what it left.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TextIO

from git_registry.catalog import cursor, local
from git_registry.catalog.push_lines import Moved
from git_registry.errors import Conflict
from git_registry.policy.settings import AUTOMATIONS, TIMER
from git_registry.repository import bulk
from git_registry.repository.locks import appending, taken
from git_registry.repository.objects import LARGEST_TREE, TreeEntry, parse_tree
from git_registry.repository.process import without_redirection
from git_registry.repository.repository import Repository

STAY = "900"
"""Seconds for which it waits for receivers that fail; after that, for the next push or a timer."""

LOG = "automations.log"
_LARGEST_LOG = 1 << 20
_AUTOMATIONS = "automations"
_OF_THE_PUSH = ("GIT_PUSH_", "GIT_PROTOCOL")


def answer(repository: Repository, moved: Moved, environ: Mapping[str, str]) -> bool:
    """Start answering what a push did to the default branch, if anything may follow; tell whether.

    Where a timer does that, nothing is started, and the cursor begins all the same.

    The cursor begins here, before whatever the next push does. So the first automation counts as any other
    does: from the step on that creates it.

    Args:
        repository: what was pushed to.
        moved: where its default branch went.
        environ: the hook's environment: the secrets may be in it.
    """
    if moved.new is None or not _may_follow(repository, moved.new):
        return False
    cursor.begin(repository, moved.old or moved.new)
    if repository.config(AUTOMATIONS) == TIMER:
        return False
    _start(repository, environ)
    return True


def _may_follow(repository: Repository, commit: str) -> bool:
    """Is there any automation, or was there one? Once a cursor is there, nobody needs to look for them."""
    if cursor.read(repository):
        return True
    with repository.reader() as reader:
        directories = _directories([reader.tree(reader.root(commit))])
    # All at once: one by one, those of a large organization would take seconds.
    for _ in ("registries", "collections"):
        texts = bulk.trees(repository, [one.id for one in directories], at_most=LARGEST_TREE)
        directories = _directories(parse_tree(text) for _, text in texts if text)
        if any(one.name == _AUTOMATIONS for one in directories):
            return True
    return False


def _directories(trees: Iterable[Iterable[TreeEntry]]) -> list[TreeEntry]:
    return [entry for tree in trees for entry in tree if entry.is_tree]


def _start(repository: Repository, environ: Mapping[str, str]) -> None:
    """Start whoever looks, unless somebody was started who has not begun: they will see this push, too."""
    directory = local.directory(repository)
    directory.mkdir(exist_ok=True)
    with contextlib.suppress(Conflict), taken(directory / cursor.STARTING, seconds=0) as starting:
        where = str(repository.gitdir.absolute())
        command = [sys.executable, "-I", "-m", "git_registry.cli", "-C", where, "automation", "run", "--log"]
        with _log(directory) as log:
            # Who pushes is let go once nobody holds what their client reads from.
            subprocess.Popen(
                [*command, "--stay", STAY],
                stdin=starting,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(environ),
                start_new_session=True,
            )


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what is about this push, and without where its objects lay."""
    kept = without_redirection(environ)
    return {name: value for name, value in kept.items() if not name.startswith(_OF_THE_PUSH)}


def _log(directory: Path) -> TextIO:
    """Open the file that takes what is said, for its owner alone; a large one is put aside."""
    path = directory / LOG
    if path.exists() and path.stat().st_size > _LARGEST_LOG:
        path.replace(path.with_suffix(".log.old"))
    return appending(path, 0o600)
