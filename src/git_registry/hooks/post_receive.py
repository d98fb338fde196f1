"""A server's post-receive hook: notes in the push log who pushed what, and when, and has that answered.

The refs have moved; nothing here can undo that, and nothing that goes wrong here fails the push.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import FrameType

from git_registry.catalog.catalog import Catalog, Reach
from git_registry.catalog.judging.ruling import rules_at
from git_registry.catalog.push_lines import CERTAIN, PERHAPS, Moved, Push
from git_registry.catalog.pushes import note
from git_registry.errors import RegistryError
from git_registry.hooks.answering import answer
from git_registry.hooks.clock import clock
from git_registry.hooks.identity.adapters import identify
from git_registry.hooks.identity.pusher import Pusher
from git_registry.hooks.wording import plain
from git_registry.policy.identities import rescues, who
from git_registry.policy.settings import ACCOUNTS, APPROVALS, FORGE, IDENTITY, RESCUE
from git_registry.repository.objects import NOTHING
from git_registry.repository.repository import Repository

MOST_REFS = 10_000
"""Of one push; of those beyond it is noted how many there were."""

_LONGEST = 30
"""Seconds until something is given up: a note that can't be written, or a look for automations."""


def main() -> int:
    """Note the push that git tells of on standard input; say what went wrong, and return 0."""
    told = sys.stdin.buffer.read().decode("utf-8", "surrogateescape").splitlines()
    with _warning("this push is not in the push log"):
        repository = Repository.open_in_hook()
        note(repository, noticed(repository, told, os.environ, sys.argv[1:]))
    with _warning("no automation is started by this push"):
        repository = Repository.open_in_hook()
        default = repository.symbolic("HEAD")
        for moved in map(_moved, told):
            if moved.ref == default:
                answer(repository, moved, os.environ)
    return 0


@contextlib.contextmanager
def _warning(what: str) -> Iterator[None]:
    """Say what does not happen if something goes wrong, or takes too long."""
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(_LONGEST)
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the refs have moved, whatever it is
        sys.stderr.write(f"warning: {what}: {_said(error)}\n")
    finally:
        signal.alarm(0)


def _said(error: Exception) -> str:
    """Return what went wrong, and of a path what is inside the repository: who pushes need not know where."""
    if isinstance(error, OSError) and error.filename:
        error = RegistryError(error.strerror or "it can't be used", where=os.fsdecode(error.filename))
    return plain(str(error).replace(f"{Path.cwd()}/", ""))


def noticed(
    repository: Repository, told: Iterable[str], environ: Mapping[str, str], arguments: Iterable[str] = ()
) -> Push:
    """Return what the server knows of a push.

    Args:
        repository: what was pushed to.
        told: a line `<old> <new> <ref>` for each ref that moved.
        environ: the hook's environment.
        arguments: the hook's own.
    """
    default = repository.symbolic("HEAD")
    moved = sorted(map(_moved, told), key=lambda one: one.ref != default)
    pusher = _pusher(repository, environ, tuple(arguments))
    before = moved[0].old if moved and moved[0].ref == default else repository.ref("HEAD")
    request = pusher.request if pusher else None
    principal, rescued = _believed(repository, before, pusher)
    return Push(
        at=clock(),
        principal=principal,
        adapter=repository.config(IDENTITY) or "",
        account=pusher.account if pusher else None,
        merges="" if request is None else CERTAIN if request.certain else PERHAPS,
        rescued=rescued,
        forge=repository.config(APPROVALS) == FORGE,
        refs=tuple(islice(moved, MOST_REFS)),
        omitted=max(0, len(moved) - MOST_REFS),
    )


def _moved(told: str) -> Moved:
    old, new, ref = told.split(" ", 2)
    return Moved(ref, None if old == NOTHING else old, None if new == NOTHING else new)


def _pusher(repository: Repository, environ: Mapping[str, str], arguments: tuple[str, ...]) -> Pusher | None:
    """Return who pushed; None, and say so, if nobody can tell: then no `pre-receive` of ours has looked."""
    try:
        setting, accounts = repository.config(IDENTITY), repository.config(ACCOUNTS)
        return identify(setting or "", environ, accounts, arguments)
    except RegistryError as error:
        sys.stderr.write(f"warning: the push log does not say who pushed: {plain(str(error))}\n")
        return None


def _believed(repository: Repository, before: str | None, pusher: Pusher | None) -> tuple[str | None, bool]:
    """Return who that is by the rules that the push was judged by, those before it; and was it a rescue?"""
    if pusher is None:
        return None, False
    rescue = frozenset(repository.config_all(RESCUE))
    with Catalog(repository=repository, branch=None, clock=clock, reach=Reach.OFFLINE) as catalog:
        try:
            rules = rules_at(catalog, before, rescue=rescue)
            principal = who(rules, pusher.account)
            return principal, rescues(rules, principal)
        except RegistryError:
            return None, False


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"it took more than {_LONGEST} seconds")


if __name__ == "__main__":
    sys.exit(main())
