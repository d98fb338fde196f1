"""A push as a server's hook sees it, judged; `pre-receive` and `update` differ in how they are told of it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from git_registry.catalog.catalog import Catalog, Reach
from git_registry.catalog.judging.found import Found, verdict
from git_registry.catalog.judging.push import Push, Pushed, judge
from git_registry.catalog.judging.ruling import rules_at
from git_registry.errors import Refused
from git_registry.hooks import bounds
from git_registry.hooks.clock import clock
from git_registry.hooks.identity.adapters import identify
from git_registry.hooks.wording import refusal, tell
from git_registry.policy.identities import who
from git_registry.policy.rules import Rules
from git_registry.policy.settings import (
    ACCOUNTS,
    APPROVALS,
    FOR_REVIEW,
    FORGE,
    HOOK_SECONDS,
    IDENTITY,
    PROC_RECEIVE,
    RESCUE,
)
from git_registry.policy.verdict import Violation
from git_registry.repository.objects import NOTHING
from git_registry.repository.repository import Repository
from git_registry.repository.tips import BRANCHES, OVERTAKEN


class Wanted(NamedTuple):
    """What a push would make of a ref.

    Attributes:
        ref: its full name.
        new: the id that it would hold.
        old: the id that it holds, as the client claims; None if nobody claims anything.
    """

    ref: str
    new: str
    old: str | None = None


def gate(wanted: Sequence[Wanted], arguments: Sequence[str]) -> int:
    """Judge what a push would make of some refs, and say why not; return the exit code.

    Args:
        wanted: the refs.
        arguments: the hook's own.
    """
    if os.environ.get("GIT_NAMESPACE"):
        # Refs would be read here, and written elsewhere (gitnamespaces(7)).
        raise Refused("a repository in a namespace can't be judged", where="GIT_NAMESPACE")
    repository = Repository.open_in_hook()
    seconds = repository.config(HOOK_SECONDS)
    if seconds is not None:
        bounds.allow(seconds)
    found = tuple(judgement(repository, wanted, os.environ, arguments))
    tell(*refusal(found))
    if found and verdict(found).word == "needs approval":
        tell("hint: `git registry propose` puts it on a branch of your own, and asks for it")
    return Refused.exit_code if found else 0


def judgement(
    repository: Repository,
    wanted: Sequence[Wanted],
    environ: Mapping[str, str],
    arguments: Sequence[str] = (),
) -> list[Found]:
    """Return all that is wrong with a push.

    Raises:
        Refused: nobody can say who pushes.
    """
    head = repository.head()
    if head.branch is None:
        raise Refused(
            "HEAD names no branch, so there is no default branch",
            where=str(repository.gitdir),
            hint="on the server: git symbolic-ref HEAD refs/heads/main",
        )
    rescue = frozenset(repository.config_all(RESCUE))
    with Catalog(repository=repository, branch=head.branch, clock=clock, reach=Reach.OFFLINE) as catalog:
        default = f"{BRANCHES}{head.branch}"
        held = {ref: repository.ref(ref) for ref in dict.fromkeys([default, *(one.ref for one in wanted)])}
        moved = [one for one in wanted if _has_moved(one, held[one.ref])]
        if moved:
            return [_elsewhere(one, held[one.ref]) for one in moved]
        rules = rules_at(catalog, held[default], rescue=rescue)
        pushed = _pushed(repository, rules, environ, arguments)
        push = Push(
            catalog=catalog, rules=rules, default=head.branch, pushed=pushed, holds=held.get, at_server=True
        )
        return list(judge(push, [(one.ref, None if one.new == NOTHING else one.new) for one in wanted]))


def _has_moved(wanted: Wanted, held: str | None) -> bool:
    """Does a ref hold something else than the client claims?

    Git moves it if it holds what was claimed by then; judged is what it holds now. Only if both are the same
    is what was judged what happens, whoever pushes meanwhile. A deletion is judged by the name alone, for git
    lets one pass that claims what never was.
    """
    return wanted.old is not None and wanted.new != NOTHING and wanted.old != (held or NOTHING)


def _elsewhere(wanted: Wanted, held: str | None) -> Found:
    now = f"is at {held[:8]}" if held else "isn't there"
    return Found(
        violation=Violation(
            rule="ref",
            message=f"it {now}, and the push says otherwise: {OVERTAKEN}",
            path=wanted.ref,
            hint="git fetch, and look; then push again",
        ),
        ref=wanted.ref,
    )


def _pushed(
    repository: Repository, rules: Rules, environ: Mapping[str, str], arguments: Sequence[str]
) -> Pushed:
    setting, accounts = repository.config(IDENTITY), repository.config(ACCOUNTS)
    pusher = identify(setting or "", environ, accounts, arguments)
    request = pusher.request if repository.config(APPROVALS) == FORGE else None
    return Pushed(
        principal=who(rules, pusher.account),
        account=pusher.account,
        now=clock(),
        merges_request=request is not None,
        must_merge=request is not None and not request.certain,
        # Git itself would write such refs where nobody deals with them.
        may_ask=pusher.may_ask and FOR_REVIEW in repository.config_all(PROC_RECEIVE),
    )
