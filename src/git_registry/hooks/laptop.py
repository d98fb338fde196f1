"""A clone as the server would see what comes from it: by the rules that were fetched, and who we say we are.

What it says is advice. The rules may be others by now, and who we are is a claim.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.found import Found, misshapen
from git_registry.catalog.judging.gathering import Gathered
from git_registry.catalog.judging.judging import Policy, judged, step_violations
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import line
from git_registry.catalog.judging.names import Names
from git_registry.catalog.judging.ruling import rules_at
from git_registry.catalog.judging.stepping import Stepped, difference
from git_registry.errors import RegistryError
from git_registry.hooks.wording import plain, refusal
from git_registry.model.events import Event
from git_registry.policy import identities, projects
from git_registry.policy.evaluate import evaluate
from git_registry.policy.refs import Kind, Update, kind_of, may_write
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Verdict, Violation
from git_registry.repository import remote
from git_registry.repository.objects import EMPTY_TREE
from git_registry.repository.repository import Repository
from git_registry.repository.tips import BRANCHES


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
    limits: Limits

    def on_commit(self) -> Iterator[Found]:
        """Yield what would be wrong with a commit of what is staged."""
        repository = self.catalog.repository
        head = repository.head()
        before = self.catalog.reader.root(head.commit) if head.commit else EMPTY_TREE
        staged = repository.git("write-tree").text
        kind, name, _ = kind_of(f"{BRANCHES}{head.branch}", self.default)
        try:
            step = difference(self.catalog, before, staged, self.limits)
            for one in step_violations(step, Names(), self._policy(kind, name)):
                yield Found(violation=one)
        except RegistryError as problem:
            yield Found(violation=misshapen(problem))

    def on_push(self, ref: str, old: str | None, new: str | None) -> Iterator[Found]:
        """Yield what would be wrong with a push of one ref, as far as that is known here.

        Args:
            ref: its full name there.
            old: the commit that it is at there, None if it isn't there; has to be here as well.
            new: the one it shall be at; None if it shall go.
        """
        if self.rules is None:
            return
        kind, name, _ = kind_of(ref, self.default)
        try:
            for at, one in self._pushed(kind, name, Update(ref=ref, old=old, new=new)):
                yield Found(violation=one, ref=ref, commit=at)
        except RegistryError as problem:
            yield Found(violation=misshapen(problem), ref=ref)

    def _pushed(self, kind: Kind, name: str, update: Update) -> Iterator[tuple[str, Violation]]:
        steps = None
        if update.new is not None and kind in (Kind.DEFAULT, Kind.PROJECT):
            steps = line(self.catalog.reader, update.new, update.old, self.limits)
            update = replace(update, forward=steps.forward)
        if self.principal is not None and self.rules is not None:
            yield from (("", one) for one in may_write(self.rules, self.principal, update, self.default))
        if steps is not None and steps.forward:
            policy = self._policy(kind, name)
            yield from judged(self.catalog, steps.before, steps.steps, policy, self.limits)

    def _policy(self, kind: Kind, name: str) -> Policy:
        def policy(step: Stepped, events: tuple[Event, ...]) -> Verdict:
            if self.rules is None or self.principal is None:
                return Verdict()
            if kind is Kind.PROJECT:
                return projects.evaluate(self.rules, name, events, self.principal)
            if kind is not Kind.DEFAULT:
                return Verdict()
            evidence = Gathered(
                catalog=self.catalog,
                commit=step.commit,
                principal=self.principal,
                now=self.now,
                limits=self.limits,
            )
            return evaluate(self.rules, events, *step.snapshots, evidence)

        return policy


def laptop(catalog: Catalog) -> Laptop:
    """Return the clone as advice is asked for there."""
    repository = catalog.repository
    default = remote.default_branch(repository)
    tracking = remote.default_upstream(repository)
    tip = repository.ref(tracking) if tracking else repository.branch(default)
    rules = rules_at(catalog, tip) if tip else None
    me = _me(repository, rules)
    return Laptop(catalog, default, rules, me, catalog.clock(), Limits())


def followed(repository: Repository) -> str | None:
    """Return the remote that has the default branch; None if there is none."""
    found = remote.destination(repository, remote.default_branch(repository))
    return found.remote if found else None


def _me(repository: Repository, rules: Rules | None) -> str | None:
    said = repository.config("registry.user")
    email = repository.config("user.email")
    if said or not email or rules is None:
        return said
    try:
        return identities.by_email(rules.organization(), email)
    except RegistryError:
        return None


def word(found: Iterable[Found]) -> str:
    """Return what the server would say, in one word."""
    return Verdict(tuple(one.violation for one in found)).word


def say(found: Iterable[Found], first: str) -> None:
    """Say what is wrong, after a line that says what it means."""
    sys.stderr.write("".join(f"{plain(row)}\n" for row in (f"advice: {first}", *refusal(found))))
