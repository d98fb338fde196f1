"""A clone's pre-push hook: nothing is published that names blobs which still wait here for the store.

`git registry sync` uploads before it pushes, so this stops whoever pushes by hand. It needs nothing but the
clone. What can't be read refuses the push. With `--advice` so does what the server would refuse, as far as it
is known here; `git push --no-verify` goes past it, and the server decides.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from git_registry.catalog import pending
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.beforehand import Moved, on_push
from git_registry.catalog.judging.found import verdict
from git_registry.catalog.judging.laptop import followed, laptop
from git_registry.errors import Refused, RegistryError
from git_registry.hooks.advice import UNKNOWN, say
from git_registry.hooks.clock import clock
from git_registry.policy import identities
from git_registry.repository import remote
from git_registry.repository.objects import NOTHING
from git_registry.repository.repository import Repository

"""What git says in place of a commit where there is none (githooks(5))."""

ADVICE = "--advice"
"""The first word for a hook that says as well what the server would say."""


def main() -> int:
    """Judge the push that git tells of on standard input; return the exit code."""
    try:
        repository, told = Repository.open(), sys.stdin.readlines()
        judge(repository, told)
        if sys.argv[1:2] == [ADVICE] and sys.argv[2:3] == [followed(repository)]:
            return advise(repository, told)
    except RegistryError as error:
        sys.stderr.write(f"error: {error}\n")
        if error.hint:
            sys.stderr.write(f"hint: {error.hint}\n")
        return error.exit_code
    return 0


def judge(repository: Repository, told: Iterable[str]) -> None:
    """Look at each ref that would be pushed: `<ref here> <commit> <ref there> <commit there>`.

    Raises:
        Refused: a commit that is new there names blobs that still wait here.
    """
    if pending.waiting(repository).is_empty():
        return
    for tip, there in _pushed(told):
        if _is_commit(repository, tip):
            pending.require_none(repository, tip, since=_published(repository, there))


def advise(repository: Repository, told: Iterable[str]) -> int:
    """Say what the server would refuse, as far as that can be known here, and return 4 if there is any."""
    with Catalog(repository=repository, branch=None, clock=clock) as catalog:
        here = laptop(catalog)
        # Where somebody else pushed meanwhile, git will say so.
        moved = [one for one in _moved(told) if one[1] is None or _is_commit(repository, one[1])]
        found = tuple(on_push(here, moved))
    if here.rules is not None and here.principal is None:
        sys.stderr.write(f"{UNKNOWN}\n")
    if not found:
        return 0
    word = verdict(found).word
    say(found, f"the server would say to this push, as far as is known here: {word}")
    own = identities.ref_name(here.principal) if here.principal else None
    if word == "needs approval" and own:
        sys.stderr.write("hint: `git registry propose` asks for it\n")
    sys.stderr.write("hint: `git push --no-verify` asks the server itself\n")
    return Refused.exit_code


def _moved(told: Iterable[str]) -> Iterator[Moved]:
    for line in filter(str.strip, told):
        _, new, ref, old = line.split()
        yield ref, None if old == NOTHING else old, None if new == NOTHING else new


def _pushed(told: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in filter(str.strip, told):  # another hook may hand on an empty line where git told nothing
        _, tip, _, there = line.split()
        if tip != NOTHING:
            yield tip, there


def _published(repository: Repository, there: str) -> str | None:
    """Return what the remote's ref is at, or for a new one what the default branch's upstream is at.

    What somebody else pushed meanwhile may not be here; then the whole line is looked at.
    """
    if there != NOTHING:
        return there if _is_commit(repository, there) else None
    tracking = remote.default_upstream(repository)
    return repository.ref(tracking) if tracking else None


def _is_commit(repository: Repository, name: str) -> bool:
    return repository.git("cat-file", "-e", f"{name}^{{commit}}", check=False).code == 0


if __name__ == "__main__":
    sys.exit(main())
