"""A clone as the server would see what comes from it: by the rules that were fetched, and who we say we are.

What it says is advice. The rules may be others by now, and who we are is a claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.gathering import Gathered
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import read_commit
from git_registry.catalog.judging.ruling import rules_at
from git_registry.catalog.oneself import me
from git_registry.errors import UsageError
from git_registry.model.snapshot import Snapshot
from git_registry.policy import projects
from git_registry.policy.evaluate import evaluate
from git_registry.policy.refs import Kind, Update, kind_of, may_write
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Violation
from git_registry.repository import remote
from git_registry.repository.repository import Repository
from git_registry.repository.tips import BRANCHES

if TYPE_CHECKING:
    from git_registry.catalog.transaction import Outcome  # a hook writes nothing

_STEPWISE = (Kind.DEFAULT, Kind.PROJECT)


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

    def on_written(self, outcome: Outcome) -> Iterator[Violation]:
        """Yield what the policy has against a step that a verb wrote here, whose form is right already.

        Nothing if nobody knows us, or if it is on a branch where nobody judges steps.
        """
        ref = f"{BRANCHES}{outcome.branch}"
        kind, project, _ = kind_of(ref, self.default)
        if self.rules is None or self.principal is None or outcome.commit is None or kind not in _STEPWISE:
            return
        limits = Limits()
        commit = read_commit(self.catalog.reader, outcome.commit, limits)
        parent = next(iter(commit.parents), None)
        update = Update(ref=ref, old=parent, new=commit.id)
        yield from may_write(self.rules, self.principal, update, self.default)
        if kind is Kind.PROJECT:
            yield from projects.evaluate(self.rules, project, outcome.events, self.principal).violations
            return
        before, after = (Snapshot(self.catalog.tree(one)) for one in (parent, commit.id))
        # What was written a moment ago nobody can have approved.
        evidence = Gathered(self.catalog, commit, self.principal, self.now, limits, by_refs=False)
        yield from evaluate(self.rules, outcome.events, before, after, evidence).violations


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
