"""A push as a server's hook sees it, judged; `pre-receive` and `update` differ in how they are told of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from git_registry.catalog.catalog import Catalog, Reach
from git_registry.catalog.judging.found import Found
from git_registry.catalog.judging.push import Push, Pushed, judge
from git_registry.catalog.judging.ruling import rules_at
from git_registry.errors import Refused
from git_registry.hooks import bounds
from git_registry.hooks.clock import clock
from git_registry.hooks.identity.adapters import identify
from git_registry.hooks.rescuing import who
from git_registry.hooks.wording import plain, refusal
from git_registry.policy.rules import Rules
from git_registry.policy.settings import ACCOUNTS, APPROVALS, FORGE, HOOK_SECONDS, IDENTITY, RESCUE
from git_registry.repository.repository import Repository

NOTHING = "0" * 40
"""What git says in place of an id where there is none (githooks(5))."""


def gate(wanted: Sequence[tuple[str, str]], arguments: Sequence[str]) -> int:
    """Judge what a push would make of some refs, and say why not; return the exit code.

    Args:
        wanted: each ref's full name, and the id that it would hold.
        arguments: the hook's own.
    """
    if os.environ.get("GIT_NAMESPACE"):
        # Refs would be read here, and written elsewhere (gitnamespaces(7)).
        raise Refused("a repository in a namespace can't be judged", where="GIT_NAMESPACE")
    repository = Repository.open_in_hook()
    seconds = repository.config(HOOK_SECONDS)
    if seconds and seconds.isdecimal() and int(seconds):
        bounds.allow(int(seconds))
    found = tuple(judgement(repository, wanted, os.environ, arguments))
    if not found:
        return 0
    # GitLab shows a person on the web only what begins so.
    mark = "GL-HOOK-ERR: " if repository.config(IDENTITY) == "gitlab" else ""
    for row in refusal(found):
        sys.stderr.write(f"{mark}{plain(row)}\n")
    return Refused.exit_code


def judgement(
    repository: Repository,
    wanted: Sequence[tuple[str, str]],
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
        rules = rules_at(catalog, repository.branch(head.branch), rescue=rescue)
        pushed = _pushed(repository, rules, environ, arguments)
        push = Push(catalog=catalog, rules=rules, default=head.branch, pushed=pushed)
        return list(judge(push, [(ref, None if new == NOTHING else new) for ref, new in wanted]))


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
    )
