"""How far a repository has answered its events: a ref that only the repository itself moves.

It stands at a step of the default branch. What happened up to that has been answered, or is recorded to be;
what happened after it has not been looked at. Nobody may push it: `policy.refs` knows no such ref.
"""

from __future__ import annotations

from git_registry.errors import Conflict
from git_registry.repository.objects import NOTHING
from git_registry.repository.refs import RefMoved
from git_registry.repository.repository import Repository

CURSOR = "refs/registry/dispatched"

STARTING = "automations.starting"
"""A file beside the queue, locked by who was started to look, and has not begun: nobody else need be.

Whoever starts them locks it and hands it on as standard input.
"""


def read(repository: Repository) -> str | None:
    """Return the step that was answered last; None if nobody ever looked."""
    return repository.ref(CURSOR)


def begin(repository: Repository, commit: str) -> bool:
    """Have what happens after a commit be answered, unless something is answered already; tell whether."""
    if read(repository) is not None:
        return False
    try:
        move(repository, old=None, new=commit)
    except RefMoved:
        return False
    return True


def move(repository: Repository, *, old: str | None, new: str) -> None:
    """Move the cursor on, by Git's own compare-and-swap: hooks do it too, and import no library.

    Raises:
        RefMoved: somebody else moved it.
        Conflict: it can't be moved.
    """
    moved = repository.git("update-ref", CURSOR, new, old or NOTHING, check=False)
    if moved.code == 0:
        return
    found = read(repository)
    if found != old:
        raise RefMoved(CURSOR, found)
    raise Conflict(f"it can't be moved: {moved.stderr}", where=CURSOR)
