"""A clone as the server would see what comes from it: by the rules that were fetched, and who we say we are.

What it says is advice. The rules may be others by now, and who we are is a claim.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.found import Found, misshapen
from git_registry.catalog.judging.judging import Policy, step_violations
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import Commit
from git_registry.catalog.judging.names import Names
from git_registry.catalog.judging.push import Push, Pushed, judge, policy_on
from git_registry.catalog.judging.ruling import rules_at
from git_registry.catalog.judging.stepping import Stepped, difference
from git_registry.catalog.oneself import me
from git_registry.errors import RegistryError, UsageError
from git_registry.hooks.wording import plain, refusal
from git_registry.policy.refs import Kind, kind_of
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Verdict
from git_registry.repository import remote
from git_registry.repository.objects import EMPTY_TREE
from git_registry.repository.repository import Repository
from git_registry.repository.tips import BRANCHES

Moved: TypeAlias = tuple[str, str | None, str | None]
"""A ref's full name where it is pushed to, the commit it is at there, and the one it shall be at."""

UNKNOWN = (
    "advice: who you are is not known, so nothing is said of what the policy would say; "
    "git config registry.user user:NAME"
)


@dataclass(frozen=True)
class Laptop:
    """Where advice is asked for.

    Attributes:
        catalog: the clone.
        default: the default branch's short name.
        rules: those last fetched; those here where there is no remote. None if there are none yet.
        principal: who we say we are; None if we don't.
    """

    catalog: Catalog
    default: str
    rules: Rules | None
    principal: str | None
    now: datetime

    def on_commit(self) -> Iterator[Found]:
        """Yield what would be wrong with a commit of what is staged."""
        repository, limits = self.catalog.repository, Limits()
        head = repository.head()
        before = self.catalog.reader.root(head.commit) if head.commit else EMPTY_TREE
        staged = repository.git("write-tree").text
        parents = (head.commit,) if head.commit else ()
        commit = Commit("", staged, parents, int(self.now.timestamp()), b"")
        try:
            step = difference(self.catalog, before, staged, limits)
            step = Stepped(commit, step.changes, step.before, step.after)
            for one in step_violations(step, Names(), self._policy(f"{BRANCHES}{head.branch}")):
                yield Found(violation=one)
        except RegistryError as problem:
            yield Found(violation=misshapen(problem))

    def on_push(self, moved: Sequence[Moved]) -> Iterator[Found]:
        """Yield what would be wrong with a push, as far as that is known here; nothing if nobody knows us."""
        if self.rules is not None and self.principal is not None:
            there = {ref: old for ref, old, _ in moved}
            push = self._push(self.rules, there.get)
            yield from judge(push, [(ref, new) for ref, _, new in moved])

    def _policy(self, ref: str) -> Policy:
        kind, project, _ = kind_of(ref, self.default)
        if self.rules is None or self.principal is None:
            kind = Kind.OTHER
        return policy_on(self._push(self.rules or Rules(None)), kind, project)

    def _push(self, rules: Rules, holds: Callable[[str], str | None] | None = None) -> Push:
        pushed = Pushed(principal=self.principal, now=self.now)
        return Push(catalog=self.catalog, rules=rules, default=self.default, pushed=pushed, holds=holds)


def laptop(catalog: Catalog) -> Laptop:
    """Return the clone as advice is asked for there."""
    repository = catalog.repository
    default = remote.default_branch(repository)
    tracking = remote.default_upstream(repository)
    tip = repository.ref(tracking) if tracking else repository.branch(default)
    rules = rules_at(catalog, tip) if tip else None
    return Laptop(catalog, default, rules, me(repository, rules), catalog.clock())


def followed(repository: Repository) -> str | None:
    """Return the remote that has the default branch; None if there is none, or nobody says which that is."""
    try:
        found = remote.destination(repository, remote.default_branch(repository))
    except UsageError:
        return None
    return found.remote if found else None


def word(found: Iterable[Found]) -> str:
    """Return what the server would say, in one word."""
    return Verdict(tuple(one.violation for one in found)).word


def say(found: Iterable[Found], first: str) -> None:
    """Say what is wrong, after a line that says what it means."""
    sys.stderr.write("".join(f"{plain(row)}\n" for row in (f"advice: {first}", *refusal(found))))
