"""What merging a proposal would do now, and what a server would say to whoever merges it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.comparing import compared
from git_registry.catalog.judging.gathering import Gathered
from git_registry.catalog.judging.judging import decision, step_violations
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import Commit, require_sound
from git_registry.catalog.judging.stepping import Stepped, difference
from git_registry.catalog.names import Names
from git_registry.catalog.review_refs import PROPOSALS
from git_registry.model.diff import meaning
from git_registry.model.diff.step import Step
from git_registry.model.events import Event
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Verdict, Violation
from git_registry.repository import history
from git_registry.repository.merged import merged_tree


@dataclass(frozen=True)
class Foreseen:
    """The step that a merge would be, whoever makes it.

    Attributes:
        rules: those at `base`.
        base: the commit that the default branch is at.
        head: the commit that would be merged into it.
        proposals: below which refs proposals are in this repository.
    """

    catalog: Catalog
    rules: Rules
    base: str
    head: str
    now: datetime
    proposals: str = PROPOSALS
    limits: Limits = field(default_factory=Limits)

    @cached_property
    def tree(self) -> str:
        """Return what it makes.

        Raises:
            Conflict: it can't be merged as it is.
            InvalidDocument: what is proposed is too much to be looked at.
        """
        # Git would look at all of it before it tells anything: twelve trees can hold 10^10 files.
        since = history.merge_base(self.catalog.repository, self.base, self.head)
        if since is not None:
            read = self.catalog.reader.root
            compared(self.catalog, [(read(since), read(self.head))], self.limits)
        return merged_tree(self.catalog.repository, self.base, self.head)

    @cached_property
    def step(self) -> Stepped:
        """Return what it changes; raise as `tree` does, and `InvalidDocument` if that is too much."""
        return difference(self.catalog, self.catalog.reader.root(self.base), self.tree, self.limits)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Return what it does; raise as `step` does."""
        return meaning(Step(*self.step.snapshots, self.step.changes)).events

    def violations(self, principal: str | None) -> tuple[Violation, ...]:
        """Return what is wrong with it if a principal merges it.

        Raises as `step` does, and `InvalidDocument` where a commit that it brings is malformed.
        """
        require_sound(self.catalog, self.head, [self.base], self.limits)
        return tuple(self._violations(principal))

    def _violations(self, principal: str | None) -> Iterator[Violation]:
        def policy(step: Stepped, events: tuple[Event, ...]) -> Verdict:
            return decision(self.rules, step, events, self.evidence(principal))

        yield from step_violations(self.step, Names(), policy)

    def evidence(self, principal: str | None) -> Gathered:
        """Return what it is judged by, besides the rules, if a principal merges it."""
        tree = ""  # no commit has it yet, and nobody who judges asks for it
        return Gathered(
            catalog=self.catalog,
            commit=Commit("", tree, (self.base, self.head), 0, b""),
            principal=principal,
            now=self.now,
            limits=self.limits,
            proposals=self.proposals,
        )
