"""What a clone's hooks ask beforehand: what would be wrong with a commit, and with a push."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from git_registry.catalog.judging.found import Found, misshapen
from git_registry.catalog.judging.judging import Policy, step_violations
from git_registry.catalog.judging.laptop import Laptop
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import Commit
from git_registry.catalog.judging.push import Push, Pushed, judge, policy_on
from git_registry.catalog.judging.stepping import Stepped, difference
from git_registry.catalog.names import Names
from git_registry.catalog.review_refs import PROPOSALS
from git_registry.errors import RegistryError, UsageError
from git_registry.policy.refs import Kind, kind_of
from git_registry.policy.rules import Rules
from git_registry.repository.objects import EMPTY_TREE
from git_registry.repository.repository import Repository
from git_registry.repository.tips import BRANCHES

Moved: TypeAlias = tuple[str, str | None, str | None]
"""A ref's full name where it is pushed to, the commit it is at there, and the one it shall be at."""

_FOR_REVIEW = "refs/for/"
"""Where Gerrit, Gitea and Forgejo take a commit that shall be reviewed; no ref of that name comes to be."""


def on_commit(here: Laptop) -> Iterator[Found]:
    """Yield what would be wrong with a commit of what is staged."""
    repository, reader, limits = here.catalog.repository, here.catalog.reader, Limits()
    head = repository.head()
    before = reader.root(head.commit) if head.commit else EMPTY_TREE
    staged = repository.git("write-tree").text
    parents = (head.commit,) if head.commit else ()
    commit = Commit("", staged, parents, int(here.now.timestamp()), b"")
    try:
        step = difference(here.catalog, before, staged, limits)
        step = Stepped(commit, step.changes, step.before, step.after)
        for one in step_violations(step, Names(), _policy(here, f"{BRANCHES}{head.branch}")):
            yield Found(violation=one)
    except RegistryError as problem:
        yield Found(violation=misshapen(problem))


def on_push(here: Laptop, moved: Sequence[Moved]) -> Iterator[Found]:
    """Yield what would be wrong with a push, as far as that is known here; nothing if nobody knows us.

    What is pushed for review is judged when it is merged: a host that has such refs makes a request of it.
    """
    moved = [one for one in moved if not one[0].startswith(_FOR_REVIEW)]
    if here.rules is not None and here.principal is not None:
        there = {ref: old for ref, old, _ in moved}
        push = _push(here, here.rules, there.get)
        yield from judge(push, [(ref, new) for ref, _, new in moved])


def _policy(here: Laptop, ref: str) -> Policy:
    kind, project, _ = kind_of(ref, here.default)
    if here.rules is None or here.principal is None:
        kind = Kind.OTHER
    return policy_on(_push(here, here.rules or Rules(None)), kind, project)


def _push(here: Laptop, rules: Rules, holds: Callable[[str], str | None] | None = None) -> Push:
    pushed = Pushed(principal=here.principal, now=here.now)
    return Push(
        catalog=here.catalog,
        rules=rules,
        default=here.default,
        pushed=pushed,
        holds=holds,
        proposals=_proposals(here.catalog.repository),
    )


def _proposals(repository: Repository) -> str:
    """Return below which refs the proposals are whose owners count: those that were fetched."""
    from git_registry.catalog.proposals import below  # it looks at approvals, which most pushes have none of

    try:
        return below(repository)
    except UsageError:
        return PROPOSALS  # they are not fetched
